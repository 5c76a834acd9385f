namespace Adjoint.Bench.Rows;

/// <summary>The inner product of two vectors of a million elements, along a dimension. Nothing requires grad.</summary>
[Row("vecdot-1e6-f32", nameof(DType.Float32))]
[Row("vecdot-1e6-f64", nameof(DType.Float64))]
public sealed class InnerProduct : Row
{
    private const int Count = 1_000_000;

    private readonly Tensor _x;
    private readonly Tensor _y;

    public InnerProduct(string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        Element = dtype;
        X = Inputs.Uniform(1, Count, 0, 1);
        Y = Inputs.Uniform(2, Count, 0, 1);
        _x = Inputs.Tensor(X, dtype, 1, Count);
        _y = Inputs.Tensor(Y, dtype, 1, Count);
    }

    public override DType Element { get; }

    /// <summary>The elements of the first vector.</summary>
    public double[] X { get; }

    /// <summary>The elements of the second vector.</summary>
    public double[] Y { get; }

    public override string Unit => "us/call";

    public override void Ours() => Tensor.VecDot(_x, _y);

    public override double[][] Results() => [Inputs.Of(Tensor.VecDot(_x, _y))];
}
