namespace Adjoint.Bench.Rows;

/// <summary>Layer norm of 512 rows of 768 with a weight and a bias: the value, or the value and the three gradients from a given one.</summary>
[Row("layernorm-512x768-f32", false, nameof(DType.Float32))]
[Row("layernorm-512x768-f64", false, nameof(DType.Float64))]
[Row("layernorm-512x768-gradient-f32", true, nameof(DType.Float32))]
[Row("layernorm-512x768-gradient-f64", true, nameof(DType.Float64))]
public sealed class LayerNormRows : Row
{
    public const int Count = 512;
    public const int Length = 768;

    private static readonly int[] Sizes = [Length];

    private readonly Tensor _x;
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly Tensor _seed;

    public LayerNormRows(bool withGradient, string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        (WithGradient, Element) = (withGradient, dtype);
        X = Inputs.Uniform(1, Count * Length);
        Weight = Inputs.Uniform(2, Length);
        Bias = Inputs.Uniform(3, Length);
        Seed = Inputs.Uniform(4, Count * Length);
        _x = Inputs.Tensor(X, dtype, Count, Length);
        _weight = Inputs.Tensor(Weight, dtype, Length);
        _bias = Inputs.Tensor(Bias, dtype, Length);
        _seed = Inputs.Tensor(Seed, dtype, Count, Length);
        _x.RequiresGrad = _weight.RequiresGrad = _bias.RequiresGrad = withGradient;
    }

    public bool WithGradient { get; }

    public double[] X { get; }

    public double[] Weight { get; }

    public double[] Bias { get; }

    public double[] Seed { get; }

    public override DType Element { get; }

    public override string Unit => "us/call";

    public override void Ours() => Run();

    public override double[][] Results()
    {
        var value = Inputs.Of(Run());
        return WithGradient ? [value, Inputs.Of(_x.Grad!), Inputs.Of(_weight.Grad!), Inputs.Of(_bias.Grad!)] : [value];
    }

    private Tensor Run()
    {
        var y = _x.LayerNorm(Sizes, _weight, _bias);
        if (WithGradient)
        {
            _x.Grad = _weight.Grad = _bias.Grad = null;
            y.Backward(_seed);
        }

        return y;
    }
}
