using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x, with other numbers for NaN and both infinities; those get no gradient.</summary>
internal readonly record struct NanToNum(double Nan, double PosInf, double NegInf) : IMap
{
    public static bool Selects => true;

    public V F<V>(V x)
        where V : struct, IReal<V>
    {
        var y = V.Select(V.Equal(x, V.Of(double.NegativeInfinity)), V.Of(NegInf), x);
        y = V.Select(V.Equal(x, V.Of(double.PositiveInfinity)), V.Of(PosInf), y);
        return V.Select(V.Equal(x, x), y, V.Of(Nan));
    }

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(V.Less(V.Abs(x), V.Of(double.PositiveInfinity)), V.One, V.Zero);
}

/// <content>Numbers in place of NaN and infinities.</content>
public sealed partial class Tensor
{
    /// <summary>The elements with other numbers for NaN and infinities, which get no gradient; whole numbers as they are.</summary>
    /// <param name="nan">The number for NaN.</param>
    /// <param name="posinf">The number for infinity; the largest of the dtype if null.</param>
    /// <param name="neginf">The number for minus infinity; the least of the dtype if null.</param>
    public Tensor NanToNum(double nan = 0, double? posinf = null, double? neginf = null) =>
        DType.IsFloatingPoint ? Op.Map(Finite(nan, posinf, neginf), this) : Clone();

    /// <summary>Other numbers for NaN and infinities, in place; see <see cref="NanToNum"/>.</summary>
    /// <param name="nan">The number for NaN.</param>
    /// <param name="posinf">The number for infinity; the largest of the dtype if null.</param>
    /// <param name="neginf">The number for minus infinity; the least of the dtype if null.</param>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor NanToNum_(double nan = 0, double? posinf = null, double? neginf = null) =>
        DType.IsFloatingPoint ? Op.MapInPlace(Finite(nan, posinf, neginf), this) : this;

    private NanToNum Finite(double nan, double? posinf, double? neginf) => new(nan, posinf ?? DType.Most, neginf ?? -DType.Most);
}
