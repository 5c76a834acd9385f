using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The sum over dimensions, of whole numbers and truth values in int64. Its transpose repeats.</summary>
internal readonly record struct Sum(ValueArray<bool> Dim, bool KeepDim, bool Whole) : ILinear
{
    public string GradName => Whole ? "SumBackward0" : "SumBackward1";

    internal bool Whole { get; init; } = Whole;

    public TensorType Infer(TensorType x) =>
        x.To(Op.Widens(x.DType) ? DType.Int64 : x.DType).With(Op.ReducedSizes(x.Layout, Dim, KeepDim));

    public Tensor Apply(Tensor x) => Op.Widens(x.DType) ? Op.SumWide(x, Dim, KeepDim) : Op.Fold(default(SumFold), x, Dim, KeepDim);

    public Tensor Transpose(Tensor g, Shape input) =>
        Dims.Unreduce(g, input, Dim).Expand(input.Sizes);

    public Tensor? Batch(Tensor x) => Op.Linear(new Sum([false, .. Dim], KeepDim, Whole), x);
}

/// <content>Sums over all or some dimensions.</content>
public sealed partial class Tensor
{
    /// <summary>The sum of all elements; whole numbers and truth values give int64.</summary>
    /// <param name="dtype">Convert to this type first.</param>
    public Tensor Sum(DType? dtype = null) => SumOver(this, [], keepDim: false, whole: true, dtype);

    /// <summary>The sum over one dimension.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor Sum(int dim, bool keepDim = false, DType? dtype = null) => SumOver(this, [dim], keepDim, whole: false, dtype);

    /// <summary>The sum over several dimensions; none means all.</summary>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor Sum(ReadOnlySpan<int> dims, bool keepDim = false, DType? dtype = null) =>
        SumOver(this, dims, keepDim, whole: false, dtype);

    /// <inheritdoc cref="Sum(ReadOnlySpan{int}, bool, DType?)"/>
    public Tensor Sum(int[] dims, bool keepDim = false, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(dims);
        return Sum((ReadOnlySpan<int>)dims, keepDim, dtype);
    }

    /// <summary>The sum over two or more dimensions: <c>x.Sum(0, 1)</c>.</summary>
    /// <param name="dim">A dimension; negative counts from the end.</param>
    /// <param name="next">Another one.</param>
    /// <param name="more">Any further ones.</param>
    /// <exception cref="TensorIndexException">A dimension does not exist, or is named twice.</exception>
    public Tensor Sum(int dim, int next, params ReadOnlySpan<int> more) => SumOver(this, [dim, next, .. more], keepDim: false, whole: false, null);

    /// <summary>Summed over the dimensions that broadcasting from these sizes would have repeated: the transpose of <c>Expand</c>.</summary>
    /// <exception cref="ShapeException">The sizes do not broadcast to this shape.</exception>
    public Tensor SumToSize(params ReadOnlySpan<int> sizes)
    {
        var extra = Rank - sizes.Length;
        var reduced = new bool[Rank];
        var reduces = false;
        for (var d = 0; d < Rank; d++)
        {
            var wanted = d < extra ? 1 : sizes[d - extra];
            if (d < extra || (wanted == 1 && Layout.Sizes[d] != 1))
            {
                reduced[d] = reduces = true;
            }
            else if (extra < 0 || wanted != Layout.Sizes[d])
            {
                throw new ShapeException(
                    $"size {{{Shape.Text(sizes)}}} is not expandable to size {{{Shape.Text(Layout.Sizes)}}}.");
            }
        }

        var sum = reduces ? MaskedSum(this, reduced, keepDim: extra == 0, whole: false, null) : this;
        return sum.Layout.Sizes.AsSpan().SequenceEqual(sizes) ? sum : sum.Reshape(sizes);
    }

    private static Tensor SumOver(Tensor x, ReadOnlySpan<int> dims, bool keepDim, bool whole, DType? dtype)
    {
        ArgumentNullException.ThrowIfNull(x);
        return MaskedSum(x, Dims.Mask(dims, x.Rank), keepDim, whole, dtype);
    }

    private static Tensor MaskedSum(Tensor x, bool[] reduced, bool keepDim, bool whole, DType? dtype)
    {
        var wanted = dtype ?? (x.DType.IsFloatingPoint ? x.DType : DType.Int64);

        // A sum of truth values is "or", which the sum of other numbers does not tell: 1 and -1 are both true.
        var input = Op.Widens(x.DType) && wanted != DType.Bool ? x : x.To(wanted);
        return Op.Linear(new Sum(reduced, keepDim, whole), input).To(wanted);
    }
}
