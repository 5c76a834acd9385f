namespace Adjoint.Algebra;

/// <summary>
/// A function of one real number, in one file: its name, its cost, its value, its derivative and, where speed matters, its form for vector lanes.
/// Formulas call it by type, <c>V.Call&lt;Tanh&gt;(x)</c>, and no reader names any function.
/// </summary>
/// <typeparam name="F">The function itself.</typeparam>
/// <example>
/// <code>
/// readonly struct Cube : IFunction&lt;Cube&gt;
/// {
///     public static string Name => "cube";
///     public static double Value(double x) => x * x * x;
///     public static V D&lt;V&gt;(V x, V y) where V : struct, IReal&lt;V&gt; => V.Of(3) * x * x;
/// }
/// </code>
/// </example>
public interface IFunction<F>
    where F : struct, IFunction<F>
{
    /// <summary>The name in formulas, such as <c>tanh</c>.</summary>
    static abstract string Name { get; }

    /// <summary>What an element costs in a loop, measured in additions of float32 that come from the second-level cache.</summary>
    static virtual int Weight => 16;

    /// <summary>The element types it is defined for.</summary>
    static virtual Elements Elements => Elements.Real;

    /// <summary>PyTorch's sentence, without its full stop, where the operator of the function refuses truth values; null if it takes them.</summary>
    static virtual string? TruthRefusal => null;

    /// <summary>PyTorch's name of the derivative's node where it is not the operator's name followed by <c>Backward0</c>.</summary>
    static virtual string? NodeName => null;

    /// <summary>Where tests may draw arguments.</summary>
    static virtual Domain Domain => Domain.Real;

    /// <summary>
    /// The derivative is a choice (0, 1 or a constant by sign), so a zero blocks the gradient even when that is infinite or NaN, as PyTorch's masked
    /// derivatives do.
    /// </summary>
    static virtual bool Selects => false;

    /// <summary>The value, with the special values of C's function where it has that:
    /// the reference of tests, and what lanes do that have no form of their own.</summary>
    static abstract double Value(double x);

    /// <summary>How far lanes may be off from the value, in unit roundoffs (2^-24 in float32, 2^-53 in float64):
    /// two units in the last place unless it says otherwise.</summary>
    static virtual double Error(double x) => 4 * Math.Abs(F.Value(x));

    /// <summary>The derivative dy/dx, from the argument x and the value y.</summary>
    static abstract V D<V>(V x, V y)
        where V : struct, IReal<V>;

    /// <summary>The value of whole numbers, where <see cref="Elements"/> promises one.</summary>
    static virtual V I<V>(V x)
        where V : struct, IRing<V> => throw new NotSupportedException("This function has no value for whole numbers.");

    /// <summary>The values of float32 lanes.</summary>
    internal static virtual L Single<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged => Lanes.Each<F, L, T>(x);

    /// <summary>The values of float64 lanes.</summary>
    internal static virtual L Double<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged => Lanes.Each<F, L, T>(x);
}
