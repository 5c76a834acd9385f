using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>|x|; its derivative at 0 and at NaN is 0, as PyTorch has it.</summary>
internal readonly record struct Abs : IMap
{
    public static Elements Elements => Elements.Numbers;

    public static string? TruthRefusal => "\"abs_cpu\" not implemented for 'Bool'";

    public static Domain Domain => Domain.NonZero;

    public V F<V>(V x)
        where V : struct, IReal<V> => V.Abs(x);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Sign(x);

    public V I<V>(V x)
        where V : struct, IRing<V> => V.Abs(x);
}

/// <content>The magnitude, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The magnitude, element by element.</summary>
    public Tensor Abs() => Op.Map(default(Abs), this);

    /// <summary>The magnitude, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Abs_() => Op.MapInPlace(default(Abs), this);
}
