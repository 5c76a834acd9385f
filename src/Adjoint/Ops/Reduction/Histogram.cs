using System.Globalization;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Counts in boxes between edges: the arguments of both histograms, and the way to the loop.</summary>
internal static class Boxes
{
    /// <summary>Edges of bins of one width for each coordinate.</summary>
    /// <param name="points">The points, as a matrix.</param>
    /// <param name="bins">How many bins each coordinate has.</param>
    /// <param name="range">The ends for each coordinate; null for those of the points.</param>
    /// <param name="name">PyTorch's name of the operator.</param>
    public static Tensor[] Edges(Tensor points, ReadOnlySpan<int> bins, double[]? range, string name)
    {
        var coordinates = points.Layout.Sizes[1];
        if (bins.Length != coordinates)
        {
            throw NotOneForEach(bins.Length, coordinates, name);
        }

        if (range is not null && range.Length != 2 * coordinates)
        {
            throw new ShapeException(
                $"{name}: for a {coordinates}-dimensional histogram range should have {2 * coordinates} elements, but got {range.Length}");
        }

        var edges = new Tensor[coordinates];
        for (var d = 0; d < coordinates; d++)
        {
            if (bins[d] <= 0)
            {
                throw new TensorException(string.Create(
                    CultureInfo.InvariantCulture, $"{name}(): bins must be > 0, but got {bins[d]} for dimension {d}"));
            }

            edges[d] = Even(points, d, bins[d], range, name);
        }

        return edges;
    }

    /// <summary>The sums of weights in boxes, and of densities if that is asked for.</summary>
    /// <param name="points">The points, as a matrix.</param>
    /// <param name="edges">The edges for each coordinate.</param>
    /// <param name="weight">One for each point.</param>
    /// <param name="density">Divide by the sum of all and by the size of each box.</param>
    /// <param name="name">PyTorch's name of the operator.</param>
    public static unsafe Tensor Sums(Tensor points, Tensor[] edges, Tensor? weight, bool density, string name)
    {
        var dtype = points.DType;
        if (edges.Length != points.Layout.Sizes[1])
        {
            throw NotOneForEach(edges.Length, points.Layout.Sizes[1], name);
        }

        foreach (var edge in edges)
        {
            if (edge.DType != dtype)
            {
                throw new DTypeException(
                    $"torch.{name}(): input tensor and bins tensors should have the same dtype, but got input with dtype {dtype.ScalarName} and " +
                    $"bins with dtype {edge.DType.ScalarName}. Convert them with To(DType.{dtype}).");
            }

            if (edge.Rank != 1 || edge.Layout.Count < 2)
            {
                throw new ShapeException(
                    $"torch.{name}(): bins tensor should have one dimension and at least two edges, but got one of shape " +
                    $"{Shape.Text(edge.Layout.Sizes)}");
            }
        }

        if (weight is not null && weight.DType != dtype)
        {
            throw new DTypeException(
                $"torch.{name}(): if weight tensor is provided, input tensor and weight tensor should have the same dtype, but got " +
                $"input({dtype.ScalarName}), and weight({weight.DType.ScalarName}). Convert it with To(DType.{dtype}).");
        }

        int[] bins = [.. edges.Select(edge => edge.Layout.Sizes[0] - 1)];
        var sums = Op.Zeroed(Layout.Dense(bins), dtype);
        var weights = weight is null ? null : Op.Contiguous(weight);
        var flat = Op.Contiguous(Tensor.Cat(edges));
        points = Op.Contiguous(points);
        using var pins = new Pins(points, flat, weights, sums);
        dtype.VisitReal(
            new Job { Points = pins[0], Count = points.Layout.Sizes[0], Edges = pins[1], Bins = bins, Weights = pins[2], Sums = pins[3] }, name);
        return density ? Densities(sums, edges) : sums;
    }

    /// <summary>Checks what the weights and the points are.</summary>
    public static void Check(Tensor x, Tensor? weight, ReadOnlySpan<int> weightSizes, string name)
    {
        if (!x.DType.IsFloatingPoint || x.DType.IsNarrow)
        {
            throw x.DType.NotImplemented($"{name}_cpu");
        }

        if (weight is not null && !weight.Layout.Sizes.AsSpan().SequenceEqual(weightSizes))
        {
            throw new ShapeException(
                $"torch.{name}(): if weight tensor is provided it should have the same shape as the input tensor excluding its innermost " +
                $"dimension, but got input with shape {Shape.Text(x.Layout.Sizes)} and weight with shape {Shape.Text(weight.Layout.Sizes)}");
        }
    }

    private static ShapeException NotOneForEach(int bins, int coordinates, string name) => new(
        $"{name}: The size of bins must be equal to the innermost dimension of the input. There are {bins} for {coordinates}.");

    private static Tensor Even(Tensor points, int d, int bins, double[]? range, string name)
    {
        var (low, high) = (0.0, 1.0);
        if (range is not null)
        {
            (low, high) = (range[2 * d], range[(2 * d) + 1]);
        }
        else if (points.Layout.Count > 0)
        {
            var column = points.Select(1, d);
            (low, high) = (column.Min().Item(), column.Max().Item());
        }

        if (!double.IsFinite(low) || !double.IsFinite(high))
        {
            throw new TensorException(string.Create(
                CultureInfo.InvariantCulture, $"{name}(): dimension {d}'s range [{low}, {high}] is not finite"));
        }

        if (low > high)
        {
            throw new TensorException(string.Create(
                CultureInfo.InvariantCulture, $"{name}(): min should not exceed max, but got min {low} max {high} for dimension {d}"));
        }

        if (low == high)
        {
            (low, high) = (low - 0.5, high + 0.5);
        }

        return Tensor.Linspace(low, high, bins + 1, points.DType);
    }

    private static Tensor Densities(Tensor sums, Tensor[] edges)
    {
        var densities = sums / sums.Sum();
        for (var d = 0; d < edges.Length; d++)
        {
            var widths = edges[d].Slice(0, 1) - edges[d].Slice(0, 0, -1);
            int[] sizes = [.. Enumerable.Repeat(1, edges.Length)];
            sizes[d] = widths.Layout.Sizes[0];
            densities = densities / widths.Reshape(sizes);
        }

        return densities;
    }

    private unsafe ref struct Job : IRealJob
    {
        public byte* Points;
        public nint Count;
        public byte* Edges;
        public ReadOnlySpan<int> Bins;
        public byte* Weights;
        public byte* Sums;

        readonly void IRealJob.Run<T>() => BinSums.Boxes((T*)Points, Count, (T*)Edges, Bins, (T*)Weights, (T*)Sums);
    }
}

/// <content>Histograms.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// How many elements lie in each of several bins of one width, or the sum of their weights (<c>torch.histogram</c>). What lies outside is not
    /// counted; the last bin holds its right end. Nothing flows through.
    /// </summary>
    /// <param name="bins">How many.</param>
    /// <param name="range">The ends; null for those of the elements.</param>
    /// <param name="weight">One for each element, of the same shape and dtype.</param>
    /// <param name="density">Divide by the sum of all and by the width of each bin.</param>
    /// <returns>The counts, and the edges, one more.</returns>
    /// <exception cref="TensorException">There are no bins, or the ends are in the wrong order or not finite.</exception>
    /// <exception cref="ShapeException">The weights have another shape.</exception>
    /// <exception cref="DTypeException">The elements are neither float32 nor float64, or the weights have another dtype.</exception>
    public (Tensor Hist, Tensor BinEdges) Histogram(int bins, (double Min, double Max)? range = null, Tensor? weight = null, bool density = false)
    {
        Boxes.Check(this, weight, Layout.Sizes, "histogram");
        var points = Detach().Reshape(-1, 1);
        var edges = Boxes.Edges(points, [bins], range is { } ends ? [ends.Min, ends.Max] : null, "histogram");
        return (Boxes.Sums(points, edges, weight?.Detach(), density, "histogram"), edges[0]);
    }

    /// <summary>How many elements lie between sorted edges, or the sum of their weights (<c>torch.histogram</c>).</summary>
    /// <param name="bins">The edges, sorted, one more than bins.</param>
    /// <param name="weight">One for each element, of the same shape and dtype.</param>
    /// <param name="density">Divide by the sum of all and by the width of each bin.</param>
    /// <returns>The counts, and the edges.</returns>
    /// <exception cref="ShapeException">There are fewer than two edges, or the weights have another shape.</exception>
    /// <exception cref="DTypeException">The elements are neither float32 nor float64, or the edges or weights have another dtype.</exception>
    public (Tensor Hist, Tensor BinEdges) Histogram(Tensor bins, Tensor? weight = null, bool density = false)
    {
        ArgumentNullException.ThrowIfNull(bins);
        Boxes.Check(this, weight, Layout.Sizes, "histogram");
        return (Boxes.Sums(Detach().Reshape(-1, 1), [bins.Detach()], weight?.Detach(), density, "histogram"), bins.Detach());
    }

    /// <summary>
    /// How many points lie in each of several boxes of one size, or the sum of their weights (<c>torch.histogramdd</c>). The last dimension holds the
    /// coordinates of a point.
    /// </summary>
    /// <param name="bins">How many for each coordinate.</param>
    /// <param name="range">The ends for each coordinate, one after the other; null for those of the points.</param>
    /// <param name="weight">One for each point, of the same dtype.</param>
    /// <param name="density">Divide by the sum of all and by the size of each box.</param>
    /// <returns>The counts, and the edges for each coordinate.</returns>
    /// <exception cref="TensorException">There are no bins, or the ends are in the wrong order or not finite.</exception>
    /// <exception cref="ShapeException">There is not one number of bins for each coordinate, or the weights have another shape.</exception>
    /// <exception cref="DTypeException">The points are neither float32 nor float64, or the weights have another dtype.</exception>
    public (Tensor Hist, Tensor[] BinEdges) HistogramDD(ReadOnlySpan<int> bins, double[]? range = null, Tensor? weight = null, bool density = false)
    {
        var points = Points(weight);
        var edges = Boxes.Edges(points, bins, range, "histogramdd");
        return (Boxes.Sums(points, edges, weight?.Detach().Reshape(-1), density, "histogramdd"), edges);
    }

    /// <summary>How many points lie in each of several boxes between sorted edges, or the sum of their weights (<c>torch.histogramdd</c>).</summary>
    /// <param name="bins">The edges for each coordinate, sorted.</param>
    /// <param name="weight">One for each point, of the same dtype.</param>
    /// <param name="density">Divide by the sum of all and by the size of each box.</param>
    /// <returns>The counts, and the edges for each coordinate.</returns>
    /// <exception cref="ShapeException">There are no edges for a coordinate, or the weights have another shape.</exception>
    /// <exception cref="DTypeException">The points are neither float32 nor float64, or the edges or weights have another dtype.</exception>
    public (Tensor Hist, Tensor[] BinEdges) HistogramDD(IReadOnlyList<Tensor> bins, Tensor? weight = null, bool density = false)
    {
        Operands.ThrowIfAnyNull(bins, nameof(HistogramDD));
        var points = Points(weight);
        Tensor[] edges = [.. bins.Select(edge => edge.Detach())];
        return (Boxes.Sums(points, edges, weight?.Detach().Reshape(-1), density, "histogramdd"), edges);
    }

    /// <summary>The points of a histogram as a matrix.</summary>
    private Tensor Points(Tensor? weight)
    {
        if (Rank < 2)
        {
            throw new ShapeException($"torch.histogramdd(): input tensor should have at least 2 dimensions, but got {Rank}");
        }

        Boxes.Check(this, weight, Layout.Sizes.AsSpan(0, Rank - 1), "histogramdd");
        return Detach().Reshape((int)Shape.Product(Layout.Sizes.AsSpan(0, Rank - 1)), Layout.Sizes[^1]);
    }
}
