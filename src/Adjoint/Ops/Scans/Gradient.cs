using System.Globalization;

namespace Adjoint;

/// <content>Derivatives of sampled functions, by differences.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The derivatives of a function along dimensions, estimated from its samples by differences of second order (<c>torch.gradient</c>; B. Fornberg,
    /// Generation of Finite Difference Formulas on Arbitrarily Spaced Grids, Mathematics of Computation 51, 1988). Not to be mistaken for the
    /// gradient of this tensor in a graph, which is <see cref="Autograd"/>'s matter.
    /// </summary>
    /// <param name="spacing">The distance between samples, in all dimensions.</param>
    /// <param name="dims">The dimensions, all if none is named; negative ones count from the end.</param>
    /// <param name="edgeOrder">1 or 2: the order of the differences at the edges.</param>
    /// <returns>One tensor for each dimension.</returns>
    /// <exception cref="TensorException">The order is neither 1 nor 2, or a dimension has too few samples, or is named twice.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor[] Gradient(double spacing = 1, ReadOnlySpan<int> dims = default, int edgeOrder = 1)
    {
        var axes = GradientDims(dims, edgeOrder);
        return Array.ConvertAll(axes, axis => EvenGradient(axis, spacing, edgeOrder));
    }

    /// <summary>The same with distances of their own for each dimension.</summary>
    /// <param name="spacing">The distance between samples in each dimension.</param>
    /// <param name="dims">The dimensions, all if none is named; negative ones count from the end.</param>
    /// <param name="edgeOrder">1 or 2: the order of the differences at the edges.</param>
    /// <returns>One tensor for each dimension.</returns>
    /// <exception cref="ShapeException">There is not one distance for each dimension.</exception>
    /// <exception cref="TensorException">The order is neither 1 nor 2, or a dimension has too few samples, or is named twice.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor[] Gradient(ReadOnlySpan<double> spacing, ReadOnlySpan<int> dims = default, int edgeOrder = 1)
    {
        var axes = GradientDims(dims, edgeOrder);
        ThrowUnlessOneForEach(spacing.Length, axes);
        var results = new Tensor[axes.Length];
        for (var i = 0; i < axes.Length; i++)
        {
            results[i] = EvenGradient(axes[i], spacing[i], edgeOrder);
        }

        return results;
    }

    /// <summary>The same with samples at any points.</summary>
    /// <param name="coordinates">For each dimension a vector: where the samples are.</param>
    /// <param name="dims">The dimensions, all if none is named; negative ones count from the end.</param>
    /// <param name="edgeOrder">1 or 2: the order of the differences at the edges.</param>
    /// <returns>One tensor for each dimension.</returns>
    /// <exception cref="ShapeException">There is not one vector for each dimension, as long as that.</exception>
    /// <exception cref="TensorException">The order is neither 1 nor 2, or a dimension has too few samples, or is named twice.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor[] Gradient(IReadOnlyList<Tensor> coordinates, ReadOnlySpan<int> dims = default, int edgeOrder = 1)
    {
        ArgumentNullException.ThrowIfNull(coordinates);
        var axes = GradientDims(dims, edgeOrder);
        ThrowUnlessOneForEach(coordinates.Count, axes);
        var results = new Tensor[axes.Length];
        for (var i = 0; i < axes.Length; i++)
        {
            var points = coordinates[i];
            ArgumentNullException.ThrowIfNull(points, nameof(coordinates));
            if (points.Rank != 1 || points.Layout.Sizes[0] != Layout.Sizes[axes[i]])
            {
                throw new ShapeException(
                    $"torch.gradient expected each element of spacing to have one dimension, but expected {Layout.Sizes[axes[i]]} points and got a " +
                    $"tensor of shape {Shape.Text(points.Layout.Sizes)}.");
            }

            results[i] = UnevenGradient(axes[i], points, edgeOrder);
        }

        return results;
    }

    private static void ThrowUnlessOneForEach(int count, int[] axes)
    {
        if (count != axes.Length)
        {
            throw new ShapeException(
                $"torch.gradient expected spacing to be unspecified, a scalar, or a list of length equal to 'self.dim() = {axes.Length}', " +
                $"but got a list of length {count}");
        }
    }

    private int[] GradientDims(ReadOnlySpan<int> dims, int edgeOrder)
    {
        if (edgeOrder is not (1 or 2))
        {
            throw new TensorException("torch.gradient only supports edge_order=1 and edge_order=2.");
        }

        int[] axes = dims.IsEmpty ? [.. Enumerable.Range(0, Rank)] : dims.ToArray();
        for (var i = 0; i < axes.Length; i++)
        {
            axes[i] = Layout.Dim(axes[i]);
            if (Array.IndexOf(axes, axes[i], 0, i) >= 0)
            {
                throw new TensorException($"dim {axes[i]} appears multiple times in the list of dims");
            }

            if (Rank == 0 || Layout.Sizes[axes[i]] < edgeOrder + 1)
            {
                throw new TensorException(string.Create(
                    CultureInfo.InvariantCulture, $"torch.gradient expected each dimension size to be at least {edgeOrder + 1}"));
            }
        }

        return axes;
    }

    private Tensor EvenGradient(int axis, double h, int edgeOrder)
    {
        Tensor At(int place) => Narrow(axis, place < 0 ? Layout.Sizes[axis] + place : place, 1);
        var middle = (Slice(axis, 2) - Slice(axis, 0, -2)) / (2 * h);
        var (first, last) = edgeOrder == 1
            ? ((At(1) - At(0)) / h, (At(-1) - At(-2)) / h)
            : (((At(0) * -1.5) + (At(1) * 2) - (At(2) * 0.5)) / h, ((At(-3) * 0.5) - (At(-2) * 2) + (At(-1) * 1.5)) / h);
        return Cat([first, middle, last], axis);
    }

    private Tensor UnevenGradient(int axis, Tensor points, int edgeOrder)
    {
        Tensor At(int place) => Narrow(axis, place < 0 ? Layout.Sizes[axis] + place : place, 1);
        var widths = points.Slice(0, 1) - points.Slice(0, 0, -1);
        Tensor Width(int place) => widths.Narrow(0, place < 0 ? widths.Layout.Sizes[0] + place : place, 1);

        int[] along = [.. Enumerable.Repeat(1, Rank)];
        along[axis] = -1;
        Tensor Spread(Tensor factors) => factors.Reshape(along);
        Tensor Sum3(Tensor a, Tensor b, Tensor c, Tensor x, Tensor y, Tensor z) => (Spread(a) * x) + (Spread(b) * y) + (Spread(c) * z);

        var (p, q) = (widths.Slice(0, 0, -1), widths.Slice(0, 1));
        var middle = Sum3(
            -q / (p * (p + q)), (q - p) / (p * q), p / (q * (p + q)), Slice(axis, 0, -2), Slice(axis, 1, -1), Slice(axis, 2));
        if (edgeOrder == 1)
        {
            return Cat([(At(1) - At(0)) / Width(0), middle, (At(-1) - At(-2)) / Width(-1)], axis);
        }

        (p, q) = (Width(0), Width(1));
        var first = Sum3(
            -((p * 2) + q) / (p * (p + q)), (p + q) / (p * q), -p / (q * (p + q)), At(0), At(1), At(2));
        (p, q) = (Width(-2), Width(-1));
        var last = Sum3(
            q / (p * (p + q)), -(q + p) / (p * q), ((q * 2) + p) / (q * (p + q)), At(-3), At(-2), At(-1));
        return Cat([first, middle, last], axis);
    }
}
