using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The mean over dimensions. Its transpose repeats and divides.</summary>
internal readonly record struct Mean(ValueArray<bool> Dim, bool KeepDim, bool Whole) : ILinear
{
    private const int SmallCount = 256;

    public string GradName => Whole ? "MeanBackward0" : "MeanBackward1";

    internal bool Whole { get; init; } = Whole;

    public TensorType Infer(TensorType x) => x.With(Op.ReducedSizes(x.Layout, Dim, KeepDim));

    public Tensor Apply(Tensor x)
    {
        var sum = Op.Fold(default(SumFold), Op.Wide(x), Dim, KeepDim);
        Op.Run(new Divide(Dims.Count(x.Shape, Dim)), sum, sum, null, null, null);
        return Op.Convert(sum, x.DType);
    }

    public Tensor Transpose(Tensor g, Shape input) => (Dims.Unreduce(g, input, Dim) / Dims.Count(input, Dim)).Expand(input.Sizes);

    // Dense at once: what reads it next runs a plain loop, which a repeated element would deny it.
    public Tensor TransposeFused(Tensor g, Layout input) => g.Layout.Count == 1 && input.Count <= SmallCount
        ? Op.RunReal(new Divide(Dims.Count(input.Shape, Dim)), input.ToDense(), g, null, null, null)
        : Transpose(g, input.Shape);

    public Tensor? Batch(Tensor x) => Op.Linear(new Mean([false, .. Dim], KeepDim, Whole), x);
}

/// <summary>x / count as a loop body; the mean of nothing is 0 / 0.</summary>
internal readonly struct Divide(double count) : IBody
{
    public static int Arity => 1;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => a / V.Of(count);
}

/// <content>Means over all or some dimensions.</content>
public sealed partial class Tensor
{
    /// <summary>The mean of all elements.</summary>
    /// <param name="dtype">Convert to this type first.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    public Tensor Mean(DType? dtype = null) => MeanOver(this, [], keepDim: false, whole: true, dtype);

    /// <summary>The mean over one dimension.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    public Tensor Mean(int dim, bool keepDim = false, DType? dtype = null) => MeanOver(this, [dim], keepDim, whole: false, dtype);

    /// <summary>The mean over several dimensions; none means all.</summary>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    public Tensor Mean(ReadOnlySpan<int> dims, bool keepDim = false, DType? dtype = null) =>
        MeanOver(this, dims, keepDim, whole: false, dtype);

    /// <inheritdoc cref="Mean(ReadOnlySpan{int}, bool, DType?)"/>
    public Tensor Mean(int[] dims, bool keepDim = false, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(dims);
        return Mean((ReadOnlySpan<int>)dims, keepDim, dtype);
    }

    /// <summary>The mean over two or more dimensions: <c>x.Mean(0, 1)</c>.</summary>
    /// <param name="dim">A dimension; negative counts from the end.</param>
    /// <param name="next">Another one.</param>
    /// <param name="more">Any further ones.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist, or is named twice.</exception>
    public Tensor Mean(int dim, int next, params ReadOnlySpan<int> more) => MeanOver(this, [dim, next, .. more], keepDim: false, whole: false, null);

    private static Tensor MeanOver(Tensor x, ReadOnlySpan<int> dims, bool keepDim, bool whole, DType? dtype)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (Op.Widens(x.DType) && dtype is { IsFloatingPoint: true } real)
        {
            var reduced = Dims.Mask(dims, x.Rank);
            return Op.Linear(new Sum(reduced, keepDim, whole), x).To(real) / Dims.Count(x.Shape, reduced);
        }

        var input = dtype is { } chosen ? x.To(chosen) : x;
        return input.DType.IsFloatingPoint
            ? Op.Linear(new Mean(Dims.Mask(dims, x.Rank), keepDim, whole), input)
            : throw new DTypeException(
                "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: " +
                $"{input.DType.ScalarName}. Use Mean(dtype: DType.Float32).");
    }
}
