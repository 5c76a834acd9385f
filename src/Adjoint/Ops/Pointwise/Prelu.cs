using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x where it is positive, y x elsewhere; at 0 the derivative is y, as PyTorch has it.</summary>
internal readonly record struct PreluKernel : IMap2
{
    public static Domain DomainX => Domain.NonZero;

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(V.Less(V.Zero, x), x, y * x);

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(V.Less(V.Zero, x), V.One, y);

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(V.Less(V.Zero, x), V.Zero, x);
}

/// <content>The rectifier whose slope is learnt.</content>
public sealed partial class Tensor
{
    /// <summary>max(x, 0) + weight * min(x, 0), element by element (<c>torch.nn.functional.prelu</c>).</summary>
    /// <param name="weight">The slope for negative numbers: one number, or one for each channel, which are along dimension 1.</param>
    /// <exception cref="ShapeException">The weight has more than one dimension, or another size than 1 and the number of channels.</exception>
    /// <exception cref="DTypeException">The elements are no reals, or the dtypes differ.</exception>
    public Tensor Prelu(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        _ = NearOne.Real(this, "prelu_cpu");
        if (weight.DType != DType && !weight.IsNumber)
        {
            throw new DTypeException(
                $"prelu: Type promoting not supported. Got {DType.ScalarName} and {weight.DType.ScalarName}. Convert one of them with To(DType).");
        }

        if (weight.Rank > 1)
        {
            throw new ShapeException($"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {weight.Rank}");
        }

        if (weight.Count == 1)
        {
            return Op.Map2(default(PreluKernel), this, weight.Rank == 0 ? weight : weight.Reshape());
        }

        if (Rank == 0)
        {
            throw new ShapeException("Not allow zero-dim input tensor.");
        }

        var channels = Rank > 1 ? Shape[1] : 1;
        if (weight.Count != channels)
        {
            throw new ShapeException(
                $"Mismatch of parameter numbers and input channel size. Found parameter numbers = {weight.Count} and channel size = {channels}.");
        }

        var sizes = new int[Rank];
        Array.Fill(sizes, 1);
        sizes[1] = channels;
        return Op.Map2(default(PreluKernel), this, weight.Reshape(sizes));
    }
}
