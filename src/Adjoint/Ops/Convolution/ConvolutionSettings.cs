using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// What the three products of a convolution share: the sizes of the axes, always three of them, and how they meet. Batch and channels follow from the
/// tensors.
/// </summary>
internal sealed record ConvolutionSettings(
    int Axes,
    ValueArray<int> In,
    ValueArray<int> Out,
    ValueArray<int> Kernel,
    ValueArray<int> Stride,
    ValueArray<int> Padding,
    ValueArray<int> Dilation,
    int Groups) : IParameters
{
    public IEnumerable<KeyValuePair<string, object?>> List(string name) =>
    [
        new("stride", Stride.Items[^Axes..]), new("padding", Padding.Items[^Axes..]), new("dilation", Dilation.Items[^Axes..]), new("groups", Groups),
        new("inputSize", In.Items[^Axes..]), new("outputSize", Out.Items[^Axes..]), new("kernelSize", Kernel.Items[^Axes..]),
    ];

    /// <summary>x has shape [batch, channels, ...In].</summary>
    public int[] InputSizes(int batch, int channels) => [batch, channels, .. In.Items.AsSpan(3 - Axes)];

    /// <summary>y has shape [batch, channels, ...Out].</summary>
    public int[] OutputSizes(int batch, int channels) => [batch, channels, .. Out.Items.AsSpan(3 - Axes)];

    /// <summary>The weights have shape [channels of y, channels of x in a group, ...Kernel].</summary>
    public int[] WeightSizes(int outputs, int inputs) => [outputs, inputs, .. Kernel.Items.AsSpan(3 - Axes)];

    /// <summary>Computes one of the three from the other two, not recorded.</summary>
    /// <param name="product">Which.</param>
    /// <param name="batch">How many images.</param>
    /// <param name="inputs">All channels of x.</param>
    /// <param name="outputs">All channels of y.</param>
    /// <param name="a">x, or the gradient of y if x is asked for.</param>
    /// <param name="b">The weights, or the gradient of y if they are asked for.</param>
    /// <param name="bias">One number for each channel of the result; null for none.</param>
    /// <param name="sizes">The sizes of the result.</param>
    public unsafe Tensor Run(
        ConvolutionProduct product, int batch, int inputs, int outputs, Tensor a, Tensor b, Tensor? bias, ReadOnlySpan<int> sizes)
    {
        if (a.DType is { IsNarrow: true, IsFloatingPoint: true } stored)
        {
            return Op.Convert(
                Run(product, batch, inputs, outputs, Op.Wide(a), Op.Wide(b), bias is null ? null : Op.Wide(bias), sizes), stored);
        }

        var result = Op.Fresh(Layout.Dense(sizes), a.DType);
        var geometry = new ConvolutionGeometry
        {
            Batch = batch,
            Groups = Groups,
            Inputs = inputs / Groups,
            Outputs = outputs / Groups,
            In = In,
            Out = Out,
            Kernel = Kernel,
            Stride = Stride,
            Padding = Padding,
            Dilation = Dilation,
        };
        geometry.ThrowIfTooLarge();
        if (result.Layout.Count == 0)
        {
            return result;
        }

        if (a.Layout.Count == 0 || b.Layout.Count == 0)
        {
            Op.CopyInto(bias is null ? Tensor.Zeros([], a.DType) : Spread(bias), result);
            return result;
        }

        (a, b) = (Op.Contiguous(a), Op.Contiguous(b));
        var c = bias is null ? a : Op.Contiguous(bias);
        Check(geometry, product, a, b, bias is null ? null : c);
        fixed (byte* originA = &a.Storage.Origin, originB = &b.Storage.Origin, originC = &c.Storage.Origin, to = &result.Storage.Origin)
        {
            var job = new Loops
            {
                Product = product,
                Geometry = geometry,
                A = originA + (a.Layout.Offset * a.DType.ItemSize),
                B = originB + (b.Layout.Offset * b.DType.ItemSize),
                Bias = bias is null ? null : originC + (c.Layout.Offset * c.DType.ItemSize),
                To = to,
            };
            a.DType.VisitReal(ref job, "slow_conv_cpu");
        }

        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>Checks that operands are as large as the sizes say.</summary>
    private void Check(ConvolutionGeometry g, ConvolutionProduct product, Tensor a, Tensor b, Tensor? bias)
    {
        var (inputs, outputs) = ((nint)g.Inputs * Groups, (nint)g.Outputs * Groups);
        var (x, y, weights) = (g.Batch * inputs * g.InPlane, g.Batch * outputs * g.OutPlane, outputs * g.Inputs * g.Taps);
        var (first, second) = product switch
        {
            ConvolutionProduct.Output => (x, weights),
            ConvolutionProduct.Input => (y, weights),
            ConvolutionProduct.Weights => (x, y),
            _ => throw new ArgumentOutOfRangeException(nameof(product)),
        };
        Guard.Dense(a, a.DType, first, "input");
        Guard.Dense(b, a.DType, second, product == ConvolutionProduct.Weights ? "grad_output" : "weight");
        Guard.Dense(bias, a.DType, product == ConvolutionProduct.Output ? outputs : inputs, "bias");
    }

    /// <summary>A bias with dimensions of size 1 for the axes, in recorded tensor operators.</summary>
    public Tensor Spread(Tensor bias)
    {
        Span<int> ones = stackalloc int[Axes];
        ones.Fill(1);
        return bias.Reshape([bias.Layout.Sizes[0], .. ones]);
    }

    /// <summary>The gradient of a bias from that of the result, in recorded tensor operators.</summary>
    public Tensor PullBias(Tensor g) => g.Sum([0, .. Enumerable.Range(2, Axes)]);

    /// <summary>
    /// The convolution of each of a batch, or its transpose: with the same weights for all the batch joins the images, otherwise the groups. Both map
    /// channels of images by weights.
    /// </summary>
    public static Tensor Batch(
        ConvolutionSettings settings, Func<ConvolutionSettings, Tensor, Tensor, Tensor> run,
        Tensor x, bool batchedX, Tensor weight, bool batchedWeight)
    {
        if (!batchedWeight)
        {
            var sizes = x.Layout.Sizes;
            var all = run(settings, x.Flatten(0, 1), weight);
            return all.Reshape([sizes[0], sizes[1], .. all.Layout.Sizes.AsSpan(1)]);
        }

        var size = weight.Layout.Sizes[0];
        var joined = run(settings with { Groups = settings.Groups * size }, Join(x, batchedX, size), weight.Flatten(0, 1));
        var whole = joined.Layout.Sizes;
        return joined.Reshape([whole[0], size, whole[1] / size, .. whole.AsSpan(2)]).Transpose(0, 1);
    }

    /// <summary>Images of each of a batch with the batch in the channels.</summary>
    public static Tensor Join(Tensor x, bool isBatched, int size) =>
        (isBatched ? x.Transpose(0, 1) : x.Unsqueeze(1).Expand([x.Layout.Sizes[0], size, .. x.Layout.Sizes.AsSpan(1)])).Flatten(1, 2);

    private unsafe struct Loops : IRealJob
    {
        public ConvolutionProduct Product;
        public ConvolutionGeometry Geometry;
        public byte* A;
        public byte* B;
        public byte* Bias;
        public byte* To;

        readonly void IRealJob.Run<T>() => ConvolutionKernels.Run(Product, Geometry, (T*)A, (T*)B, (T*)Bias, (T*)To);
    }
}
