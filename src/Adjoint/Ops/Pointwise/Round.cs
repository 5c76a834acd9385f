using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x rounded to a multiple of a power of 10; its derivative is 0.</summary>
/// <param name="Power">The power, or 1 over it.</param>
/// <param name="IsFraction">The multiple is of 1 over the power.</param>
internal readonly record struct RoundTo(double Power, bool IsFraction) : IMap
{
    public static Domain Domain => new(0.1, 0.9, 0.25, 0.5, 0.75);

    public static bool Selects => true;

    public string GradName => "RoundBackward1";

    public V F<V>(V x)
        where V : struct, IReal<V> => IsFraction
        ? V.Call<Round>(x * V.Of(Power)) / V.Of(Power)
        : V.Call<Round>(x / V.Of(Power)) * V.Of(Power);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Zero;
}

/// <content>Rounding, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The nearest whole number, ties to even, element by element; or the nearest number with so many decimals.</summary>
    /// <param name="decimals">How many decimals are kept; -2 rounds to hundreds. The element is multiplied by the power of 10, rounded and divided,
    /// as in PyTorch, so that results beyond the largest number are not finite.</param>
    /// <exception cref="DTypeException">The elements are truth values, or decimals are asked of whole numbers.</exception>
    public Tensor Round(int decimals = 0) => decimals == 0
        ? Op.Map(default(Map<Round>), this)
        : Op.Map(To10(decimals), NearOne.Real(this, "round_cpu"));

    /// <summary>The nearest whole number or number with so many decimals, in place; see <see cref="Round(int)"/>.</summary>
    /// <param name="decimals">How many decimals are kept.</param>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="DTypeException">The elements are truth values, or decimals are asked of whole numbers.</exception>
    public Tensor Round_(int decimals = 0) => decimals == 0
        ? Op.MapInPlace(default(Map<Round>), this)
        : Op.MapInPlace(To10(decimals), NearOne.Real(this, "round_cpu"));

    private static RoundTo To10(int decimals) => new(Math.Pow(10, Math.Abs((double)decimals)), decimals > 0);
}
