using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x * x.</summary>
internal readonly record struct Square : IMap
{
    public static Elements Elements => Elements.Numbers;

    /// <summary>PyTorch computes it as a power and records that.</summary>
    public string GradName => "PowBackward0";

    public V F<V>(V x)
        where V : struct, IReal<V> => x * x;

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => x + x;

    public V I<V>(V x)
        where V : struct, IRing<V> => x * x;
}

/// <content>The square, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The square, element by element; truth values count as 0 and 1.</summary>
    public Tensor Square() => Op.Map(default(Square), DType == DType.Bool ? To(DType.Int64) : this);

    /// <summary>The square, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Square_() => Op.MapInPlace(default(Square), this);
}
