namespace Adjoint.GradBench.Modules;

/// <summary>
/// How far a polynomial lies from the sign function: half the sum of (s(t) - x0 - x1 t - x2 t² - ...)² over n points t from -1 to 1.
/// </summary>
public static class LeastSquares
{
    /// <summary>primal, gradient.</summary>
    public static Module Module { get; } = Gradients.Of("llsq", input =>
    {
        var n = input.Whole("n");
        return (input.Vector("x"), x => Value(x, n));
    });

    private static Tensor Value(Tensor x, int n)
    {
        var t = -1 + (Tensor.Arange(n, dtype: DType.Float64) * 2 / (n - 1.0));
        var m = x.Shape[0];
        var powers = m > 1 ? Linalg.Vander(t, m) : Tensor.Ones([n, m], DType.Float64);
        return 0.5 * (t.Sign() - powers.MatMul(x)).Square().Sum();
    }
}
