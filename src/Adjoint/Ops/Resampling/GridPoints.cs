using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// The elements that the points of a grid read, one of a fixed number of corners for all points at once, with weights and slopes in recorded tensor
/// operators: what a grid sampler means, for those who look inside. All are of shape [N, 1, points].
/// </summary>
internal sealed class GridPoints
{
    private readonly GridSample _op;
    private readonly int[] _sizes;

    /// <summary>Finds them.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="sizes">The sizes of the images.</param>
    /// <param name="grid">The points.</param>
    public GridPoints(GridSample op, int[] sizes, Tensor grid)
    {
        (_op, _sizes) = (op, sizes);
        var points = Shape.Dimension(Shape.Product(grid.Layout.Sizes.AsSpan(1, grid.Rank - 2)), "the points of a grid");
        Flat = [sizes[0], sizes[1], points];
        var taps = new Tap[op.Axes][];
        for (var a = 0; a < op.Axes; a++)
        {
            taps[a] = Along(a, grid.Select(-1, op.Axes - 1 - a).Reshape(sizes[0], 1, points));
        }

        Corners = [.. Combine(taps)];
    }

    /// <summary>[N, C, points].</summary>
    public int[] Flat { get; }

    /// <summary>What every point reads.</summary>
    public IReadOnlyList<Corner> Corners { get; }

    /// <summary>One element of each image for each point.</summary>
    /// <param name="Position">Where it is in its channel; anywhere if it does not exist.</param>
    /// <param name="Exists">Whether it does; null if it always does.</param>
    /// <param name="Weight">Its weight.</param>
    /// <param name="Slopes">The derivative of the weight by each coordinate, in the order of the axes.</param>
    public sealed record Corner(Tensor Position, Tensor? Exists, Tensor Weight, Tensor[] Slopes);

    private sealed record Tap(Tensor Element, Tensor? Exists, Tensor Weight, Tensor Slope);

    /// <summary>The elements of a corner, [N, C, points]; zeros where they do not exist.</summary>
    public Tensor Read(Tensor images, Corner corner)
    {
        var read = Op.Indexed(new PlanePick(1, IsAdaptive: false), images.Reshape(_sizes[0], _sizes[1], -1), corner.Position.Expand(Flat));
        return corner.Exists is { } exists ? Tensor.Where(exists, read, 0) : read;
    }

    /// <summary>The transpose of <see cref="Read"/>.</summary>
    public Tensor Put(Tensor values, Corner corner)
    {
        var known = corner.Exists is { } exists ? Tensor.Where(exists, values, 0) : values;
        var size = Shape.Dimension(Shape.Product(_sizes.AsSpan(2)), "a channel of an image");
        return Op.Indexed(new PlanePut(1, [size], IsAdaptive: false), known, corner.Position.Expand(Flat));
    }

    private IEnumerable<Corner> Combine(Tap[][] taps)
    {
        var chosen = new int[taps.Length];
        do
        {
            var all = taps.Select((axis, a) => axis[chosen[a]]).ToArray();
            Tensor? position = null;
            for (var a = 0; a < all.Length; a++)
            {
                position = position is null ? all[a].Element : (position * _sizes[a + 2]) + all[a].Element;
            }

            var exists = all.Where(tap => tap.Exists is not null).Select(tap => tap.Exists!).ToArray();
            yield return new(
                position!,
                exists.Length > 0 ? exists.Aggregate((a, b) => a & b) : null,
                Product(all.Select(tap => tap.Weight)),
                [.. all.Select((tap, a) => Product(all.Select((other, b) => a == b ? other.Slope : other.Weight)))]);
        }
        while (Advance(chosen, taps));
    }

    private static bool Advance(int[] chosen, Tap[][] taps)
    {
        for (var a = chosen.Length - 1; a >= 0; a--)
        {
            if (++chosen[a] < taps[a].Length)
            {
                return true;
            }

            chosen[a] = 0;
        }

        return false;
    }

    private static Tensor Product(IEnumerable<Tensor> factors) => factors.Aggregate((a, b) => a * b);

    private Tap[] Along(int axis, Tensor coordinate)
    {
        var size = _sizes[axis + 2];
        var place = _op.AlignCorners ? (coordinate + 1) * (0.5 * (size - 1)) : (((coordinate + 1) * size) - 1) * 0.5;
        var scale = Tensor.FullLike(place.Detach(), 0.5 * (_op.AlignCorners ? size - 1 : size));
        if (_op.Mode != GridSampleMode.Bicubic)
        {
            (place, scale) = Inside(place, scale, size);
        }

        // What no image holds, and what is no number, lies outside of all.
        place = Tensor.Where(place.Abs() < (double)(1 << 30), place, -100);
        if (_op.Mode == GridSampleMode.Nearest)
        {
            return [At(Rounded(place.Detach()), size, Tensor.OnesLike(scale), Tensor.ZerosLike(scale))];
        }

        var floor = place.Detach().Floor();
        var t = place - floor;
        if (_op.Mode == GridSampleMode.Bilinear)
        {
            return [At(floor, size, 1 - t, -scale), At(floor + 1, size, t, scale)];
        }

        var rest = 1 - t;
        return
        [
            Cubic(floor - 1, size, Outer(t + 1), OuterSlope(t + 1) * scale),
            Cubic(floor, size, Inner(t), InnerSlope(t) * scale),
            Cubic(floor + 1, size, Inner(rest), -InnerSlope(rest) * scale),
            Cubic(floor + 2, size, Outer(rest + 1), -OuterSlope(rest + 1) * scale),
        ];
    }

    // R. Keys, Cubic convolution interpolation for digital image processing (1981), equation 4 with a = -0.75, and its derivatives.
    private static Tensor Inner(Tensor x) => (((1.25 * x) - 2.25) * x * x) + 1;

    private static Tensor InnerSlope(Tensor x) => ((3.75 * x) - 4.5) * x;

    private static Tensor Outer(Tensor x) => ((((-0.75 * x) + 3.75) * x - 6) * x) + 3;

    private static Tensor OuterSlope(Tensor x) => (((-2.25 * x) + 7.5) * x) - 6;

    /// <summary>The nearest whole number; halves go to the even one.</summary>
    private static Tensor Rounded(Tensor x)
    {
        var up = (x + 0.5).Floor();
        var isOdd = up - (2 * (up * 0.5).Floor()) == 1;
        return Tensor.Where((up - x == 0.5) & isOdd, up - 1, up);
    }

    private Tap Cubic(Tensor element, int size, Tensor weight, Tensor slope) => _op.Padding == GridSamplePadding.Zeros
        ? At(element, size, weight, slope)
        : At(Inside(element, Tensor.OnesLike(element), size).Place, size, weight, slope);

    private static Tap At(Tensor element, int size, Tensor weight, Tensor slope) => new(
        element.Clamp(0, size - 1).To(DType.Int64), (element >= 0) & (element <= (double)(size - 1)), weight, slope);

    /// <summary>Places brought into the image, and how fast they move there.</summary>
    private (Tensor Place, Tensor Scale) Inside(Tensor place, Tensor scale, int size)
    {
        if (_op.Padding == GridSamplePadding.Zeros)
        {
            return (place, scale);
        }

        if (_op.Padding == GridSamplePadding.Reflection)
        {
            (place, scale) = Reflected(place, scale, size);
        }

        // What is no number is at the first element.
        var (isAbove, isInside) = (place >= (double)(size - 1), (place > 0) & (place < (double)(size - 1)));
        return (Tensor.Where(isInside, place, Tensor.Where(isAbove, size - 1, Tensor.ZerosLike(scale))), Tensor.Where(isInside, scale, 0));
    }

    private (Tensor Place, Tensor Scale) Reflected(Tensor place, Tensor scale, int size)
    {
        var low = _op.AlignCorners ? 0 : -0.5;
        double span = _op.AlignCorners ? size - 1 : size;
        if (span == 0)
        {
            return (Tensor.ZerosLike(scale), Tensor.ZerosLike(scale));
        }

        var distance = place - low;
        var isBelow = distance < 0;
        (distance, scale) = (Tensor.Where(isBelow, -distance, distance), Tensor.Where(isBelow, -scale, scale));
        var turns = (distance.Detach() / span).Floor();
        var extra = distance - (turns * span);
        var isEven = turns - (2 * (turns * 0.5).Floor()) == 0;
        return (Tensor.Where(isEven, extra + low, span - extra + low), Tensor.Where(isEven, scale, -scale));
    }
}
