namespace Adjoint.Laws;

/// <summary>Directional derivatives from values alone.</summary>
internal static class Differences
{
    /// <summary>
    /// J t, by differences: the five-point formula, exact for polynomials of degree 4 (M. Abramowitz, I. Stegun, Handbook of Mathematical
    /// Functions, 25.3.6).
    /// </summary>
    public static double[] Push(Func<Tensor[], Tensor> function, Tensor[] inputs, Tensor[] directions, double step)
    {
        double[] At(double length) =>
            function([.. inputs.Zip(directions, (x, t) => x.Detach() + (length * t))]).Detach().ToArray<double>();
        var (b, a, c, d) = (At(-step), At(-2 * step), At(step), At(2 * step));
        var push = new double[a.Length];
        for (var i = 0; i < push.Length; i++)
        {
            push[i] = (a[i] - (8 * b[i]) + (8 * c[i]) - d[i]) / (12 * step);
        }

        return push;
    }
}
