namespace Adjoint.Bench.Rows;

/// <summary>x W^T + b for a batch of 64, from 784 to 128: the value, or the value and the gradients of x, W and b from a gradient of ones.</summary>
[Row("linear-64x784x128-f32", false, nameof(DType.Float32))]
[Row("linear-64x784x128-f64", false, nameof(DType.Float64))]
[Row("linear-64x784x128-gradient-f32", true, nameof(DType.Float32))]
[Row("linear-64x784x128-gradient-f64", true, nameof(DType.Float64))]
public sealed class LinearLayer : Row
{
    public const int Batch = 64;
    public const int From = 784;
    public const int To = 128;

    private readonly Tensor _x;
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly Tensor _seed;

    public LinearLayer(bool withGradient, string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        (WithGradient, Element) = (withGradient, dtype);
        X = Inputs.Uniform(1, Batch * From);
        Weight = Inputs.Uniform(2, To * From);
        Bias = Inputs.Uniform(3, To);
        _x = Inputs.Tensor(X, dtype, Batch, From);
        _weight = Inputs.Tensor(Weight, dtype, To, From);
        _bias = Inputs.Tensor(Bias, dtype, To);
        _seed = Tensor.Ones([Batch, To], dtype);
        _x.RequiresGrad = _weight.RequiresGrad = _bias.RequiresGrad = withGradient;
    }

    public bool WithGradient { get; }

    public double[] X { get; }

    public double[] Weight { get; }

    public double[] Bias { get; }

    public override DType Element { get; }

    public override string Unit => "us/call";

    public override double Flops => (WithGradient ? 3 : 1) * 2.0 * Batch * From * To;

    public override void Ours() => Run();

    public override double[][] Results()
    {
        var value = Inputs.Of(Run());
        return WithGradient ? [value, Inputs.Of(_x.Grad!), Inputs.Of(_weight.Grad!), Inputs.Of(_bias.Grad!)] : [value];
    }

    private Tensor Run()
    {
        var y = _x.Linear(_weight, _bias);
        if (WithGradient)
        {
            _x.Grad = _weight.Grad = _bias.Grad = null;
            y.Backward(_seed);
        }

        return y;
    }
}
