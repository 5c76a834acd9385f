namespace Adjoint.Algebra.Functions.Special;

/// <summary>The logarithm of the standard normal distribution function, also where that is too small for a number.</summary>
public readonly struct LogNdtr : IFunction<LogNdtr>
{
    /// <inheritdoc/>
    public static string Name => "log_ndtr";

    /// <inheritdoc/>
    public static string NodeName => "SpecialLogNdtrBackward0";

    /// <inheritdoc/>
    public static int Weight => 70;

    /// <inheritdoc/>
    public static double Value(double x) => x < -1
        ? Math.Log(0.5 * Erfcx.Value(-x * Ndtr.RootHalf)) - (0.5 * x * x)
        : Log1p.Value(-Ndtr.Value(-x));

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Of(0.79788456080286536) / V.Call<Erfcx>(x * V.Of(-Ndtr.RootHalf));
}
