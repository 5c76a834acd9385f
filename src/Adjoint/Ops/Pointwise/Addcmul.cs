using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>x + value * y * z.</summary>
internal readonly record struct Addcmul(double Value) : IMap3
{
    public static Elements Elements => Elements.Numbers;

    public static string? TruthRefusal => "\"addcmul_cpu_out\" not implemented for 'Bool'";

    public V F<V>(V x, V y, V z)
        where V : struct, IReal<V> => x + (V.Of(Value) * y * z);

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.One;

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Of(Value) * z;

    public V DZ<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Of(Value) * y;

    public V I<V>(V x, V y, V z)
        where V : struct, IRing<V> => x + (V.Of(Value) * y * z);
}

/// <content>Products added.</content>
public sealed partial class Tensor
{
    /// <summary>x + value * tensor1 * tensor2, element by element, broadcast.</summary>
    /// <param name="tensor1">A factor.</param>
    /// <param name="tensor2">A factor.</param>
    /// <param name="value">A number that the product is multiplied by; whole numbers cut its fraction off.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">All are truth values, or the number does not fit the dtype.</exception>
    public Tensor Addcmul(Tensor tensor1, Tensor tensor2, double value = 1) => Op.Map3(Product(tensor1, tensor2, value), this, tensor1, tensor2);

    /// <summary>x + value * tensor1 * tensor2, in place.</summary>
    /// <param name="tensor1">A factor.</param>
    /// <param name="tensor2">A factor.</param>
    /// <param name="value">A number that the product is multiplied by; whole numbers cut its fraction off.</param>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">All are truth values, or the number does not fit the dtype.</exception>
    public Tensor Addcmul_(Tensor tensor1, Tensor tensor2, double value = 1) =>
        Op.Map3InPlace(Product(tensor1, tensor2, value), this, tensor1, tensor2);

    private Addcmul Product(Tensor tensor1, Tensor tensor2, double value)
    {
        Operands.ThrowIfNull<Addcmul>(tensor1);
        Operands.ThrowIfNull<Addcmul>(tensor2);
        var dtype = Promotion.ResultType(this, tensor1, tensor2);
        if (!dtype.IsFloatingPoint)
        {
            NumberRange.ThrowIfBeyond(value, dtype);
        }

        return new(value);
    }
}
