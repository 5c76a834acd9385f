using System.Globalization;

namespace Adjoint;

/// <content>Differences of neighbours.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The n-th differences of neighbours along a dimension (<c>torch.diff</c>); of truth values, whether they differ. Where there are too few
    /// elements, nothing is left.
    /// </summary>
    /// <param name="n">How often differences are taken.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="prepend">What is put before the elements first; sizes agree but for the dimension.</param>
    /// <param name="append">What is put behind them.</param>
    /// <exception cref="ShapeException">This is a scalar, or what is put to it has other dimensions.</exception>
    /// <exception cref="TensorException">n is negative.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor Diff(int n = 1, int dim = -1, Tensor? prepend = null, Tensor? append = null)
    {
        if (Rank == 0)
        {
            throw new ShapeException("diff expects input to be at least one-dimensional");
        }

        if (n < 0)
        {
            throw new TensorException(string.Create(CultureInfo.InvariantCulture, $"order must be non-negative but got {n}"));
        }

        var axis = Layout.Dim(dim);
        foreach (var other in new[] { prepend, append })
        {
            if (other is not null && other.Rank != Rank)
            {
                throw new ShapeException("diff expects prepend or append to be the same dimension as input");
            }
        }

        var x = (prepend, append) switch
        {
            (null, null) => n == 0 || Layout.Sizes[axis] == 0 ? Clone() : this,
            ({ } before, null) => Cat([before, this], axis),
            (null, { } behind) => Cat([this, behind], axis),
            ({ } before, { } behind) => Cat([before, this, behind], axis),
        };
        n = Math.Min(n, x.Layout.Sizes[axis]);
        for (; n > 0; n--)
        {
            var (later, earlier) = (x.Slice(axis, 1), x.Slice(axis, 0, -1));
            x = x.DType == DType.Bool ? later.LogicalXor(earlier) : later - earlier;
        }

        return x;
    }
}
