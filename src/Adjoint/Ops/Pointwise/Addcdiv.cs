using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>x + value * y / z.</summary>
internal readonly record struct Addcdiv(double Value) : IMap3
{
    public static Domain DomainZ => Domain.NonZero;

    public V F<V>(V x, V y, V z)
        where V : struct, IReal<V> => x + (V.Of(Value) * (y / z));

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.One;

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Of(Value) / z;

    public V DZ<V>(V x, V y, V z)
        where V : struct, IReal<V> => -(V.Of(Value) * (y / z / z));
}

/// <content>Quotients added.</content>
public sealed partial class Tensor
{
    /// <summary>x + value * tensor1 / tensor2, element by element, broadcast.</summary>
    /// <param name="tensor1">What is divided.</param>
    /// <param name="tensor2">The divisor.</param>
    /// <param name="value">A number that the quotient is multiplied by.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Neither tensor of the quotient is real.</exception>
    public Tensor Addcdiv(Tensor tensor1, Tensor tensor2, double value = 1) => Op.Map3(Quotient(tensor1, tensor2, value), this, tensor1, tensor2);

    /// <summary>x + value * tensor1 / tensor2, in place.</summary>
    /// <param name="tensor1">What is divided.</param>
    /// <param name="tensor2">The divisor.</param>
    /// <param name="value">A number that the quotient is multiplied by.</param>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Neither tensor of the quotient is real.</exception>
    public Tensor Addcdiv_(Tensor tensor1, Tensor tensor2, double value = 1) =>
        Op.Map3InPlace(Quotient(tensor1, tensor2, value), this, tensor1, tensor2);

    private static Addcdiv Quotient(Tensor tensor1, Tensor tensor2, double value)
    {
        Operands.ThrowIfNull<Addcdiv>(tensor1);
        Operands.ThrowIfNull<Addcdiv>(tensor2);
        return tensor1.DType.IsFloatingPoint || tensor2.DType.IsFloatingPoint
            ? new(value)
            : throw new DTypeException(
                "Integer division with addcdiv is no longer supported, and in a future release addcdiv will perform a true division of " +
                "tensor1 and tensor2. Divide as meant: x + (value * tensor1.Div(tensor2, \"trunc\")), or convert a tensor with To(DType.Float32).");
    }
}
