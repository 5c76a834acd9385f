namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The distribution function of the standard normal distribution, with all digits of small results; <see cref="NormalCdf"/> is a quicker one.
/// </summary>
public readonly struct Ndtr : IFunction<Ndtr>
{
    /// <inheritdoc/>
    public static string Name => "ndtr";

    /// <inheritdoc/>
    public static int Weight => 60;

    /// <inheritdoc/>
    public static double Value(double x) => x switch
    {
        < -1 => 0.5 * Erfcx.Value(-x * RootHalf) * Chebyshev.ExpOfSquare(x, -0.5),
        > 1 => 1 - Value(-x),
        _ => 0.5 + (0.5 * ErrorFunction.Erf(x * RootHalf)),
    };

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Of(0.39894228040143268) * V.Call<Exp>(x * x * V.Of(-0.5));

    internal const double RootHalf = 0.70710678118654752;
}
