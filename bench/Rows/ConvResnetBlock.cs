namespace Adjoint.Bench.Rows;

/// <summary>
/// A residual block of two 3 x 3 convolutions with 64 channels on 8 images of 56 x 56, relu(conv(relu(conv(x))) + x), and the gradients of the images
/// and of both weights from a given one.
/// </summary>
[Row("conv-resnet-block-f32", nameof(DType.Float32))]
[Row("conv-resnet-block-f64", nameof(DType.Float64))]
public sealed class ConvResnetBlock : Row
{
    public const int Batch = 8;
    public const int Channels = 64;
    public const int Size = 56;

    private readonly Tensor _x;
    private readonly Tensor _first;
    private readonly Tensor _second;
    private readonly Tensor _seed;

    public ConvResnetBlock(string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        Element = dtype;
        X = Inputs.Uniform(1, Batch * Channels * Size * Size);
        First = Inputs.Uniform(2, Channels * Channels * 9, -1.0 / 24, 1.0 / 24);
        Second = Inputs.Uniform(3, Channels * Channels * 9, -1.0 / 24, 1.0 / 24);
        Seed = Inputs.Uniform(4, Batch * Channels * Size * Size);
        _x = Inputs.Tensor(X, dtype, Batch, Channels, Size, Size);
        _first = Inputs.Tensor(First, dtype, Channels, Channels, 3, 3);
        _second = Inputs.Tensor(Second, dtype, Channels, Channels, 3, 3);
        _seed = Inputs.Tensor(Seed, dtype, Batch, Channels, Size, Size);
        _x.RequiresGrad = _first.RequiresGrad = _second.RequiresGrad = true;
    }

    public double[] X { get; }

    public double[] First { get; }

    public double[] Second { get; }

    public double[] Seed { get; }

    public override DType Element { get; }

    public override string Unit => "ms/call";

    public override double Flops => 2 * 3 * 2.0 * Batch * Channels * Channels * 9 * Size * Size;

    public override void Ours() => Run();

    public override double[][] Results() => [Inputs.Of(Run()), Inputs.Of(_x.Grad!), Inputs.Of(_first.Grad!), Inputs.Of(_second.Grad!)];

    private Tensor Run()
    {
        _x.Grad = _first.Grad = _second.Grad = null;
        var y = (_x.Conv2d(_first, padding: 1).Relu().Conv2d(_second, padding: 1) + _x).Relu();
        y.Backward(_seed);
        return y;
    }
}
