namespace Adjoint.NN;

/// <summary>Attention with several heads and projections of its own (<c>torch.nn.MultiheadAttention</c>), without the averaged weights.</summary>
public sealed class MultiheadAttention : Module
{
    private readonly int _heads;
    private readonly int _size;
    private readonly double _dropout;
    private readonly bool _batchFirst;
    private readonly Generator? _generator;
    private readonly Linear _out;

    /// <summary>Makes the layer with PyTorch's first values: projections of inputs by Xavier's rule, biases of zeros.</summary>
    /// <param name="embedDim">The length of inputs and outputs.</param>
    /// <param name="numHeads">The number of heads; it divides the length.</param>
    /// <param name="dropout">The share of attention weights that become 0 in training.</param>
    /// <param name="bias">Whether projections have biases.</param>
    /// <param name="batchFirst">Whether inputs have shape [N, L, E], and not [L, N, E].</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs.</param>
    /// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentException">The heads do not divide the length.</exception>
    public MultiheadAttention(
        int embedDim,
        int numHeads,
        double dropout = 0,
        bool bias = true,
        bool batchFirst = false,
        DType dtype = DType.Float32,
        Generator? generator = null)
    {
        if (numHeads <= 0 || embedDim % numHeads != 0)
        {
            throw new ArgumentException("embed_dim must be divisible by num_heads", nameof(numHeads));
        }

        (_size, _heads, _dropout, _batchFirst, _generator) = (embedDim, numHeads, dropout, batchFirst, generator);

        // The projection of outputs draws its first values before those of inputs do.
        var output = new Linear(embedDim, embedDim, bias, dtype, generator) { PrintedAs = "NonDynamicallyQuantizableLinear" };
        InProjWeight = Parameter("in_proj_weight", Init.XavierUniform_(Tensor.Empty([3 * embedDim, embedDim], dtype), generator: generator));
        InProjBias = bias ? Parameter("in_proj_bias", Tensor.Zeros([3 * embedDim], dtype)) : null;
        using (Autograd.NoGrad())
        {
            output.Bias?.Zero_();
        }

        _out = Child("out_proj", output);
    }

    /// <summary>The projections of queries, keys and values, one below the other, of shape [3 E, E].</summary>
    public Tensor InProjWeight { get; }

    /// <summary>Their biases, of shape [3 E]; null if there are none.</summary>
    public Tensor? InProjBias { get; }

    /// <summary>What the queries gather from the values, by their keys.</summary>
    /// <param name="query">Of shape [L, N, E], or [N, L, E] with batchFirst; without a batch [L, E].</param>
    /// <param name="key">Of shape [S, N, E] likewise.</param>
    /// <param name="value">Of shape [S, N, E] likewise.</param>
    /// <param name="attnMask">Broadcasts to [N, heads, L, S]: numbers are added to scores, and where truth values are true nothing is seen, as in this
    /// class of PyTorch.</param>
    /// <param name="isCausal">A query sees no key with a larger number than its own.</param>
    /// <returns>Of the query's shape.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor query, Tensor key, Tensor value, Tensor? attnMask = null, bool isCausal = false)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        if (query.Rank == 2)
        {
            var batch = _batchFirst ? 0 : 1;
            return Forward(query.Unsqueeze(batch), key.Unsqueeze(batch), value.Unsqueeze(batch), attnMask, isCausal).Squeeze(batch);
        }

        Tensor q, k, v;
        if (ReferenceEquals(query, key) && ReferenceEquals(key, value))
        {
            var all = query.Linear(InProjWeight, InProjBias);
            (q, k, v) = (Heads(all.Narrow(-1, 0, _size)), Heads(all.Narrow(-1, _size, _size)), Heads(all.Narrow(-1, 2 * _size, _size)));
        }
        else
        {
            (q, k, v) = (Heads(Project(query, 0)), Heads(Project(key, 1)), Heads(Project(value, 2)));
        }

        var mask = attnMask is { DType: DType.Bool } ? !attnMask : attnMask;
        var seen = q.ScaledDotProductAttention(k, v, mask, Training ? _dropout : 0, isCausal, generator: _generator);
        var (order, sizes) = _batchFirst ? (new[] { 0, 2, 1, 3 }, query.Shape) : (new[] { 2, 0, 1, 3 }, query.Shape);
        return _out.Forward(seen.Permute(order).Reshape(sizes.AsSpan()));
    }

    private Tensor Project(Tensor x, int part) => x.Linear(
        InProjWeight.Narrow(0, part * _size, _size), InProjBias?.Narrow(0, part * _size, _size));

    /// <summary>Projected inputs as [N, heads, length, size].</summary>
    private Tensor Heads(Tensor x)
    {
        var split = x.Reshape(x.Shape[0], x.Shape[1], _heads, _size / _heads);
        return _batchFirst ? split.Permute(0, 2, 1, 3) : split.Permute(1, 2, 0, 3);
    }
}
