using Adjoint.Kernels;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>
/// softmax(q k^T scale + mask) v over the last two dimensions, of four: each query's mean of the values, weighted by how well it fits their keys.
/// A query that sees nothing gets zeros.
/// </summary>
internal readonly struct ScaledDotProductAttention(Tensor? mask, bool isCausal, double scale) : IFused
{
    public static bool ReadsZ => true;

    public string GradName => "ScaledDotProductFlashAttentionForCpuBackward0";

    public Tensor Compose(Tensor x, Tensor? y, Tensor? z) => Weights(x, y!).MatMul(z!);

    public Gradients Pull(Tensor g, Tensor x, Tensor? y, Tensor? z, Wanted wanted)
    {
        var weights = Weights(x, y!);
        var ofWeights = g.MatMul(z!.Transpose(-2, -1));
        var slopes = weights * (ofWeights - (ofWeights * weights).Sum(-1, keepDim: true)) * scale;
        return new(
            wanted.X ? slopes.MatMul(y!) : null,
            wanted.Y ? slopes.Transpose(-2, -1).MatMul(x) : null,
            wanted.Z ? weights.Transpose(-2, -1).MatMul(g) : null);
    }

    public Tensor Apply(Tensor x, Tensor? y, Tensor? z, out Kept kept)
    {
        var (q, k, v) = (Op.Contiguous(x), Op.Contiguous(y!), Op.Contiguous(z!));
        var sizes = x.Layout.Sizes;
        var result = Op.Fresh(Layout.Dense([.. sizes[..3], v.Layout.Sizes[3]]), x.DType);
        var sums = Op.Fresh(Layout.Dense([.. sizes[..3], 2]), x.DType);
        Run(q, k, v, result, sums, null, null, null, null);

        // The result under another object: a node that named the tensor itself would keep it alive through its own history.
        kept = new(new Tensor(result.Storage, result.Layout, result.DType), sums);
        return result;
    }

    public Gradients PullFused(Tensor g, Tensor x, Tensor? y, Tensor? z, Kept kept, Wanted wanted)
    {
        var (q, k, v) = (Op.Contiguous(x), Op.Contiguous(y!), Op.Contiguous(z!));
        var (ofQ, ofK, ofV) = (Op.Fresh(q.Layout, q.DType), Op.Fresh(k.Layout, k.DType), Op.Fresh(v.Layout, v.DType));
        Run(q, k, v, kept.First!, kept.Second!, Op.Contiguous(g), ofQ, ofK, ofV);
        return new(wanted.X ? ofQ : null, wanted.Y ? ofK : null, wanted.Z ? ofV : null);
    }

    /// <summary>What a query must not see: the keys after it.</summary>
    public static Tensor Later(int queries, int keys) => Tensor.Arange(keys) > Tensor.Arange(queries).Unsqueeze(1);

    private Tensor Weights(Tensor q, Tensor k)
    {
        var scores = (q * scale).MatMul(k.Transpose(-2, -1));
        scores = mask is null ? scores : scores + mask;
        scores = isCausal ? scores.MaskedFill(Later(q.Layout.Sizes[^2], k.Layout.Sizes[^2]), double.NegativeInfinity) : scores;
        return scores.SafeSoftmax(-1);
    }

    private unsafe void Run(
        Tensor q, Tensor k, Tensor v, Tensor result, Tensor sums, Tensor? gradient, Tensor? ofQ, Tensor? ofK, Tensor? ofV)
    {
        var sizes = q.Layout.Sizes;
        var (keys, width) = (k.Layout.Sizes[2], v.Layout.Sizes[3]);
        var heads = Shape.Dimension((long)sizes[0] * sizes[1], "the heads of ScaledDotProductAttention");
        nint queries = (nint)heads * sizes[2], all = (nint)heads * keys;
        Guard.Dense(q, q.DType, queries * sizes[3], "query");
        Guard.Dense(k, q.DType, all * sizes[3], "key");
        Guard.Dense(v, q.DType, all * width, "value");
        Guard.Dense(result, q.DType, queries * width, "output");
        Guard.Dense(sums, q.DType, 2 * queries, "logsumexp");
        Guard.Dense(gradient, q.DType, queries * width, "grad_output");
        Guard.DTypes(q.DType, q, mask);
        var steps = mask is null ? new nint[4] : mask.Layout.Expand([sizes[0], sizes[1], sizes[2], keys]).Strides;
        var causal = isCausal;
        using var pins = new Pins(q, k, v, result, sums, mask, gradient, ofQ, ofK, ofV);
        switch (q.DType)
        {
            case DType.Float32:
                Kernels.Attention.Run(Call<float>(pins, (float)scale), gradient is not null);
                break;
            case DType.Float64:
                Kernels.Attention.Run(Call<double>(pins, scale), gradient is not null);
                break;
            default:
                throw q.DType.NotImplemented("scaled_dot_product_attention");
        }

        AttentionCall<T> Call<T>(Pins pins, T factor)
            where T : unmanaged => new()
            {
                All = heads, Heads = sizes[1], Queries = sizes[2], Keys = keys, Length = sizes[3], Width = width,
                Q = (T*)pins[0], K = (T*)pins[1], V = (T*)pins[2], Result = (T*)pins[3], Sums = (T*)pins[4],
                Mask = (T*)pins[5], MaskBatch = steps[0], MaskHead = steps[1], MaskQuery = steps[2], MaskKey = steps[3],
                IsCausal = causal, Scale = factor, Gradient = (T*)pins[6], OfQ = (T*)pins[7], OfK = (T*)pins[8], OfV = (T*)pins[9],
            };
    }
}

/// <content>Attention.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// softmax(query key^T scale + mask) value over the last two dimensions (<c>torch.nn.functional.scaled_dot_product_attention</c>). This tensor has
    /// shape [..., L, E], the key [..., S, E], the value [..., S, F]; the result has shape [..., L, F]. A query whose scores are all negative infinity,
    /// because its masks leave nothing to see, gets zeros and gives no gradient.
    /// </summary>
    /// <param name="key">The keys.</param>
    /// <param name="value">The values.</param>
    /// <param name="attnMask">Broadcasts to [..., L, S]: numbers are added to scores, and where truth values are false nothing is seen.</param>
    /// <param name="dropoutP">The share of weights that become 0.</param>
    /// <param name="isCausal">A query sees no key with a larger number than its own.</param>
    /// <param name="scale">What scores are multiplied with; 1 / sqrt(E) if null.</param>
    /// <param name="generator">The source of random numbers for the dropout; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    /// <exception cref="ArgumentException">Both a mask and a causal one are asked for.</exception>
    public Tensor ScaledDotProductAttention(
        Tensor key,
        Tensor value,
        Tensor? attnMask = null,
        double dropoutP = 0,
        bool isCausal = false,
        double? scale = null,
        Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        AttentionArguments.Check(this, key, value, attnMask, isCausal);
        var factor = scale ?? 1 / Math.Sqrt(Layout.Sizes[^1]);
        var mask = attnMask is { DType: DType.Bool }
            ? Tensor.Zeros([], DType).MaskedFill(!attnMask, double.NegativeInfinity)
            : attnMask;
        var isFused = Rank == 4 && key.Rank == 4 && value.Rank == 4 && dropoutP == 0 && DType.IsFloatingPoint
            && Layout.Count > 0 && key.Layout.Count > 0 && value.Layout.Count > 0
            && Layout.Sizes.AsSpan(0, 2).SequenceEqual(key.Layout.Sizes.AsSpan(0, 2))
            && Layout.Sizes.AsSpan(0, 2).SequenceEqual(value.Layout.Sizes.AsSpan(0, 2))
            && (mask is null || (mask.DType == DType && !mask.RequiresGrad && !mask.IsStandIn && AttentionArguments.Fits(this, key, mask)));
        if (isFused)
        {
            return Op.Fused(new ScaledDotProductAttention(mask, isCausal, factor), this, key, value);
        }

        var scores = (this * factor).MatMul(key.Transpose(-2, -1));
        scores = mask is null ? scores : scores + mask;
        if (isCausal)
        {
            scores = scores.MaskedFill(
                Adjoint.ScaledDotProductAttention.Later(Layout.Sizes[^2], key.Layout.Sizes[^2]), double.NegativeInfinity);
        }

        return scores.SafeSoftmax(-1).Dropout(dropoutP, training: true, generator).MatMul(value);
    }
}

/// <summary>What attention asks of its arguments, and PyTorch's words where they do not fit.</summary>
internal static class AttentionArguments
{
    /// <summary>Whether a mask adds no dimension and enlarges none of the scores.</summary>
    public static bool Fits(Tensor query, Tensor key, Tensor mask)
    {
        var scores = Layout.Dense([.. query.Layout.Sizes[..^1], key.Layout.Sizes[^2]]);
        return Layout.Broadcast(scores, mask.Layout).SameSizes(scores);
    }

    public static void Check(Tensor query, Tensor key, Tensor value, Tensor? mask, bool isCausal)
    {
        if (mask is not null && isCausal)
        {
            throw new ArgumentException(
                "_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True", nameof(mask));
        }

        if (query.DType != key.DType || query.DType != value.DType)
        {
            throw new DTypeException(
                $"Expected query, key, and value to have the same dtype, but got query.dtype: {query.DType.CppName} key.dtype: " +
                $"{key.DType.CppName} and value.dtype: {value.DType.CppName} instead. Convert them with To(DType).");
        }

        if (query.Rank < 2 || key.Rank < 2 || value.Rank < 2)
        {
            throw new ShapeException(
                $"Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: {query.Rank} key.dim: {key.Rank} and value.dim: " +
                $"{value.Rank} instead.");
        }

        if (!query.DType.IsFloatingPoint)
        {
            throw new DTypeException($"expected scalar type Float but found {query.DType.ScalarName}. Convert the tensors with To(DType.Float32).");
        }

        if (mask is not null && mask.DType != DType.Bool && mask.DType != DType.Float32 && mask.DType != query.DType)
        {
            throw new DTypeException(
                $"Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: {mask.DType.CppName} and  query.dtype: " +
                $"{query.DType.CppName} instead. Convert it with To(DType).");
        }

        var (q, k, v) = (query.Layout.Sizes, key.Layout.Sizes, value.Layout.Sizes);
        if (q[^1] != k[^1])
        {
            throw new ShapeException(
                Product(query, key, $"{q[^2]}x{q[^1]} and {k[^1]}x{k[^2]}", q[^1], k[^1]) +
                $" A query must be as long as a key: query {Shape.Text(q)}, key {Shape.Text(k)}.");
        }

        if (k[^2] != v[^2])
        {
            throw new ShapeException(
                Product(query, value, $"{q[^2]}x{k[^2]} and {v[^2]}x{v[^1]}", k[^2], v[^2]) +
                $" There must be as many keys as values: key {Shape.Text(k)}, value {Shape.Text(v)}.");
        }
    }

    /// <summary>What PyTorch says of the product of matrices that a wrong size meets first.</summary>
    private static string Product(Tensor x, Tensor y, string shapes, int expected, int actual)
    {
        var batch = Math.Max(Shape.Product(x.Layout.Sizes.AsSpan(..^2)), Shape.Product(y.Layout.Sizes.AsSpan(..^2)));
        return x.Rank == 2 && y.Rank == 2
            ? $"mat1 and mat2 shapes cannot be multiplied ({shapes})."
            : $"Expected size for first two dimensions of batch2 tensor to be: [{batch}, {expected}] but got: [{batch}, {actual}].";
    }
}
