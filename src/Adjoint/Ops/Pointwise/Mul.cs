using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>x * y.</summary>
internal readonly record struct Mul : IMap2
{
    public static Elements Elements => Elements.All;

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => x * y;

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => y;

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => x;

    public V I<V>(V x, V y)
        where V : struct, IRing<V> => x * y;
}

/// <content>The product x * y, element by element, broadcast.</content>
public sealed partial class Tensor
{
    /// <summary>Element by element: x * y, broadcast.</summary>
    public static Tensor operator *(Tensor x, Tensor y)
    {
        Operands.ThrowIfNull<Mul>(x);
        return x.Mul(y);
    }

    /// <summary>Multiplies in place.</summary>
    public void operator *=(Tensor other) => Mul_(other);

    /// <summary>The product x * y, element by element, broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Mul(Tensor y)
    {
        Operands.ThrowIfNull<Mul>(y);

        // As PyTorch, which keeps the number on the right.
        return IsNumber ? Op.Map2(default(Mul), y, this) : Op.Map2(default(Mul), this, y);
    }

    /// <summary>The product x * y, element by element, broadcast, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Mul_(Tensor y) => Op.Map2InPlace(default(Mul), this, y);
}
