using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The weights from x and y of a <see cref="Convolution"/>: its transpose by the weights.</summary>
internal readonly record struct ConvolutionWeight(ConvolutionSettings Settings) : IBilinear
{
    public string GradName => "ConvolutionBackwardBackward0";

    public TensorType Infer(TensorType x, TensorType y) =>
        x.With(Settings.WeightSizes(y.Layout.Sizes[1], x.Layout.Sizes[1] / Settings.Groups));

    public Tensor Apply(Tensor x, Tensor y) => Apply(x, y, null);

    public Tensor Apply(Tensor x, Tensor y, Tensor? addend)
    {
        var (batch, inputs, outputs) = (x.Layout.Sizes[0], x.Layout.Sizes[1], y.Layout.Sizes[1]);
        var weight = Settings.Run(
            ConvolutionProduct.Weights, batch, inputs, outputs, x, y, null, Settings.WeightSizes(outputs, inputs / Settings.Groups));
        return addend is null ? weight : weight + addend.Detach();
    }

    public Tensor TransposeX(Tensor g, Tensor y, Shape x) => Op.Bilinear(new ConvolutionInput(Settings), y, g);

    public Tensor TransposeY(Tensor g, Tensor x, Shape y) => Op.Bilinear(new Convolution(Settings), x, g);

    public Tensor? Batch(Tensor x, bool batchedX, Tensor y, bool batchedY)
    {
        var size = (batchedX ? x : y).Layout.Sizes[0];
        var wide = Settings with { Groups = Settings.Groups * size };
        var all = Op.Bilinear(
            new ConvolutionWeight(wide), ConvolutionSettings.Join(x, batchedX, size), ConvolutionSettings.Join(y, batchedY, size));
        return all.Reshape([size, all.Layout.Sizes[0] / size, .. all.Layout.Sizes.AsSpan(1)]);
    }
}
