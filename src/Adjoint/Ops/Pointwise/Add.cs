using Adjoint.Algebra;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>x + y.</summary>
internal readonly struct Add : IMap2
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
internal readonly struct AddScaled(double alpha, string gradName) : IMap2
{
    public static Elements Elements => Elements.Numbers;

    public string GradName => gradName;

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => x + (V.Of(alpha) * y);

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.One;

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Of(alpha);

    public V I<V>(V x, V y)
        where V : struct, IRing<V> => x + (V.Of(alpha) * y);
}

/// <summary>The sum x + y, element by element, broadcast.</summary>
public static class AddMethod
{
    extension(Tensor x)
    {
        /// <summary>The sum x + alpha * y, element by element, broadcast.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public Tensor Add(Tensor y, double alpha = 1)
        {
            Operands.ThrowIfNull<Add>(x);
            Operands.ThrowIfNull<Add>(y);
            if (alpha != 1)
            {
                return Op.Map2(new AddScaled(alpha, "AddBackward0"), x, y);
            }

            // As PyTorch, which keeps the number on the right.
            return x.IsNumber ? Op.Map2(default(Add), y, x) : Op.Map2(default(Add), x, y);
        }

        /// <summary>The sum x + alpha * y, in place.</summary>
        /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
        public Tensor Add_(Tensor y, double alpha = 1) =>
            alpha == 1 ? Op.Map2InPlace(default(Add), x, y) : Op.Map2InPlace(new AddScaled(alpha, "AddBackward0"), x, y);
    }
}
