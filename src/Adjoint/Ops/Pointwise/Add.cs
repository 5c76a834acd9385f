using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>x + y.</summary>
internal readonly record struct Add : IMap2
{
    public static Elements Elements => Elements.All;

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => x + y;

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.One;

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.One;

    public V I<V>(V x, V y)
        where V : struct, IRing<V> => x + y;
}

/// <summary>x + alpha * y.</summary>
internal readonly record struct AddScaled(double Alpha, bool IsDifference) : IMap2
{
    public static Elements Elements => Elements.Numbers;

    public string GradName => IsDifference ? "SubBackward0" : "AddBackward0";

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => x + (V.Of(Alpha) * y);

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.One;

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Of(Alpha);

    public V I<V>(V x, V y)
        where V : struct, IRing<V> => x + (V.Of(Alpha) * y);
}

/// <content>The sum x + y, element by element, broadcast.</content>
public sealed partial class Tensor
{
    /// <summary>Element by element: x + y, broadcast.</summary>
    public static Tensor operator +(Tensor x, Tensor y)
    {
        Operands.ThrowIfNull<Add>(x);
        return x.Add(y);
    }

    /// <summary>Adds in place, as PyTorch's <c>+=</c>: all who hold this tensor see the change.</summary>
    public void operator +=(Tensor other) => Add_(other);

    /// <summary>The sum x + alpha * y, element by element, broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Both are whole and alpha is not, or it does not fit their dtype.</exception>
    public Tensor Add(Tensor y, double alpha = 1)
    {
        Operands.ThrowIfNull<Add>(y);
        if (alpha != 1)
        {
            ThrowIfNoFactor(this, y, alpha);
            return Op.Map2(new AddScaled(alpha, IsDifference: false), this, y);
        }

        // As PyTorch, which keeps the number on the right.
        return IsNumber ? Op.Map2(default(Add), y, this) : Op.Map2(default(Add), this, y);
    }

    /// <summary>The sum x + alpha * y, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    /// <exception cref="DTypeException">Both are whole and alpha is not, or it does not fit their dtype.</exception>
    public Tensor Add_(Tensor y, double alpha = 1)
    {
        if (alpha == 1)
        {
            return Op.Map2InPlace(default(Add), this, y);
        }

        ThrowIfNoFactor(this, y, alpha);
        return Op.Map2InPlace(new AddScaled(alpha, IsDifference: false), this, y);
    }

    /// <summary>Refuses a factor that whole numbers cannot be multiplied by.</summary>
    internal static void ThrowIfNoFactor(Tensor x, Tensor y, double alpha)
    {
        var dtype = Promotion.ResultType(x, y);
        if (dtype.IsFloatingPoint)
        {
            return;
        }

        if (Math.Floor(alpha) != alpha)
        {
            throw new DTypeException(
                "For integral input tensors, argument alpha must not be a floating point number. Convert a tensor first, with To(DType.Float32).");
        }

        // A factor is a whole number here, although C# writes it as a double.
        NumberRange.ThrowIfBeyond(Math.Abs(alpha), dtype);
    }
}
