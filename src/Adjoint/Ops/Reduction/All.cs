using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>1 where no element is zero, 0 elsewhere; a lone element stays as it is.</summary>
internal readonly struct AllFold : IFold
{
    public V Unit<V>()
        where V : struct, IRing<V> => V.One;

    public V Lift<V>(V x)
        where V : struct, IReal<V> => x;

    public V Combine<V>(V a, V b)
        where V : struct, IRing<V> => V.Select(V.Or(V.Equal(a, V.Zero), V.Equal(b, V.Zero)), V.Zero, V.One);
}

/// <summary>1 where some element is not zero, 0 elsewhere; a lone element stays as it is.</summary>
internal readonly struct AnyFold : IFold
{
    public V Unit<V>()
        where V : struct, IRing<V> => V.Zero;

    public V Lift<V>(V x)
        where V : struct, IReal<V> => x;

    public V Combine<V>(V a, V b)
        where V : struct, IRing<V> => V.Select(V.And(V.Equal(a, V.Zero), V.Equal(b, V.Zero)), V.Zero, V.One);
}

/// <summary>Whether the elements over dimensions are true, all of them or any, read in their own dtype; nothing flows through truth values.</summary>
internal readonly record struct Truths(ValueArray<bool> Dim, bool KeepDim, bool All) : IWhole
{
    public TensorType Infer(TensorType x) =>
        x.To(x.DType == DType.UInt8 ? DType.UInt8 : DType.Bool).With(Op.ReducedSizes(x.Layout, Dim, KeepDim));

    public Tensor Apply(Tensor x)
    {
        var answers = (All ? Op.Fold(default(AllFold), x, Dim, KeepDim) : Op.Fold(default(AnyFold), x, Dim, KeepDim)).Ne(0);
        return x.DType == DType.UInt8 ? answers.To(DType.UInt8) : answers;
    }

    public Tensor? Batch(Tensor x) => Op.Whole(new Truths([false, .. Dim], KeepDim, All), x);
}

/// <content>Whether all or any elements are not zero. As in PyTorch the answer is bool, for uint8 tensors uint8.</content>
public sealed partial class Tensor
{
    /// <summary>Whether no element is zero. True for an empty tensor.</summary>
    public Tensor All() => AllOrAny(this, [], keepDim: false, all: true);

    /// <summary>Whether no element along a dimension is zero.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor All(int dim, bool keepDim = false) => AllOrAny(this, [dim], keepDim, all: true);

    /// <summary>Whether some element is not zero. False for an empty tensor.</summary>
    public Tensor Any() => AllOrAny(this, [], keepDim: false, all: false);

    /// <summary>Whether some element along a dimension is not zero.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor Any(int dim, bool keepDim = false) => AllOrAny(this, [dim], keepDim, all: false);

    /// <summary>Whether no element over dimensions is zero; none means all.</summary>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor All(ReadOnlySpan<int> dims, bool keepDim = false) => AllOrAny(this, dims, keepDim, all: true);

    /// <summary>Whether some element over dimensions is not zero; none means all.</summary>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor Any(ReadOnlySpan<int> dims, bool keepDim = false) => AllOrAny(this, dims, keepDim, all: false);

    private static Tensor AllOrAny(Tensor x, ReadOnlySpan<int> dims, bool keepDim, bool all)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Op.Whole(new Truths(Dims.Mask(dims, x.Rank), keepDim, all), x.Detach());
    }
}
