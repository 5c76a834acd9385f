namespace Adjoint.NN;

/// <summary>Attention with several heads and projections of its own (<c>torch.nn.MultiheadAttention</c>).</summary>
public sealed class MultiheadAttention : Module
{
    private readonly int _heads;
    private readonly int _size;
    private readonly double _dropout;
    private readonly bool _addZeroAttn;
    private readonly bool _batchFirst;
    private readonly Linear _out;

    /// <summary>Makes the layer with PyTorch's first values: projections of inputs by Xavier's rule, biases of zeros.</summary>
    /// <param name="embedDim">The length of queries and outputs.</param>
    /// <param name="numHeads">The number of heads; it divides the length.</param>
    /// <param name="dropout">The share of attention weights that become 0 in training.</param>
    /// <param name="bias">Whether projections have biases.</param>
    /// <param name="batchFirst">Whether inputs have shape [N, L, E], and not [L, N, E].</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
    /// <param name="addBiasKv">Whether a key and a value that are learned stand behind the others.</param>
    /// <param name="addZeroAttn">Whether a key and a value of zeros stand behind the others.</param>
    /// <param name="kdim">The length of keys; the queries' if null.</param>
    /// <param name="vdim">The length of values; the queries' if null.</param>
    /// <exception cref="ArgumentException">The heads do not divide the length.</exception>
    public MultiheadAttention(
        int embedDim,
        int numHeads,
        double dropout = 0,
        bool bias = true,
        bool batchFirst = false,
        DType? dtype = null,
        Generator? generator = null,
        bool addBiasKv = false,
        bool addZeroAttn = false,
        int? kdim = null,
        int? vdim = null)
    {
        if (numHeads <= 0 || embedDim % numHeads != 0)
        {
            throw new ArgumentException("embed_dim must be divisible by num_heads", nameof(numHeads));
        }

        (_size, _heads, _dropout, _batchFirst, Generator) = (embedDim, numHeads, dropout, batchFirst, generator);
        (KDim, VDim, _addZeroAttn) = (kdim ?? embedDim, vdim ?? embedDim, addZeroAttn);

        // The projection of outputs draws its first values before those of inputs do.
        var output = new Linear(embedDim, embedDim, bias, dtype, generator) { PrintedAs = "NonDynamicallyQuantizableLinear" };
        Tensor Projection(string name, int outs, int ins) =>
            Parameter(name, Init.XavierUniform_(Tensor.Empty([outs, ins], dtype), generator: generator));
        if (KDim == embedDim && VDim == embedDim)
        {
            InProjWeight = Projection("in_proj_weight", 3 * embedDim, embedDim);
        }
        else
        {
            QProjWeight = Projection("q_proj_weight", embedDim, embedDim);
            KProjWeight = Projection("k_proj_weight", embedDim, KDim);
            VProjWeight = Projection("v_proj_weight", embedDim, VDim);
        }

        InProjBias = bias ? Parameter("in_proj_bias", Tensor.Zeros([3 * embedDim], dtype)) : null;
        if (addBiasKv)
        {
            // Xavier's normal rule: as many inputs as outputs.
            var deviation = Math.Sqrt(2.0 / (2 * embedDim));
            BiasK = Parameter("bias_k", Tensor.Empty([1, 1, embedDim], dtype).Normal_(0, deviation, generator));
            BiasV = Parameter("bias_v", Tensor.Empty([1, 1, embedDim], dtype).Normal_(0, deviation, generator));
        }

        using (Autograd.NoGrad())
        {
            output.Bias?.Zero_();
        }

        _out = Child("out_proj", output);
    }

    /// <summary>The length of keys.</summary>
    public int KDim { get; }

    /// <summary>The length of values.</summary>
    public int VDim { get; }

    /// <summary>
    /// The projections of queries, keys and values, one below the other, of shape [3 E, E]; null where keys or values have another length.
    /// </summary>
    public Tensor? InProjWeight { get; }

    /// <summary>The projection of queries, of shape [E, E], where there is no <see cref="InProjWeight"/>.</summary>
    public Tensor? QProjWeight { get; }

    /// <summary>The projection of keys, of shape [E, kdim], where there is no <see cref="InProjWeight"/>.</summary>
    public Tensor? KProjWeight { get; }

    /// <summary>The projection of values, of shape [E, vdim], where there is no <see cref="InProjWeight"/>.</summary>
    public Tensor? VProjWeight { get; }

    /// <summary>The biases of the projections, of shape [3 E]; null if there are none.</summary>
    public Tensor? InProjBias { get; }

    /// <summary>The key that stands behind the others, of shape [1, 1, E]; null for none.</summary>
    public Tensor? BiasK { get; }

    /// <summary>The value that stands behind the others, of shape [1, 1, E]; null for none.</summary>
    public Tensor? BiasV { get; }

    /// <summary>The source of random numbers; the default one if null.</summary>
    internal Generator? Generator { get; set; }

    /// <summary>What the queries gather from the values, by their keys (<c>need_weights=False</c>).</summary>
    /// <param name="query">Of shape [L, N, E], or [N, L, E] with batchFirst; without a batch [L, E].</param>
    /// <param name="key">Of shape [S, N, kdim] likewise.</param>
    /// <param name="value">Of shape [S, N, vdim] likewise.</param>
    /// <param name="keyPaddingMask">
    /// Of shape [N, S], without a batch [S]: keys that nobody sees are true; or numbers that are added to scores.
    /// </param>
    /// <param name="attnMask">
    /// Of shape [L, S], or [N heads, L, S], or anything that broadcasts to [N, heads, L, S]: numbers are added to scores, and where truth values are
    /// true nothing is seen, as in this class of PyTorch.
    /// </param>
    /// <param name="isCausal">A query sees no key with a larger number than its own.</param>
    /// <returns>Of the query's shape. A query that sees no key gets the projection of zeros.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentException">Both a mask and a causal one are asked for.</exception>
    public Tensor Forward(
        Tensor query, Tensor key, Tensor value, Tensor? keyPaddingMask = null, Tensor? attnMask = null, bool isCausal = false) =>
        Attend(query, key, value, keyPaddingMask, attnMask, isCausal, needWeights: false, average: false).Output;

    /// <summary><see cref="Forward"/> with the weights by which each query gathers (<c>need_weights=True</c>).</summary>
    /// <param name="query">Of shape [L, N, E], or [N, L, E] with batchFirst; without a batch [L, E].</param>
    /// <param name="key">Of shape [S, N, kdim] likewise.</param>
    /// <param name="value">Of shape [S, N, vdim] likewise.</param>
    /// <param name="keyPaddingMask">Keys that nobody sees, as for <see cref="Forward"/>.</param>
    /// <param name="attnMask">What queries do not see, as for <see cref="Forward"/>.</param>
    /// <param name="isCausal">A query sees no key with a larger number than its own.</param>
    /// <param name="averageAttnWeights">Whether the weights are the mean of those of all heads.</param>
    /// <returns>The output, and the weights of shape [N, L, S], or [N, heads, L, S] without a mean; without a batch no N. In training they are those
    /// that dropout left.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentException">Both a mask and a causal one are asked for.</exception>
    public (Tensor Output, Tensor Weights) ForwardWithWeights(
        Tensor query,
        Tensor key,
        Tensor value,
        Tensor? keyPaddingMask = null,
        Tensor? attnMask = null,
        bool isCausal = false,
        bool averageAttnWeights = true)
    {
        var (output, weights) = Attend(query, key, value, keyPaddingMask, attnMask, isCausal, needWeights: true, averageAttnWeights);
        return (output, weights!);
    }

    /// <summary>Numbers to add to scores: both masks together.</summary>
    private static Tensor? Mask(Tensor? attention, Tensor? padding, Tensor q, int keys)
    {
        if (attention is { Rank: 3 })
        {
            attention = attention.Reshape(q.Shape[0], q.Shape[1], q.Shape[2], keys);
        }

        if (padding is null)
        {
            return attention?.DType == DType.Bool ? !attention! : attention;
        }

        if (!padding.Shape.AsSpan().SequenceEqual([q.Shape[0], keys]))
        {
            throw new ShapeException($"expecting key_padding_mask shape of ({q.Shape[0]}, {keys}), but got {padding.Shape}");
        }

        var hidden = Numbers(padding, q.DType).Unsqueeze(1).Unsqueeze(1);
        return attention is null ? hidden : Numbers(attention, q.DType) + hidden;
    }

    private static Tensor Numbers(Tensor mask, DType dtype) => mask.DType == DType.Bool
        ? Tensor.Zeros([], dtype).MaskedFill(mask, double.NegativeInfinity)
        : mask;

    private (Tensor Output, Tensor? Weights) Attend(
        Tensor query, Tensor key, Tensor value, Tensor? keyPaddingMask, Tensor? attnMask, bool isCausal, bool needWeights, bool average)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        CheckShapes(query, key, value);
        if (query.Rank == 2)
        {
            var batch = _batchFirst ? 0 : 1;
            var (one, own) = Attend(
                query.Unsqueeze(batch), key.Unsqueeze(batch), value.Unsqueeze(batch),
                keyPaddingMask?.Unsqueeze(0), attnMask, isCausal, needWeights, average);
            return (one.Squeeze(batch), own?.Squeeze(0));
        }

        var (q, k, v) = Projected(query, key, value);
        var keys = k.Shape[2];
        (k, v) = Extended(k, v);
        var extra = k.Shape[2] - keys;
        if (isCausal && attnMask is null && (keyPaddingMask is not null || extra > 0 || needWeights))
        {
            attnMask = Tensor.Arange(keys) > Tensor.Arange(q.Shape[2]).Unsqueeze(1);
            isCausal = false;
        }
        else if (isCausal && attnMask is not null)
        {
            throw new ArgumentException("_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True", nameof(attnMask));
        }

        var mask = Mask(attnMask, keyPaddingMask, q, keys);
        if (mask is not null && (extra > 0 || needWeights))
        {
            // What is seen is true in the mask of truth values, and what stands behind the keys is always seen.
            mask = Numbers(mask.DType == DType.Bool ? !mask : mask, q.DType);
            mask = extra > 0 ? mask.Expand([.. mask.Shape.AsSpan()[..^1], keys]).Pad([0, extra]) : mask;
        }

        var dropout = Training ? _dropout : 0;
        if (!needWeights)
        {
            return (Joined(q.ScaledDotProductAttention(k, v, mask, dropout, isCausal, generator: Generator), query), null);
        }

        var scores = (q * Math.Sqrt(1.0 / q.Shape[3])).MatMul(k.Transpose(-2, -1));
        var weights = (mask is null ? scores : scores + mask).Softmax(-1).Dropout(dropout, training: true, Generator);
        return (Joined(weights.MatMul(v), query), average ? weights.Mean(1) : weights);
    }

    private void CheckShapes(Tensor query, Tensor key, Tensor value)
    {
        if (query.Rank is not (2 or 3) || key.Rank != query.Rank || value.Rank != query.Rank)
        {
            throw new ShapeException(
                query.Rank is not (2 or 3) ? $"query should be unbatched 2D or batched 3D tensor but received {query.Rank}-D query tensor"
                : $"For {(query.Rank == 3 ? "batched (3-D)" : "unbatched (2-D)")} `query`, expected `key` and `value` to be {query.Rank}-D but " +
                  $"found {key.Rank}-D and {value.Rank}-D tensors respectively");
        }

        if (query.Shape[query.Rank - 1] != _size)
        {
            throw new ShapeException($"was expecting embedding dimension of {_size}, but got {query.Shape[query.Rank - 1]}");
        }

        var fits = InProjWeight is null
            ? key.Shape.AsSpan()[..^1].SequenceEqual(value.Shape.AsSpan()[..^1]) && key.Shape[key.Rank - 1] == KDim
                && value.Shape[value.Rank - 1] == VDim
            : key.Shape.Equals(value.Shape);
        if (!fits)
        {
            throw new ShapeException(InProjWeight is null
                ? $"key's sequence and batch dims {key.Shape} do not match value's {value.Shape}; keys have length {KDim} and values {VDim}."
                : $"key shape {key.Shape} does not match value shape {value.Shape}");
        }
    }

    /// <summary>Queries, keys and values as [N, heads, length, size].</summary>
    private (Tensor Q, Tensor K, Tensor V) Projected(Tensor query, Tensor key, Tensor value)
    {
        if (InProjWeight is not null && ReferenceEquals(query, key) && ReferenceEquals(key, value))
        {
            var all = query.Linear(InProjWeight, InProjBias);
            return (Heads(all.Narrow(-1, 0, _size)), Heads(all.Narrow(-1, _size, _size)), Heads(all.Narrow(-1, 2 * _size, _size)));
        }

        return (Heads(Project(query, 0, QProjWeight)), Heads(Project(key, 1, KProjWeight)), Heads(Project(value, 2, VProjWeight)));
    }

    private Tensor Project(Tensor x, int part, Tensor? weight) => x.Linear(
        weight ?? InProjWeight!.Narrow(0, part * _size, _size), InProjBias?.Narrow(0, part * _size, _size));

    /// <summary>Keys and values with those behind them that belong to no input.</summary>
    private (Tensor K, Tensor V) Extended(Tensor k, Tensor v)
    {
        var (batch, length) = (k.Shape[0], _size / _heads);
        if (BiasK is not null && BiasV is not null)
        {
            Tensor Everywhere(Tensor x) => x.Reshape(1, _heads, 1, length).Expand(batch, _heads, 1, length);
            (k, v) = (Tensor.Cat([k, Everywhere(BiasK)], 2), Tensor.Cat([v, Everywhere(BiasV)], 2));
        }

        if (_addZeroAttn)
        {
            var zeros = Tensor.Zeros([batch, _heads, 1, length], k.DType);
            (k, v) = (Tensor.Cat([k, zeros], 2), Tensor.Cat([v, zeros], 2));
        }

        return (k, v);
    }

    /// <summary>Projected inputs as [N, heads, length, size].</summary>
    private Tensor Heads(Tensor x)
    {
        var split = x.Reshape(x.Shape[0], x.Shape[1], _heads, _size / _heads);
        return _batchFirst ? split.Permute(0, 2, 1, 3) : split.Permute(1, 2, 0, 3);
    }

    /// <summary>What all heads gathered, projected, in the query's shape.</summary>
    private Tensor Joined(Tensor seen, Tensor query)
    {
        var order = _batchFirst ? new[] { 0, 2, 1, 3 } : [2, 0, 1, 3];
        return _out.Forward(seen.Permute(order).Reshape(query.Shape.AsSpan()));
    }
}
