using System.Numerics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// Norms with a weight and a bias for each channel of images [N, C, S]: over all images (batch norm), or over groups of channels of one image. Each
/// channel of an image is a run of S neighbours.
/// </summary>
internal static unsafe class NormaliseChannels<T, V, L>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct
    where L : struct, IRegister<T, V>
{
    /// <summary>The mean and the variance (divided by the count) of each channel over all images.</summary>
    public static void Moments(nint images, nint channels, nint size, T* x, T* means, T* variances) =>
        Split(channels, images * size, c =>
        {
            var (sum, squares, count) = (T.Zero, T.Zero, T.CreateChecked(images * size));
            for (nint n = 0; n < images; n++)
            {
                sum += NormaliseLanes<T, V, L>.Sum(x + (((n * channels) + c) * size), size);
            }

            means[c] = sum / count;
            for (nint n = 0; n < images; n++)
            {
                squares += NormaliseLanes<T, V, L>.Squares(x + (((n * channels) + c) * size), size, means[c]);
            }

            variances[c] = squares / count;
        });

    /// <summary>y = (x - mean) * scale * weight + bias by channel; weight and bias may be null.</summary>
    public static void Forward(nint images, nint channels, nint size, T* x, T* means, T* scales, T* weight, T* bias, T* y) =>
        Split(channels, images * size, c =>
        {
            var factor = weight == null ? scales[c] : scales[c] * weight[c];
            var shift = (bias == null ? T.Zero : bias[c]) - (means[c] * factor);
            for (nint n = 0; n < images; n++)
            {
                var at = ((n * channels) + c) * size;
                NormaliseLanes<T, V, L>.Affine(x + at, size, factor, shift, y + at);
            }
        });

    /// <summary>
    /// The gradients; what is not wanted is null. Without training, means and scales are constants. Means may be null where neither the weight nor
    /// training asks for them, and scales where only the bias has a gradient.
    /// </summary>
    public static void Backward(
        nint images, nint channels, nint size, bool training, T* g, T* x, T* means, T* scales, T* weight, T* dx, T* dWeight, T* dBias) =>
        Split(channels, images * size, c =>
        {
            var (sum, product) = (T.Zero, T.Zero);
            for (nint n = 0; n < images; n++)
            {
                var at = ((n * channels) + c) * size;
                var (one, two) = NormaliseLanes<T, V, L>.Moments(g + at, x + at, size, means == null ? T.Zero : means[c]);
                sum += one;
                product += two;
            }

            if (dWeight != null)
            {
                dWeight[c] = product * scales[c];
            }

            if (dBias != null)
            {
                dBias[c] = sum;
            }

            if (dx == null)
            {
                return;
            }

            // factor * (g - mean(g) - z * mean(g * z)), with z = (x - mean) * scale.
            var factor = weight == null ? scales[c] : scales[c] * weight[c];
            var count = T.CreateChecked(images * size);
            var ofX = training ? -factor * scales[c] * scales[c] * product / count : T.Zero;
            var rest = training ? -(factor * sum / count) - (ofX * means[c]) : T.Zero;
            for (nint n = 0; n < images; n++)
            {
                var at = ((n * channels) + c) * size;
                if (training)
                {
                    NormaliseLanes<T, V, L>.Combine(g + at, x + at, size, factor, ofX, rest, dx + at);
                }
                else
                {
                    NormaliseLanes<T, V, L>.Affine(g + at, size, factor, T.Zero, dx + at);
                }
            }
        });

    /// <summary>A norm over groups of channels of each image; means and scales are kept by image and group.</summary>
    public static void ForwardGroups(
        nint images, nint channels, nint size, nint groups, T* x, T* weight, T* bias, T eps, T* y, T* means, T* scales)
    {
        var each = channels / groups;
        Split(images * groups, each * size, i =>
        {
            var from = x + (i * each * size);
            var count = T.CreateChecked(each * size);
            var mean = NormaliseLanes<T, V, L>.Sum(from, each * size) / count;
            var scale = T.One / T.Sqrt((NormaliseLanes<T, V, L>.Squares(from, each * size, mean) / count) + eps);
            (means[i], scales[i]) = (mean, scale);
            for (nint c = 0; c < each; c++)
            {
                var channel = (i % groups * each) + c;
                var factor = weight == null ? scale : scale * weight[channel];
                var shift = (bias == null ? T.Zero : bias[channel]) - (mean * factor);
                NormaliseLanes<T, V, L>.Affine(from + (c * size), size, factor, shift, y + (((i * each) + c) * size));
            }
        });
    }

    /// <summary>
    /// The gradients of a norm over groups; what is not wanted is null. Means and scales may be null where x and the weight have none.
    /// </summary>
    public static void BackwardGroups(
        nint images, nint channels, nint size, nint groups, T* g, T* x, T* weight, T* means, T* scales, T* dx, T* dWeight, T* dBias)
    {
        var each = channels / groups;
        if (2 * images * channels > Array.MaxLength)
        {
            throw new ShapeException(
                $"a group norm has at most {Array.MaxLength / 2} channels in all images, not {images * channels}. Cut the batch.");
        }

        var all = new T[2 * images * channels];
        fixed (T* moments = all)
        {
            // A lambda cannot capture a fixed pointer by name.
            var start = moments;
            Split(images * groups, each * size, i =>
            {
                var (mean, scale) = means == null ? (T.Zero, T.Zero) : (means[i], scales[i]);
                var (sum, product) = (T.Zero, T.Zero);
                for (nint c = 0; c < each; c++)
                {
                    var at = (i * each) + c;
                    var (one, two) = NormaliseLanes<T, V, L>.Moments(g + (at * size), x + (at * size), size, mean);
                    start[2 * at] = one;
                    start[(2 * at) + 1] = two * scale;
                    var factor = weight == null ? T.One : weight[(i % groups * each) + c];
                    sum += one * factor;
                    product += two * scale * factor;
                }

                if (dx == null)
                {
                    return;
                }

                var count = T.CreateChecked(each * size);
                var ofX = -scale * scale * product / count;
                var rest = -(scale * sum / count) - (ofX * mean);
                for (nint c = 0; c < each; c++)
                {
                    var at = ((i * each) + c) * size;
                    var factor = weight == null ? scale : scale * weight[(i % groups * each) + c];
                    NormaliseLanes<T, V, L>.Combine(g + at, x + at, size, factor, ofX, rest, dx + at);
                }
            });
            for (nint c = 0; c < channels; c++)
            {
                var (one, two) = (T.Zero, T.Zero);
                for (nint n = 0; n < images; n++)
                {
                    one += moments[2 * ((n * channels) + c)];
                    two += moments[(2 * ((n * channels) + c)) + 1];
                }

                if (dBias != null)
                {
                    dBias[c] = one;
                }

                if (dWeight != null)
                {
                    dWeight[c] = two;
                }
            }
        }
    }

    private static void Split(nint items, nint each, Action<nint> work)
    {
        var parts = (int)Math.Min(items, 16);
        Team.Run(parts, items * (double)each >= 1 << 15, part =>
        {
            for (var i = items * part / parts; i < items * (part + 1) / parts; i++)
            {
                work(i);
            }
        });
    }
}
