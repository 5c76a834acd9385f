using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>1 over the square root.</summary>
internal readonly record struct Rsqrt : IMap
{
    public static Domain Domain => Domain.Positive;

    public V F<V>(V x)
        where V : struct, IReal<V> => V.One / V.Sqrt(x);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Of(-0.5) * y * y * y;
}

/// <content>1 over the square root.</content>
public sealed partial class Tensor
{
    /// <summary>1 over the square root, element by element.</summary>
    public Tensor Rsqrt() => Op.Map(default(Rsqrt), this);

    /// <summary>1 over the square root, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Rsqrt_() => Op.MapInPlace(default(Rsqrt), this);
}
