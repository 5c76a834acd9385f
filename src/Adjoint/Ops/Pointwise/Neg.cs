using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>-x.</summary>
internal readonly record struct Neg : IMap
{
    public static Elements Elements => Elements.Numbers;

    public static string? TruthRefusal =>
        "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` " +
        "operator instead. In C#: !x or x.LogicalNot()";

    public V F<V>(V x)
        where V : struct, IReal<V> => -x;

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => -V.One;

    public V I<V>(V x)
        where V : struct, IRing<V> => -x;
}

/// <content>The negative, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>Element by element: -x.</summary>
    public static Tensor operator -(Tensor x)
    {
        Operands.ThrowIfNull(x, nameof(Neg));
        return Op.Map(default(Neg), x);
    }

    /// <summary>The negative, element by element.</summary>
    public Tensor Neg() => Op.Map(default(Neg), this);

    /// <summary>The negative, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Neg_() => Op.MapInPlace(default(Neg), this);
}
