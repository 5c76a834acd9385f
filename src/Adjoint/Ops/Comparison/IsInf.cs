using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>True where the magnitude of x equals y.</summary>
internal readonly record struct IsOfSize : ICompare
{
    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Equal(V.Abs(x), y);
}

/// <content>Infinities.</content>
public sealed partial class Tensor
{
    /// <summary>A bool tensor, true where an element is infinite; nowhere among whole numbers and truth values.</summary>
    public Tensor IsInf() => DType.IsFloatingPoint ? Op.Compare(default(IsOfSize), this, double.PositiveInfinity) : Ne(this);

    /// <summary>A bool tensor, true where an element is positive infinity.</summary>
    public Tensor IsPosInf() => Eq(double.PositiveInfinity);

    /// <summary>A bool tensor, true where an element is negative infinity.</summary>
    public Tensor IsNegInf() => Eq(double.NegativeInfinity);
}
