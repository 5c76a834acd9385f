namespace Adjoint;

/// <content>Dropout.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Sets elements to 0 at random and divides the others by the share that stays, so that the mean stays too
    /// (<c>torch.nn.functional.dropout</c>). Outside of training the tensor itself. The same seed drops the same elements as in PyTorch.
    /// </summary>
    /// <param name="p">The share of elements that become 0.</param>
    /// <param name="training">Whether to do anything.</param>
    /// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Dropout(double p = 0.5, bool training = true, Generator? generator = null) => Dropped(this, Layout.Sizes, p, training, generator);

    /// <summary>Multiplies with 0 or with 1 / (1 - p), drawn for a shape that broadcasts to the tensor's.</summary>
    internal static Tensor Dropped(Tensor x, ReadOnlySpan<int> shape, double p, bool training, Generator? generator)
    {
        CheckShare(p);
        if (!training || p == 0 || x.Layout.Count == 0)
        {
            return x;
        }

        if (p == 1)
        {
            return x * 0;
        }

        return x.DType.IsFloatingPoint
            ? x * RandomFill.Chosen(shape, x.DType, 1 - p, generator)
            : throw new DTypeException(
                $"result type Float can't be cast to the desired output type {x.DType.ScalarName}. Convert the tensor first: x.To(DType.Float32).");
    }

    /// <summary>Checks the share of elements that become 0.</summary>
    internal static void CheckShare(double p)
    {
        if (!(p is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(p), $"dropout probability has to be between 0 and 1, but got {p}. It is the share that becomes zero: 0.5 for half.");
        }
    }
}
