namespace Adjoint.Bench.Rows;

/// <summary>
/// The second convolution of LeNet-5 on 64 images: 6 to 16 channels, 5 x 5, on 14 x 14, with a bias; its value and the gradients of images, weight
/// and bias from a given one.
/// </summary>
[Row("conv-lenet-f32", nameof(DType.Float32))]
[Row("conv-lenet-f64", nameof(DType.Float64))]
public sealed class ConvLeNet : Row
{
    public const int Batch = 64;
    public const int Channels = 6;
    public const int Filters = 16;
    public const int Kernel = 5;
    public const int Size = 14;
    public const int OutSize = Size - Kernel + 1;

    private readonly Tensor _x;
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly Tensor _seed;

    public ConvLeNet(string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        Element = dtype;
        X = Inputs.Uniform(1, Batch * Channels * Size * Size);
        Weight = Inputs.Uniform(2, Filters * Channels * Kernel * Kernel);
        Bias = Inputs.Uniform(3, Filters);
        Seed = Inputs.Uniform(4, Batch * Filters * OutSize * OutSize);
        _x = Inputs.Tensor(X, dtype, Batch, Channels, Size, Size);
        _weight = Inputs.Tensor(Weight, dtype, Filters, Channels, Kernel, Kernel);
        _bias = Inputs.Tensor(Bias, dtype, Filters);
        _seed = Inputs.Tensor(Seed, dtype, Batch, Filters, OutSize, OutSize);
        _x.RequiresGrad = _weight.RequiresGrad = _bias.RequiresGrad = true;
    }

    public double[] X { get; }

    public double[] Weight { get; }

    public double[] Bias { get; }

    public double[] Seed { get; }

    public override DType Element { get; }

    public override string Unit => "us/call";

    public override double Flops => 3 * 2.0 * Batch * Filters * OutSize * OutSize * Channels * Kernel * Kernel;

    public override void Ours() => Run();

    public override double[][] Results() => [Inputs.Of(Run()), Inputs.Of(_x.Grad!), Inputs.Of(_weight.Grad!), Inputs.Of(_bias.Grad!)];

    private Tensor Run()
    {
        _x.Grad = _weight.Grad = _bias.Grad = null;
        var y = _x.Conv2d(_weight, _bias);
        y.Backward(_seed);
        return y;
    }
}
