using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// Sums of an image's neighbourhoods, weighted: y from x and the weights. With <see cref="ConvolutionInput"/> and <see cref="ConvolutionWeight"/> it
/// is closed under derivatives: all three are one trilinear form, with another of its three arguments left out.
/// </summary>
internal readonly record struct Convolution(ConvolutionSettings Settings) : IBilinear
{
    public static bool TakesBias => true;

    public TensorType Infer(TensorType x, TensorType y) => x.With(Settings.OutputSizes(x.Layout.Sizes[0], y.Layout.Sizes[0]));

    public Tensor Apply(Tensor x, Tensor y) => Apply(x, y, null);

    public Tensor Apply(Tensor x, Tensor y, Tensor? addend)
    {
        var (batch, inputs, outputs) = (x.Layout.Sizes[0], x.Layout.Sizes[1], y.Layout.Sizes[0]);
        return Settings.Run(ConvolutionProduct.Output, batch, inputs, outputs, x, y, addend, Settings.OutputSizes(batch, outputs));
    }

    public Tensor TransposeX(Tensor g, Tensor y, Shape x) => Op.Bilinear(new ConvolutionInput(Settings), g, y);

    public Tensor TransposeY(Tensor g, Tensor x, Shape y) => Op.Bilinear(new ConvolutionWeight(Settings), x, g);

    public Tensor SpreadAddend(Tensor addend) => Settings.Spread(addend);

    public Tensor PullAddend(Tensor g) => Settings.PullBias(g);

    public Tensor? Batch(Tensor x, bool batchedX, Tensor y, bool batchedY) => ConvolutionSettings.Batch(
        Settings, (s, image, weight) => Op.Bilinear(new Convolution(s), image, weight), x, batchedX, y, batchedY);
}
