namespace Adjoint;

/// <content>Dropout of whole channels: neighbouring elements of an image know each other's values,
/// so that dropping single ones does little.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Sets whole channels to 0 at random and divides the others by the share that stays (<c>torch.nn.functional.dropout1d</c>). This tensor has
    /// shape [N, C, L] or [C, L].
    /// </summary>
    /// <param name="p">The share of channels that become 0.</param>
    /// <param name="training">Whether to do anything.</param>
    /// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    /// <exception cref="ShapeException">The shape is another.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Dropout1d(double p = 0.5, bool training = true, Generator? generator = null)
    {
        CheckShare(p);
        if (Rank is not (2 or 3))
        {
            throw new ShapeException(
                $"dropout1d: Expected 2D or 3D input, but received a {Rank}D input. Note that dropout1d exists to provide channel-wise dropout on " +
                "inputs with 1 spatial dimension, a channel dimension, and an optional batch dimension (i.e. 2D or 3D inputs).");
        }

        return DroppedChannels(this, Rank == 3, p, training, generator);
    }

    /// <summary>
    /// Sets whole channels to 0 at random and divides the others by the share that stays (<c>torch.nn.functional.dropout2d</c>). This tensor has
    /// shape [N, C, H, W], or [N, C, L], which PyTorch takes it for where three dimensions are given.
    /// </summary>
    /// <param name="p">The share of channels that become 0.</param>
    /// <param name="training">Whether to do anything.</param>
    /// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    /// <exception cref="ShapeException">The shape is another.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Dropout2d(double p = 0.5, bool training = true, Generator? generator = null)
    {
        CheckShare(p);
        CheckChannels(this, "dropout2d", 3, 4);
        return DroppedChannels(this, isBatch: true, p, training, generator);
    }

    /// <summary>
    /// Sets whole channels to 0 at random and divides the others by the share that stays (<c>torch.nn.functional.dropout3d</c>). This tensor has
    /// shape [N, C, D, H, W] or [C, D, H, W].
    /// </summary>
    /// <param name="p">The share of channels that become 0.</param>
    /// <param name="training">Whether to do anything.</param>
    /// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    /// <exception cref="ShapeException">The shape is another.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Dropout3d(double p = 0.5, bool training = true, Generator? generator = null)
    {
        CheckShare(p);
        CheckChannels(this, "dropout3d", 4, 5);
        return DroppedChannels(this, Rank == 5, p, training, generator);
    }

    private static Tensor DroppedChannels(Tensor x, bool isBatch, double p, bool training, Generator? generator)
    {
        var shape = x.Layout.Sizes.ToArray();
        shape.AsSpan(isBatch ? 2 : 1).Fill(1);
        return Dropped(x, shape, p, training, generator);
    }

    /// <summary>PyTorch still takes other shapes, and says that it will not do so for long.</summary>
    private static void CheckChannels(Tensor x, string name, int small, int large)
    {
        if (x.Rank != small && x.Rank != large)
        {
            throw new ShapeException(
                $"{name}: Received a {x.Rank}-D input to {name}, which is deprecated and will result in an error in a future release. Give it " +
                $"{small} or {large} dimensions; to drop single elements of any shape use Dropout. The input has shape " +
                $"{Shape.Text(x.Layout.Sizes)}.");
        }
    }
}
