using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>x from y and the weights of a <see cref="Convolution"/>: its transpose by x, and what a transposed convolution computes.</summary>
internal readonly record struct ConvolutionInput(ConvolutionSettings Settings) : IBilinear
{
    public string GradName => "ConvolutionBackward0";

    public static bool TakesBias => true;

    public TensorType Infer(TensorType x, TensorType y) =>
        x.With(Settings.InputSizes(x.Layout.Sizes[0], y.Layout.Sizes[1] * Settings.Groups));

    public Tensor Apply(Tensor x, Tensor y) => Apply(x, y, null);

    public Tensor Apply(Tensor x, Tensor y, Tensor? addend)
    {
        var (batch, outputs, inputs) = (x.Layout.Sizes[0], x.Layout.Sizes[1], y.Layout.Sizes[1] * Settings.Groups);
        return Settings.Run(ConvolutionProduct.Input, batch, inputs, outputs, x, y, addend, Settings.InputSizes(batch, inputs));
    }

    public Tensor TransposeX(Tensor g, Tensor y, Shape x) => Op.Bilinear(new Convolution(Settings), g, y);

    public Tensor TransposeY(Tensor g, Tensor x, Shape y) => Op.Bilinear(new ConvolutionWeight(Settings), g, x);

    public Tensor SpreadAddend(Tensor addend) => Settings.Spread(addend);

    public Tensor PullAddend(Tensor g) => Settings.PullBias(g);

    public Tensor? Batch(Tensor x, bool batchedX, Tensor y, bool batchedY) => ConvolutionSettings.Batch(
        Settings, (s, image, weight) => Op.Bilinear(new ConvolutionInput(s), image, weight), x, batchedX, y, batchedY);
}
