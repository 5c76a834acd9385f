namespace Adjoint.Bench.Rows;

/// <summary>The time of the first gradient in a fresh process, whose code the JIT has still to compile:
/// the example that PyTorch's notebook begins with.</summary>
[Row("cold-start")]
public sealed class ColdStart : Row
{
    public override string Unit => "ms/process";

    public override ProcessFigure? InProcess => ProcessFigure.FirstCall;

    public override void Ours() => _ = Gradient();

    public override double[][] Results() => [Gradient().To(DType.Float64).ToArray<double>()];

    /// <summary>The derivative of 2 x.x is 4 x.</summary>
    public override double[][] Expected() => [[0, 4, 8, 16]];

    private static Tensor Gradient()
    {
        Tensor x = [0f, 1, 2, 4];
        x.RequiresGrad = true;
        var y = 2 * Tensor.Dot(x, x);
        y.Backward();
        return x.Grad!;
    }
}
