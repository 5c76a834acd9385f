using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The sum of the elements that are not NaN.</summary>
internal readonly record struct NanSum : IReduce
{
    public static string Name => "Nansum";

    public V Unit<V>()
        where V : struct, IRing<V> => V.Zero;

    public V Lift<V>(V x)
        where V : struct, IReal<V> => V.Select(V.Equal(x, x), x, V.Zero);

    public V Combine<V>(V a, V b)
        where V : struct, IRing<V> => a + b;

    public V Finish<V>(V combined)
        where V : struct, IReal<V> => combined;

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(V.Equal(x, x), V.One, V.Zero);
}

/// <content>Sums and means of what is not NaN.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The sum of the elements over dimensions, all if none is named, that are not NaN (<c>torch.nansum</c>); whole numbers give int64.
    /// </summary>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor NanSum(ReadOnlySpan<int> dims = default, bool keepDim = false, DType? dtype = null)
    {
        var x = dtype is { } chosen ? To(chosen) : this;
        return x.DType.IsFloatingPoint
            ? Op.Reduce(default(NanSum), x, Dims.Mask(dims, Rank), keepDim)
            : x.Sum(dims, keepDim, dtype);
    }

    /// <summary>
    /// The mean of the elements over dimensions, all if none is named, that are not NaN (<c>torch.nanmean</c>); NaN if there is none.
    /// </summary>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    public Tensor NanMean(ReadOnlySpan<int> dims = default, bool keepDim = false, DType? dtype = null)
    {
        if (!DType.IsFloatingPoint)
        {
            throw new DTypeException(
                $"nanmean(): expected input to have floating point or complex dtype but got {DType.ScalarName}. Convert it with To(DType.Float32).");
        }

        var own = Detach();
        return NanSum(dims, keepDim, dtype) / own.Eq(own).Sum(dims, keepDim);
    }
}
