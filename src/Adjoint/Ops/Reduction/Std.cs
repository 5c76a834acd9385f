using Adjoint.Families;

namespace Adjoint;

/// <summary>The standard deviation over dimensions; nothing flows back where it is 0, as PyTorch has it, to any order.</summary>
internal readonly record struct Std(double Correction) : IRows
{
    public static bool Reduces => true;

    public static bool ReadsX => true;

    public static bool ReadsY => true;

    public Tensor Apply(Tensor x, RowDims rows)
    {
        var variance = Moments.Variance(x, rows, Correction);
        Op.Run(new MapBody<Sqrt>(default), variance, variance, null, null, null);
        return variance;
    }

    public Tensor Pull(Tensor g, Tensor? x, Tensor? y, RowDims rows) =>
        Moments.Pull(Dims.Unreduce(OfVariance(g, y!), x!.Shape, rows.Reduced), x, rows, Correction);

    public Tensor? Push(Tensor t, Tensor x, Tensor y, RowDims rows) => OfVariance(Moments.Push(t, x, rows, Correction), y);

    // What is not chosen is divided by 1: 0 times the derivative of a quotient by 0 would be NaN.
    private static Tensor OfVariance(Tensor g, Tensor y)
    {
        var isFlat = y.Eq(0);
        return (g / (y * 2).MaskedFill(isFlat, 1)).MaskedFill(isFlat, 0);
    }
}

/// <content>Standard deviations over all or some dimensions.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The standard deviation over dimensions, all if none is named (<c>torch.std</c>): the square root of
    /// <see cref="Var(ReadOnlySpan{int}, double, bool)"/>. Where all elements are equal nothing flows back,
    /// to any order and in every mode: write <c>Var</c>, which is smooth, for the square.
    /// </summary>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <param name="correction">What is taken off the number of elements that the sum of squares is divided by.</param>
    /// <param name="keepDim">Keep the dimensions with size 1.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor Std(ReadOnlySpan<int> dims = default, double correction = 1, bool keepDim = false) =>
        StdOver(this, dims, correction, keepDim);

    /// <summary>The standard deviation over one dimension; see <see cref="Std(ReadOnlySpan{int}, double, bool)"/>.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="correction">What is taken off the number of elements that the sum of squares is divided by.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor Std(int dim, double correction = 1, bool keepDim = false) => StdOver(this, [dim], correction, keepDim);

    /// <summary>The standard deviation of all elements.</summary>
    /// <param name="unbiased">Divide by the number of elements less 1, not by their number.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    public Tensor Std(bool unbiased) => Std(default(ReadOnlySpan<int>), unbiased ? 1 : 0);

    /// <summary>The standard deviation over one dimension.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="unbiased">Divide by the number of elements less 1, not by their number.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    public Tensor Std(int dim, bool unbiased, bool keepDim = false) => Std(dim, unbiased ? 1 : 0, keepDim);

    private static Tensor StdOver(Tensor x, ReadOnlySpan<int> dims, double correction, bool keepDim) =>
        Op.Rows(new Std(correction), x, new RowDims(Moments.Check(x, dims, correction, "std"), keepDim, dims.IsEmpty));
}
