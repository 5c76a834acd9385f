using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>True where x equals y.</summary>
internal readonly record struct Eq : ICompare
{
    static bool ICompare.IsOrder => false;

    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Equal(x, y);
}

/// <content>True where x equals y, element by element, broadcast.</content>
public sealed partial class Tensor
{
    /// <summary>Element by element: true where both are equal. With null on a side: whether both are null.</summary>
    public static Tensor operator ==(Tensor? x, Tensor? y) =>
        x is null || y is null ? Numbers.Truth(ReferenceEquals(x, y)) : x.Eq(y);

    /// <summary>A bool tensor, true where x equals y; both broadcast and promote.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Eq(Tensor y) => Op.Compare(default(Eq), this, y);

    /// <summary><see cref="Eq"/>, in place: 1 where it holds and 0 elsewhere, in this tensor's dtype; nothing flows back.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">y does not broadcast to this shape.</exception>
    public Tensor Eq_(Tensor y) => Judged.InPlace(TruthCall.Eq, this, y, Eq(y));
}
