namespace Adjoint.Bench.Rows;

/// <summary>A matrix product: square, with a vector on the right, or a batch of them. Nothing requires grad.</summary>
[Row("gemm-64-f32", 1, 64, 64, 64, nameof(DType.Float32))]
[Row("gemm-64-f64", 1, 64, 64, 64, nameof(DType.Float64))]
[Row("gemm-256-f32", 1, 256, 256, 256, nameof(DType.Float32))]
[Row("gemm-256-f64", 1, 256, 256, 256, nameof(DType.Float64))]
[Row("gemm-1024-f32", 1, 1024, 1024, 1024, nameof(DType.Float32))]
[Row("gemm-1024-f64", 1, 1024, 1024, 1024, nameof(DType.Float64))]
[Row("gemm-2048-f32", 1, 2048, 2048, 2048, nameof(DType.Float32))]
[Row("gemm-2048-f64", 1, 2048, 2048, 2048, nameof(DType.Float64))]
[Row("gemv-2048-f32", 1, 2048, 2048, 1, nameof(DType.Float32))]
[Row("gemv-2048-f64", 1, 2048, 2048, 1, nameof(DType.Float64))]
[Row("bmm-16x128x64-f32", 16, 128, 64, 128, nameof(DType.Float32))]
[Row("bmm-16x128x64-f64", 16, 128, 64, 128, nameof(DType.Float64))]
public sealed class MatrixProduct : Row
{
    private readonly Tensor _x;
    private readonly Tensor _y;

    public MatrixProduct(int batch, int m, int k, int n, string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        (Batch, M, K, N, Element) = (batch, m, k, n, dtype);
        X = Inputs.Uniform(1, batch * m * k);
        Y = Inputs.Uniform(2, batch * k * n);
        SizesX = batch > 1 ? [batch, m, k] : [m, k];
        SizesY = batch > 1 ? [batch, k, n] : n > 1 ? [k, n] : [k];
        _x = Inputs.Tensor(X, dtype, SizesX);
        _y = Inputs.Tensor(Y, dtype, SizesY);
    }

    public int Batch { get; }

    public int M { get; }

    public int K { get; }

    public int N { get; }

    /// <summary>The elements of the left.</summary>
    public double[] X { get; }

    /// <summary>The elements of the right.</summary>
    public double[] Y { get; }

    public int[] SizesX { get; }

    public int[] SizesY { get; }

    public override DType Element { get; }

    public override string Unit => "us/call";

    // Memory bounds a product with a vector.
    public override double Flops => N == 1 ? 0 : 2.0 * Batch * M * K * N;

    public override void Ours() => _x.MatMul(_y);

    public override double[][] Results() => [Inputs.Of(_x.MatMul(_y))];
}
