using Adjoint.Tape;

namespace Adjoint;

/// <content>Instance norm: batch norm with every channel of every image for itself.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// (x - mean) / sqrt(variance + eps) for each channel of each image, times a weight plus a bias for each channel
    /// (<c>torch.nn.functional.instance_norm</c>). This tensor has shape [N, C, ...]; float32 or float64.
    /// </summary>
    /// <param name="runningMean">Of shape [C], which follows the mean over the images in place; null to keep none.</param>
    /// <param name="runningVar">Of shape [C], likewise.</param>
    /// <param name="weight">Of shape [C]; null for ones.</param>
    /// <param name="bias">Of shape [C]; null for zeros.</param>
    /// <param name="useInputStats">Whether to take the images' statistics, and not the running ones.</param>
    /// <param name="momentum">The share of these images in new running statistics.</param>
    /// <param name="eps">What keeps the divisor from 0.</param>
    /// <exception cref="ShapeException">The shapes do not fit, or a channel has one value.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are no reals.</exception>
    /// <exception cref="ArgumentException">There are no running statistics to take.</exception>
    public Tensor InstanceNorm(
        Tensor? runningMean = null,
        Tensor? runningVar = null,
        Tensor? weight = null,
        Tensor? bias = null,
        bool useInputStats = true,
        double momentum = 0.1,
        double eps = 1e-5)
    {
        NormArguments.CheckHasChannels(this);
        var sizes = Layout.Sizes;
        var (images, channels) = (sizes[0], sizes[1]);
        if (useInputStats && Shape.Product(sizes.AsSpan(2)) == 1)
        {
            throw new ShapeException($"Expected more than 1 spatial element when training, got input size {Shape}");
        }

        if (!useInputStats && (runningMean is null || runningVar is null))
        {
            throw new ArgumentException("Expected running_mean and running_var to be defined when use_input_stats is false. Give both.");
        }

        // PyTorch counts the channels of all images.
        foreach (var (values, name) in new[] { (runningMean, "running_mean"), (runningVar, "running_var"), (weight, "weight"), (bias, "bias") })
        {
            if (values is not null && (values.Rank != 1 || values.Layout.Sizes[0] != channels))
            {
                throw new ShapeException(
                    $"{name} should contain {images * channels} elements not {images * values.Layout.Count}. It holds one number for each of the " +
                    $"{channels} channels and has shape {Shape.Text(values.Layout.Sizes)}.");
            }
        }

        Tensor? Each(Tensor? values) => values?.Unsqueeze(0).Expand(images, channels).Reshape(-1);
        var (mean, variance) = (Each(runningMean)?.Clone(), Each(runningVar)?.Clone());
        var joined = Reshape([1, images * channels, .. sizes.AsSpan(2)]);
        var result = joined.BatchNorm(mean, variance, Each(weight), Each(bias), useInputStats, momentum, eps);
        if (useInputStats)
        {
            FollowImages(runningMean, mean, images, channels);
            FollowImages(runningVar, variance, images, channels);
        }

        return result.Reshape(sizes);
    }

    private static void FollowImages(Tensor? running, Tensor? each, int images, int channels)
    {
        if (running is null)
        {
            return;
        }

        var before = Recording.SetHere(false);
        try
        {
            running.Copy_(each!.Reshape(images, channels).Mean([0]));
        }
        finally
        {
            Recording.SetHere(before);
        }
    }
}
