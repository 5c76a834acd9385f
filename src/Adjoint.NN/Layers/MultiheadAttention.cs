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
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentException">The heads do not divide the length.</exception>
    public MultiheadAttention(
        int embedDim,
        int numHeads,
        double dropout = 0,
        bool bias = true,
        bool batchFirst = false,
        DType? dtype = null,
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
    /// <param name="value">Of the key's shape.</param>
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
        Tensor query, Tensor key, Tensor value, Tensor? keyPaddingMask = null, Tensor? attnMask = null, bool isCausal = false)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        CheckShapes(query, key, value);
        if (query.Rank == 2)
        {
            var batch = _batchFirst ? 0 : 1;
            return Forward(
                query.Unsqueeze(batch), key.Unsqueeze(batch), value.Unsqueeze(batch),
                keyPaddingMask?.Unsqueeze(0), attnMask, isCausal).Squeeze(batch);
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

        if (isCausal && attnMask is null && keyPaddingMask is not null)
        {
            attnMask = Tensor.Arange(k.Shape[2]) > Tensor.Arange(q.Shape[2]).Unsqueeze(1);
            isCausal = false;
        }

        var mask = Mask(attnMask, keyPaddingMask, q, k);
        var seen = q.ScaledDotProductAttention(k, v, mask, Training ? _dropout : 0, isCausal, generator: _generator);
        var order = _batchFirst ? new[] { 0, 2, 1, 3 } : [2, 0, 1, 3];
        return _out.Forward(seen.Permute(order).Reshape(query.Shape.AsSpan()));
    }

    /// <summary>Numbers to add to scores: both masks together.</summary>
    private static Tensor? Mask(Tensor? attention, Tensor? padding, Tensor q, Tensor k)
    {
        if (attention is { Rank: 3 })
        {
            attention = attention.Reshape(q.Shape[0], q.Shape[1], q.Shape[2], k.Shape[2]);
        }

        if (padding is null)
        {
            return attention?.DType == DType.Bool ? !attention! : attention;
        }

        if (!padding.Shape.AsSpan().SequenceEqual([q.Shape[0], k.Shape[2]]))
        {
            throw new ShapeException($"expecting key_padding_mask shape of ({q.Shape[0]}, {k.Shape[2]}), but got {padding.Shape}");
        }

        var hidden = Numbers(padding, q.DType).Unsqueeze(1).Unsqueeze(1);
        return attention is null ? hidden : Numbers(attention, q.DType) + hidden;
    }

    private static Tensor Numbers(Tensor mask, DType dtype) => mask.DType == DType.Bool
        ? Tensor.Zeros([], dtype).MaskedFill(mask, double.NegativeInfinity)
        : mask;

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

        if (!key.Shape.Equals(value.Shape))
        {
            throw new ShapeException($"key shape {key.Shape} does not match value shape {value.Shape}");
        }
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
