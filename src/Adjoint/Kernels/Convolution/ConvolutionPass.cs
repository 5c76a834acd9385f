using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Memory;

namespace Adjoint.Kernels;

// The convolution, and its gradient by x, as a matrix product that never writes the matrix of patches.
//
// ConvolutionPlanes lays a band of an image out, with zeros around it, so that each tap reads neighbours at a constant offset: a step of the product,
// one channel and tap, is an offset into the planes. Two ways to fill registers are left. Lanes are channels of the result (ConvolutionChannels): the
// packed weights are read register by register, and each number of the image is broadcast, for up to fourteen positions at a time that may lie
// anywhere. Or lanes are neighbouring positions (ConvolutionStrips): the image is read register by register, across the margins between its rows, and
// each weight is broadcast. The first wastes lanes where channels are few, the second where rows are short; Choose counts both.
//
// The gradient of x is the same with the roles of the channels exchanged, once for each remainder of positions by the stride.
//
// An element of the result is one sum over channels and taps, in an order and by a way that follow from the sizes of one image,
// whichever thread computes it.

/// <summary>A convolution of images with weights, or its transpose by the images.</summary>
internal sealed unsafe class ConvolutionPass<T, TTile>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TTile : struct, IConvolutionTile<T>
{
    // So many parts are enough for a few threads to end at about the same time.
    private const int FewestParts = 8;

    private const double Parallel = 1 << 19;

    // Small images share a part, so that their positions fill tiles.
    private const int FewestPositions = 112;

    private readonly T* _weight;
    private readonly int[] _size;

    private ConvolutionPass(ConvolutionGeometry g, bool isInput, T* source, T* weight, T* bias, T* target)
    {
        Geometry = g;
        IsInput = isInput;
        Source = source;
        _weight = weight;
        Bias = bias;
        Target = target;
        Rows = isInput ? g.Inputs : g.Outputs;
        TargetPlane = isInput ? g.InPlane : g.OutPlane;
        var channels = isInput ? g.Outputs : g.Inputs;
        SourceUnit = channels * (isInput ? g.OutPlane : g.InPlane);
        int[] counts = isInput ? [.. g.In.Select((size, a) => (int)(((long)size + g.Stride[a] - 1) / g.Stride[a]))] : g.Out;
        int[] reach = [g.Reach(0), g.Reach(1), g.Reach(2)];
        LanesAreChannels = Choose(counts, reach, channels * g.Taps);
        _size = ConvolutionBand.Size(counts, reach, (double)SourceUnit * sizeof(T), (double)g.Batch * g.Groups, g.Work < Parallel ? 1 : FewestParts);
        if (LanesAreChannels)
        {
            Registers = Rows > TTile.Lanes ? 2 : 1;
            PanelRows = Registers * TTile.Lanes;
            return;
        }

        var length = ((counts[1] - 1) * (double)(counts[2] + reach[2])) + counts[2];
        Registers = Rows <= TTile.MostRows(4) && length > 3 * TTile.Lanes ? 4 : 2;
        PanelRows = Even(Rows, TTile.MostRows(Registers));
    }

    public ConvolutionGeometry Geometry { get; }

    public bool IsInput { get; }

    /// <summary>Whether lanes of registers are channels of the result; positions otherwise.</summary>
    public bool LanesAreChannels { get; }

    /// <summary>The width of a tile, in registers.</summary>
    public int Registers { get; }

    /// <summary>Channels of the result for which weights are packed together.</summary>
    public int PanelRows { get; }

    /// <summary>Channels of the result in one group.</summary>
    public int Rows { get; }

    public T* Source { get; }

    public T* Bias { get; }

    public T* Target { get; }

    /// <summary>Elements of one group of channels of one image.</summary>
    public nint SourceUnit { get; }

    /// <summary>Elements of one channel of the result.</summary>
    public nint TargetPlane { get; }

    /// <summary>y = the convolution of x with the weights, plus the bias if there is one. All dense.</summary>
    public static void Forward(ConvolutionGeometry g, T* x, T* weight, T* bias, T* y)
    {
        var pass = new ConvolutionPass<T, TTile>(g, isInput: false, x, weight, bias, y);
        var planes = pass.LanesAreChannels
            ? ConvolutionPlanes.OfWholeInput(g, pass._size, sizeof(T), out var taps) : ConvolutionPlanes.OfInput(g, pass._size, sizeof(T), out taps);
        pass.Run(ConvolutionGrid.OfOutput(g, taps), planes);
    }

    /// <summary>The transpose by x, applied to a gradient of y; plus the bias if there is one. All dense.</summary>
    public static void Input(ConvolutionGeometry g, T* gradient, T* weight, T* bias, T* x)
    {
        var pass = new ConvolutionPass<T, TTile>(g, isInput: true, gradient, weight, bias, x);

        // Strips read beyond the last position of a plane.
        var planes = ConvolutionPlanes.OfGradient(g, pass._size, sizeof(T), mayBeInPlace: pass.LanesAreChannels);
        foreach (var grid in ConvolutionGrid.OfInput(g, planes))
        {
            pass.Run(grid, planes);
        }
    }

    /// <summary>The height of equal tiles of at most so many rows.</summary>
    public static int Even(int rows, int most)
    {
        var tiles = ((long)rows + most - 1) / most;
        return (int)((rows + tiles - 1) / tiles);
    }

    /// <summary>Whether channels fill registers better than positions do: registers that each way multiplies in a step,
    /// and what it adds to write a result.</summary>
    private bool Choose(int[] counts, int[] reach, double depth)
    {
        var lanes = TTile.Lanes;
        var positions = (double)counts[0] * counts[1] * counts[2];
        var length = ((counts[1] - 1) * (double)(counts[2] + reach[2])) + counts[2];
        var registers = Math.Ceiling((double)Rows / lanes);

        // One register wide, a tile loads as much as it multiplies; less than eight sums wait for each other.
        var asChannels = (registers * positions * (registers > 1 ? 1 : 1.3)) + (positions * Rows / depth);
        var height = Even(Rows, TTile.MostRows(2));
        var wide = Rows <= TTile.MostRows(4) ? 4 : 2;
        var rows = Math.Ceiling((double)Rows / height) * height * (Rows * wide < 8 ? 8.0 / (Rows * wide) : 1);
        var asPositions = (rows * counts[0] * Math.Ceiling(length / (2 * lanes)) * 2) + (positions * Rows / (2 * depth));
        return asChannels < asPositions;
    }

    private void Run(ConvolutionGrid grid, ConvolutionPlanes planes)
    {
        var g = Geometry;
        var depth = checked(planes.Channels * grid.Taps.Length);
        var steps = new nint[depth];
        for (int c = 0, k = 0; c < planes.Channels; c++)
        {
            for (var t = 0; t < grid.Taps.Length; t++, k++)
            {
                steps[k] = (c * planes.Channel) + grid.Offsets[t];
            }
        }

        var panels = (Rows + PanelRows - 1) / PanelRows;
        var packedGroup = (nint)panels * PanelRows * depth;
        var block = BlockPool.Rent(Math.Max(64, packedGroup * g.Groups * sizeof(T)));
        var packed = (T*)block.Pointer;
        Team.Run(panels * g.Groups, packedGroup * g.Groups > 1 << 16, part =>
            Pack(part / panels, part % panels * PanelRows, grid.Taps, packed + ((nint)part * PanelRows * depth)));

        var axis = ConvolutionBand.Axis(grid.Counts);
        var bands = (grid.Counts[axis] + _size[axis] - 1) / _size[axis];
        var units = g.Batch * g.Groups;
        var positions = (double)grid.Counts[0] * grid.Counts[1] * grid.Counts[2];
        var together = bands > 1 || g.Groups > 1 || !LanesAreChannels ? 1
            : (int)Math.Clamp(Math.Ceiling(FewestPositions / positions), 1, Math.Max(1, units / FewestParts));
        var shares = (units + together - 1) / together;
        Team.Run(shares * bands, Geometry.Work >= Parallel, part =>
        {
            Span<int> length = stackalloc int[ConvolutionGeometry.Axes];
            var band = ConvolutionBand.At(part % bands, _size, grid.Counts, length);
            var unit = part / bands * together;
            var weights = packed + (unit % g.Groups * packedGroup);
            if (LanesAreChannels)
            {
                ConvolutionChannels<T, TTile>.Run(this, grid, planes, steps, weights, unit, Math.Min(together, units - unit), band, length);
            }
            else
            {
                ConvolutionStrips<T, TTile>.Run(this, grid, planes, steps, weights, unit, band, length);
            }
        });
        block.Return();
    }

    /// <summary>The weights of some channels of the result, side by side for each step.</summary>
    private void Pack(int group, int first, int[] taps, T* target)
    {
        var (inputs, outputs, all) = (Geometry.Inputs, Geometry.Outputs, Geometry.Taps);
        var from = _weight + ((nint)group * outputs * inputs * all);
        var count = Math.Min(PanelRows, Rows - first);
        var (across, channels, along) = IsInput ? (all, outputs, inputs * all) : (inputs * all, inputs, all);
        from += first * (nint)across;
        if (taps.Length == all && !IsInput)
        {
            GemmPack.Strip(PanelRows, count, inputs * all, from, across, 1, target);
            return;
        }

        for (var c = 0; c < channels; c++)
        {
            if (taps.Length == all)
            {
                GemmPack.Strip(PanelRows, count, all, from + (c * (nint)along), across, 1, target);
            }
            else
            {
                Gather(count, taps, from + (c * (nint)along), across, target);
            }

            target += (nint)PanelRows * taps.Length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(int count, int[] taps, T* from, nint across, T* target)
    {
        foreach (var tap in taps)
        {
            var source = from + tap;
            for (var i = 0; i < PanelRows; i++)
            {
                target[i] = i < count ? source[i * across] : T.Zero;
            }

            target += PanelRows;
        }
    }
}
