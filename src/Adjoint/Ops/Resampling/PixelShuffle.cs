using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// Channels as pixels: each square of channels becomes a square of the image. Its transpose, and inverse, is <see cref="PixelUnshuffle"/>.
/// </summary>
/// <param name="Factor">The side of a square.</param>
internal readonly record struct PixelShuffle(int Factor) : ILinear
{
    public TensorType Infer(TensorType x) => x.With(
    [
        .. x.Layout.Sizes[..^3], x.Layout.Sizes[^3] / Factor / Factor, Shape.Dimension((long)x.Layout.Sizes[^2] * Factor, "the shuffled image"),
        Shape.Dimension((long)x.Layout.Sizes[^1] * Factor, "the shuffled image"),
    ]);

    public Tensor Apply(Tensor x)
    {
        var (sizes, strides) = (x.Layout.Sizes, x.Layout.Strides);
        var channels = sizes[^3] / Factor / Factor;
        int[] pieces = [.. sizes[..^3], channels, sizes[^2], Factor, sizes[^1], Factor];
        nint[] steps = [.. strides[..^3], strides[^3] * Factor * Factor, strides[^2], strides[^3] * Factor, strides[^1], strides[^3]];
        var shuffled = Op.Copy(x.View(x.Layout.With(pieces, steps)));
        return new Tensor(shuffled.Storage, Infer(TensorType.Of(x)).Layout, x.DType);
    }

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(new PixelUnshuffle(Factor), g);

    public Tensor? Batch(Tensor x) => Op.Linear(this, x);
}

/// <summary>
/// Pixels as channels: each square of the image becomes a square of channels. Its transpose, and inverse, is <see cref="PixelShuffle"/>.
/// </summary>
/// <param name="Factor">The side of a square.</param>
internal readonly record struct PixelUnshuffle(int Factor) : ILinear
{
    public TensorType Infer(TensorType x) => x.With(
    [
        .. x.Layout.Sizes[..^3], Shape.Dimension((long)x.Layout.Sizes[^3] * Factor * Factor, "the channels of an image"), x.Layout.Sizes[^2] / Factor,
        x.Layout.Sizes[^1] / Factor,
    ]);

    public Tensor Apply(Tensor x)
    {
        var (sizes, strides) = (x.Layout.Sizes, x.Layout.Strides);
        int[] pieces = [.. sizes[..^2], Factor, Factor, sizes[^2] / Factor, sizes[^1] / Factor];
        nint[] steps = [.. strides[..^2], strides[^2], strides[^1], strides[^2] * Factor, strides[^1] * Factor];
        var shuffled = Op.Copy(x.View(x.Layout.With(pieces, steps)));
        return new Tensor(shuffled.Storage, Infer(TensorType.Of(x)).Layout, x.DType);
    }

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(new PixelShuffle(Factor), g);

    public Tensor? Batch(Tensor x) => Op.Linear(this, x);
}

/// <content>Channels and pixels exchanged, and channels in another order.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// An image of shape [..., C * r * r, H, W] as one of shape [..., C, H * r, W * r], with each square of channels as a square of pixels
    /// (<c>torch.nn.functional.pixel_shuffle</c>).
    /// </summary>
    /// <param name="upscaleFactor">r, at least 1.</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public Tensor PixelShuffle(int upscaleFactor)
    {
        CheckShuffle(this, upscaleFactor, "pixel_shuffle", "upscale_factor");
        var channels = Layout.Sizes[^3];
        return channels % ((long)upscaleFactor * upscaleFactor) == 0
            ? Op.Linear(new PixelShuffle(upscaleFactor), this)
            : throw new ShapeException(
                "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but " +
                $"input.size(-3)={channels} is not divisible by {(long)upscaleFactor * upscaleFactor}");
    }

    /// <summary>
    /// An image of shape [..., C, H * r, W * r] as one of shape [..., C * r * r, H, W], with each square of pixels as a square of channels
    /// (<c>torch.nn.functional.pixel_unshuffle</c>).
    /// </summary>
    /// <param name="downscaleFactor">r, at least 1.</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public Tensor PixelUnshuffle(int downscaleFactor)
    {
        CheckShuffle(this, downscaleFactor, "pixel_unshuffle", "downscale_factor");
        foreach (var (dim, name) in new[] { (2, "height"), (1, "width") })
        {
            if (Layout.Sizes[^dim] % downscaleFactor != 0)
            {
                throw new ShapeException(
                    $"pixel_unshuffle expects {name} to be divisible by downscale_factor, but input.size(-{dim})={Layout.Sizes[^dim]} is " +
                    $"not divisible " +
                    $"by {downscaleFactor}");
            }
        }

        return Op.Linear(new PixelUnshuffle(downscaleFactor), this);
    }

    /// <summary>
    /// Channels in another order: the first of each group, then the second of each, and so on (<c>torch.nn.functional.channel_shuffle</c>). Shape
    /// [N, C, ...].
    /// </summary>
    /// <param name="groups">How many groups; the number of channels is a multiple.</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public Tensor ChannelShuffle(int groups)
    {
        if (Rank <= 2)
        {
            throw new ShapeException($"channel_shuffle expects input with > 2 dims, but got input with sizes {Shape.Text(Layout.Sizes)}");
        }

        if (groups <= 0)
        {
            throw new ShapeException($"Number of groups to divide channels in must be positive. Value of groups:{groups}");
        }

        var sizes = Layout.Sizes;
        return sizes[1] % groups == 0
            ? Reshape([sizes[0], groups, sizes[1] / groups, .. sizes[2..]]).Transpose(1, 2).Reshape(sizes)
            : throw new ShapeException($"Number of channels must be divisible by groups. Got {sizes[1]} channels and {groups} groups.");
    }

    private static void CheckShuffle(Tensor x, int factor, string name, string what)
    {
        if (x.Rank < 3)
        {
            throw new ShapeException($"{name} expects input to have at least 3 dimensions, but got input with {x.Rank} dimension(s)");
        }

        if (factor <= 0)
        {
            throw new ShapeException($"{name} expects a positive {what}, but got {factor}");
        }
    }
}
