namespace Adjoint.Bench.Rows;

/// <summary>
/// Images of 3 channels, 8 of them of 128 x 128, made twice as large by bilinear interpolation: the value, or the value and the gradient from a given
/// one.
/// </summary>
[Row("interpolate-bilinear-f32", false, nameof(DType.Float32))]
[Row("interpolate-bilinear-f64", false, nameof(DType.Float64))]
[Row("interpolate-bilinear-gradient-f32", true, nameof(DType.Float32))]
public sealed class InterpolateBilinear : Row
{
    public const int Batch = 8;
    public const int Channels = 3;
    public const int Size = 128;

    private static readonly double[] Twice = [2, 2];

    private readonly Tensor _x;
    private readonly Tensor _seed;

    public InterpolateBilinear(bool withGradient, string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        (WithGradient, Element) = (withGradient, dtype);
        X = Inputs.Uniform(1, Batch * Channels * Size * Size);
        Seed = Inputs.Uniform(2, 4 * Batch * Channels * Size * Size);
        _x = Inputs.Tensor(X, dtype, Batch, Channels, Size, Size);
        _seed = Inputs.Tensor(Seed, dtype, Batch, Channels, 2 * Size, 2 * Size);
        _x.RequiresGrad = withGradient;
    }

    public bool WithGradient { get; }

    public double[] X { get; }

    public double[] Seed { get; }

    public override DType Element { get; }

    public override string Unit => "us/call";

    public override void Ours() => Run();

    public override double[][] Results()
    {
        var value = Inputs.Of(Run());
        return WithGradient ? [value, Inputs.Of(_x.Grad!)] : [value];
    }

    private Tensor Run()
    {
        var y = _x.Interpolate(scaleFactor: Twice, mode: InterpolateMode.Bilinear);
        if (WithGradient)
        {
            _x.Grad = null;
            y.Backward(_seed);
        }

        return y;
    }
}
