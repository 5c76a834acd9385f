using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>x from y and the weights of a <see cref="Convolution"/>: its transpose by x, and what a transposed convolution computes.</summary>
internal readonly struct ConvolutionInput(ConvolutionSettings settings) : IBilinear
{
    public string GradName => "ConvolutionBackward0";

    public static bool TakesBias => true;

    public TensorType Infer(TensorType x, TensorType y) =>
        x.With(settings.InputSizes(x.Layout.Sizes[0], y.Layout.Sizes[1] * settings.Groups));

    public Tensor Apply(Tensor x, Tensor y) => Apply(x, y, null);

    public Tensor Apply(Tensor x, Tensor y, Tensor? addend)
    {
        var (batch, outputs, inputs) = (x.Layout.Sizes[0], x.Layout.Sizes[1], y.Layout.Sizes[1] * settings.Groups);
        return settings.Run(ConvolutionProduct.Input, batch, inputs, outputs, x, y, addend, settings.InputSizes(batch, inputs));
    }

    public Tensor TransposeX(Tensor g, Tensor y, Shape x) => Op.Bilinear(new Convolution(settings), g, y);

    public Tensor TransposeY(Tensor g, Tensor x, Shape y) => Op.Bilinear(new ConvolutionWeight(settings), g, x);

    public Tensor SpreadAddend(Tensor addend) => settings.Spread(addend);

    public Tensor PullAddend(Tensor g) => settings.PullBias(g);

    public Tensor? Batch(Tensor x, bool batchedX, Tensor y, bool batchedY) => ConvolutionSettings.Batch(
        settings, (s, image, weight) => Op.Bilinear(new ConvolutionInput(s), image, weight), x, batchedX, y, batchedY);
}
