using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>x - y.</summary>
internal readonly record struct Sub : IMap2
{
    public static Elements Elements => Elements.Numbers;

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => x - y;

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.One;

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => -V.One;

    public V I<V>(V x, V y)
        where V : struct, IRing<V> => x - y;
}

/// <summary>y - x, where y is a plain number: PyTorch records it under a name of its own.</summary>
internal readonly record struct Rsub : IMap2
{
    public int[]? ShownInputs => [0];

    public static Elements Elements => Elements.Numbers;

    public string GradName => "RsubBackward1";

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => y - x;

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => -V.One;

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.One;

    public V I<V>(V x, V y)
        where V : struct, IRing<V> => y - x;
}

/// <content>The difference x - y, element by element, broadcast.</content>
public sealed partial class Tensor
{
    /// <summary>Element by element: x - y, broadcast.</summary>
    public static Tensor operator -(Tensor x, Tensor y)
    {
        Operands.ThrowIfNull<Sub>(x);
        return x.Sub(y);
    }

    /// <summary>Subtracts in place.</summary>
    public void operator -=(Tensor other) => Sub_(other);

    /// <summary>The difference x - alpha * y, element by element, broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Either is a bool tensor; or both are whole and alpha is not, or it does not fit their dtype.</exception>
    public Tensor Sub(Tensor y, double alpha = 1)
    {
        RefuseBool(this, y);
        if (alpha != 1)
        {
            ThrowIfNoFactor(this, y, alpha);
            return Op.Map2(new AddScaled(-alpha, IsDifference: true), this, y);
        }

        return IsNumber ? Op.Map2(default(Rsub), y, this) : Op.Map2(default(Sub), this, y);
    }

    /// <summary>The difference x - alpha * y, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Sub_(Tensor y, double alpha = 1)
    {
        RefuseBool(this, y);
        if (alpha != 1)
        {
            ThrowIfNoFactor(this, y, alpha);
        }

        return alpha == 1 ? Op.Map2InPlace(default(Sub), this, y) : Op.Map2InPlace(new AddScaled(-alpha, IsDifference: true), this, y);
    }

    private static void RefuseBool(Tensor x, Tensor y)
    {
        Operands.ThrowIfNull<Sub>(x);
        Operands.ThrowIfNull<Sub>(y);
        if (x.DType == DType.Bool || y.DType == DType.Bool)
        {
            throw new DTypeException(x.DType == y.DType
                ? "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead. In C#: " +
                  "x.LogicalXor(y)."
                : "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or " +
                  "`logical_not()` operator instead. In C#: !x or x.LogicalNot().");
        }
    }
}
