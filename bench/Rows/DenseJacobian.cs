namespace Adjoint.Bench.Rows;

/// <summary>The Jacobian of tanh(W x + b) by x, 256 x 256, float64, by the mode that the planner picks.</summary>
[Row("jacobian-256")]
public sealed class DenseJacobian : Row
{
    public const int Size = 256;

    private readonly Tensor _w;
    private readonly Tensor _b;
    private readonly Tensor _x;

    public DenseJacobian()
    {
        var random = new Random(1);
        double[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => ((2 * random.NextDouble()) - 1) / 16)];
        (W, B, X) = (Draw(Size * Size), Draw(Size), Draw(Size));
        (_w, _b, _x) = (Tensor.FromArray(W, Size, Size), Tensor.FromArray(B), Tensor.FromArray(X));
    }

    /// <summary>The weight, [256, 256].</summary>
    public double[] W { get; }

    /// <summary>The bias.</summary>
    public double[] B { get; }

    /// <summary>The point.</summary>
    public double[] X { get; }

    public override string Unit => "ms";

    public override void Ours() => Jacobian();

    public override double[][] Results() => [Jacobian().ToArray<double>()];

    public override double Tolerance => 1e-12;

    /// <summary>diag(1 - tanh^2) W.</summary>
    public override double[][] Expected()
    {
        var jacobian = new double[Size * Size];
        for (var i = 0; i < Size; i++)
        {
            var sum = B[i];
            for (var j = 0; j < Size; j++)
            {
                sum += W[(i * Size) + j] * X[j];
            }

            for (var j = 0; j < Size; j++)
            {
                jacobian[(i * Size) + j] = (1 - (Math.Tanh(sum) * Math.Tanh(sum))) * W[(i * Size) + j];
            }
        }

        return [jacobian];
    }

    private Tensor Jacobian() => Transform.Jacobian((Tensor x) => (_w.Mv(x) + _b).Tanh(), _x);
}
