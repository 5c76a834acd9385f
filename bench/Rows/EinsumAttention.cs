namespace Adjoint.Bench.Rows;

/// <summary>
/// Attention written with two sums of products, of 8 heads of 128 queries and keys of length 64 on a batch of 4, whose heads stand behind their
/// positions as a layer makes them: the value and the three gradients from a given one.
/// </summary>
[Row("einsum-attention", nameof(DType.Float32))]
public sealed class EinsumAttention : Row
{
    /// <summary>Which dimensions scores are summed over.</summary>
    public const string OfScores = "bqhd,bkhd->bhqk";

    /// <summary>Which dimensions values are summed over.</summary>
    public const string OfValues = "bhqk,bkhd->bqhd";

    private static readonly int[] Sizes = [4, 128, 8, 64];

    private readonly Tensor _query;
    private readonly Tensor _key;
    private readonly Tensor _value;
    private readonly Tensor _seed;

    public EinsumAttention(string dtypeName)
    {
        Element = DType.Parse(dtypeName);
        Values = [.. Enumerable.Range(1, 4).Select(seed => Inputs.Uniform(seed, 4 * 128 * 8 * 64))];
        _query = Inputs.Tensor(Values[0], Element, Sizes);
        _key = Inputs.Tensor(Values[1], Element, Sizes);
        _value = Inputs.Tensor(Values[2], Element, Sizes);
        _seed = Inputs.Tensor(Values[3], Element, Sizes);
        _query.RequiresGrad = _key.RequiresGrad = _value.RequiresGrad = true;
    }

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
        return [value, Inputs.Of(_query.Grad!), Inputs.Of(_key.Grad!), Inputs.Of(_value.Grad!)];
    }

    private Tensor Run()
    {
        var weights = (Tensor.Einsum(OfScores, _query, _key) * 0.125).Softmax(-1);
        var y = Tensor.Einsum(OfValues, weights, _value);
        _query.Grad = _key.Grad = _value.Grad = null;
        y.Backward(_seed);
        return y;
    }
}
