namespace Adjoint.Bench.Rows;

/// <summary>Attention of 4 heads of 128 queries and keys of length 64 on a batch of 8:
/// the value, or the value and the three gradients from a given one.</summary>
[Row("attention-8x4x128x64-f32", false, nameof(DType.Float32))]
[Row("attention-8x4x128x64-gradient-f32", true, nameof(DType.Float32))]
[Row("attention-8x4x128x64-gradient-f64", true, nameof(DType.Float64))]
public sealed class AttentionHeads : Row
{
    private static readonly int[] Sizes = [8, 4, 128, 64];

    private readonly Tensor _query;
    private readonly Tensor _key;
    private readonly Tensor _value;
    private readonly Tensor _seed;

    public AttentionHeads(bool withGradient, string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        (WithGradient, Element) = (withGradient, dtype);
        Values = [.. Enumerable.Range(1, 4).Select(seed => Inputs.Uniform(seed, 8 * 4 * 128 * 64))];
        _query = Inputs.Tensor(Values[0], dtype, Sizes);
        _key = Inputs.Tensor(Values[1], dtype, Sizes);
        _value = Inputs.Tensor(Values[2], dtype, Sizes);
        _seed = Inputs.Tensor(Values[3], dtype, Sizes);
        _query.RequiresGrad = _key.RequiresGrad = _value.RequiresGrad = withGradient;
    }

    public bool WithGradient { get; }

    /// <summary>Queries, keys, values, and the gradient of the result.</summary>
    public double[][] Values { get; }

    /// <summary>Their shape.</summary>
    public int[] Shape => Sizes;

    public override DType Element { get; }

    public override string Unit => "us/call";

    public override void Ours() => Run();

    public override double[][] Results()
    {
        var value = Inputs.Of(Run());
        return WithGradient ? [value, Inputs.Of(_query.Grad!), Inputs.Of(_key.Grad!), Inputs.Of(_value.Grad!)] : [value];
    }

    private Tensor Run()
    {
        var y = _query.ScaledDotProductAttention(_key, _value);
        if (WithGradient)
        {
            _query.Grad = _key.Grad = _value.Grad = null;
            y.Backward(_seed);
        }

        return y;
    }
}
