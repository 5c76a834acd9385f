namespace Adjoint;

/// <content>Local response norm, and norms with the statistics they used.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// x / (k + alpha * m)^beta with m the mean of squares over neighbouring channels (<c>torch.nn.functional.local_response_norm</c>; A. Krizhevsky
    /// et al., 2012). Shape [N, C, ...]; reals.
    /// </summary>
    /// <param name="size">How many channels count, this one in the middle; those that do not exist count as zeros.</param>
    /// <param name="alpha">The weight of the mean.</param>
    /// <param name="beta">The exponent.</param>
    /// <param name="k">What is added.</param>
    /// <exception cref="ShapeException">There are fewer than three dimensions.</exception>
    public Tensor LocalResponseNorm(int size, double alpha = 1e-4, double beta = 0.75, double k = 1)
    {
        if (Rank < 3)
        {
            throw new ShapeException($"Expected 3D or higher dimensionality input (got {Rank} dimensions)");
        }

        if (size <= 0)
        {
            throw new ShapeException($"size must be positive, but got {size}");
        }

        if (Count == 0)
        {
            return this;
        }

        // Channels as the first of two axes, and all others as the second.
        var squares = Square().Reshape(Layout.Sizes[0], 1, Layout.Sizes[1], -1).Pad([0, 0, size / 2, (size - 1) / 2]);
        var means = squares.AvgPool2d((size, 1), 1).Reshape(Layout.Sizes);
        return this / ((means * alpha) + k).Pow(beta);
    }

    /// <summary>
    /// The layer norm with the mean of each row and the reciprocal of its deviation (<c>torch.native_layer_norm</c>), which have size 1 where the row
    /// was; nothing flows through them.
    /// </summary>
    /// <param name="normalizedShape">The sizes of the last dimensions.</param>
    /// <param name="weight">Of that shape; null for ones.</param>
    /// <param name="bias">Of that shape; null for zeros.</param>
    /// <param name="eps">What keeps the divisor from 0.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are no reals.</exception>
    public (Tensor Output, Tensor Mean, Tensor Rstd) NativeLayerNorm(
        int[] normalizedShape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5)
    {
        var output = LayerNorm(normalizedShape, weight, bias, eps);
        var (mean, rstd) = Statistics(Detach(), [.. Enumerable.Range(Rank - normalizedShape.Length, normalizedShape.Length)], eps, keepDim: true);
        return (output, mean, rstd);
    }

    /// <summary>
    /// The batch norm with the mean of each channel and the reciprocal of its deviation (<c>torch.native_batch_norm</c>), both empty where running
    /// statistics were used; nothing flows through them.
    /// </summary>
    /// <param name="weight">One number for each channel; null for ones.</param>
    /// <param name="bias">One number for each channel; null for zeros.</param>
    /// <param name="runningMean">Used, or in training changed.</param>
    /// <param name="runningVar">Used, or in training changed.</param>
    /// <param name="training">Whether the statistics are those of the batch.</param>
    /// <param name="momentum">The weight of new statistics in running ones.</param>
    /// <param name="eps">What keeps the divisor from 0.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes do not fit, or are no reals.</exception>
    public (Tensor Output, Tensor Mean, Tensor Rstd) NativeBatchNorm(
        Tensor? weight, Tensor? bias, Tensor? runningMean, Tensor? runningVar, bool training, double momentum, double eps)
    {
        var output = BatchNorm(runningMean, runningVar, weight, bias, training, momentum, eps);
        if (!training)
        {
            return (output, Zeros([0], DType), Zeros([0], DType));
        }

        var (mean, rstd) = Statistics(Detach(), [.. Enumerable.Range(0, Rank).Where(dim => dim != 1)], eps, keepDim: false);
        return (output, mean, rstd);
    }

    private static (Tensor Mean, Tensor Rstd) Statistics(Tensor x, int[] dims, double eps, bool keepDim)
    {
        var mean = x.Mean(dims, keepDim: true);
        var rstd = ((x - mean).Square().Mean(dims, keepDim) + eps).Sqrt().Reciprocal();
        return (keepDim ? mean : mean.Reshape(rstd.Layout.Sizes), rstd);
    }
}
