using Adjoint.Families;

namespace Adjoint;

/// <summary>The variance over dimensions.</summary>
internal readonly record struct Var(double Correction) : IRows
{
    public static bool Reduces => true;

    public static bool ReadsX => true;

    public static bool ReadsY => false;

    public Tensor Apply(Tensor x, RowDims rows) => Moments.Variance(x, rows, Correction);

    public Tensor Pull(Tensor g, Tensor? x, Tensor? y, RowDims rows) => Moments.Pull(Dims.Unreduce(g, x!.Shape, rows.Reduced), x, rows, Correction);

    public Tensor? Push(Tensor t, Tensor x, Tensor y, RowDims rows) => Moments.Push(t, x, rows, Correction);
}

/// <content>Variances over all or some dimensions.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The variance over dimensions, all if none is named (<c>torch.var</c>): the sum of squared distances from the mean, divided by the number of
    /// elements less the correction. Where that is not positive the result is NaN, or infinity if elements differ and the correction is larger, and
    /// <see cref="Autograd.Warning"/> says so.
    /// </summary>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <param name="correction">1 for the variance of a population of which this is a sample, 0 for that of the elements themselves.</param>
    /// <param name="keepDim">Keep the dimensions with size 1.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor Var(ReadOnlySpan<int> dims = default, double correction = 1, bool keepDim = false) =>
        VarOver(this, dims, correction, keepDim);

    /// <summary>The variance over one dimension; see <see cref="Var(ReadOnlySpan{int}, double, bool)"/>.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="correction">What is taken off the number of elements that the sum of squares is divided by.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor Var(int dim, double correction = 1, bool keepDim = false) => VarOver(this, [dim], correction, keepDim);

    /// <summary>The variance of all elements.</summary>
    /// <param name="unbiased">Divide by the number of elements less 1, not by their number.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    public Tensor Var(bool unbiased) => Var(default(ReadOnlySpan<int>), unbiased ? 1 : 0);

    /// <summary>The variance over one dimension.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="unbiased">Divide by the number of elements less 1, not by their number.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    public Tensor Var(int dim, bool unbiased, bool keepDim = false) => Var(dim, unbiased ? 1 : 0, keepDim);

    private static Tensor VarOver(Tensor x, ReadOnlySpan<int> dims, double correction, bool keepDim) =>
        Op.Rows(new Var(correction), x, new RowDims(Moments.Check(x, dims, correction, "var"), keepDim, dims.IsEmpty));
}
