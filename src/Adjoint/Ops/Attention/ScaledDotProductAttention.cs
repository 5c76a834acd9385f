using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// softmax(q k^T scale + mask) v over the last two dimensions, of four: each query's mean of the values, weighted by how well it fits their keys.
/// A query that sees nothing gets zeros. The mask, the last input, may be absent.
/// </summary>
internal readonly record struct ScaledDotProductAttention(bool IsCausal, double Scale) : IFused
{
    public string GradName => "ScaledDotProductFlashAttentionForCpuBackward0";

    public int Differentiable => 3;

    public Reads Reads(Places wanted) =>
        (wanted.Count > 0 ? new Reads(Places.Of(0, 1, 3), Places.Of(0)) : default) |
        (wanted[0] || wanted[1] ? new Reads(Places.Of(2), Result: true) : default);

    public TensorType Infer(TensorType?[] inputs) =>
        new(Layout.Dense([.. inputs[0]!.Value.Layout.Sizes[..^1], inputs[2]!.Value.Layout.Sizes[^1]]), inputs[0]!.Value.DType);

    public Tensor Compose(Tensor?[] inputs) => Weights(inputs[0]!, inputs[1]!, inputs[3]).MatMul(inputs[2]!);

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        if (saved.Wanted.Count == 0)
        {
            return [null, null, null];
        }

        var (q, k) = (saved.Inputs[0]!, saved.Inputs[1]!);
        var weights = Weights(q, k, saved.Inputs[3]);
        Tensor? ofQ = null, ofK = null;
        if (saved.Wanted[0] || saved.Wanted[1])
        {
            var ofWeights = g.MatMul(saved.Inputs[2]!.Transpose(-2, -1));
            var slopes = weights * (ofWeights - (ofWeights * weights).Sum(-1, keepDim: true)) * Scale;
            ofQ = saved.Wanted[0] ? slopes.MatMul(k) : null;
            ofK = saved.Wanted[1] ? slopes.Transpose(-2, -1).MatMul(q) : null;
        }

        return [ofQ, ofK, saved.Wanted[2] ? weights.Transpose(-2, -1).MatMul(g) : null];
    }

    public Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        var (q, k, v) = (Op.Contiguous(inputs[0]!), Op.Contiguous(inputs[1]!), Op.Contiguous(inputs[2]!));
        var sizes = q.Layout.Sizes;
        var result = Op.Fresh(Layout.Dense([.. sizes[..3], v.Layout.Sizes[3]]), q.DType);
        var sums = Op.Fresh(Layout.Dense([.. sizes[..3], 2]), q.DType);
        made = [sums];
        Run(q, k, v, v.Layout.Sizes[3], inputs[3], result, sums, null, null, null, null);
        return result;
    }

    public Tensor?[] PullFused(Tensor g, in Remembered saved)
    {
        if (saved.Wanted.Count == 0)
        {
            return [null, null, null];
        }

        var (q, k) = (Op.Contiguous(saved.Inputs[0]!), Op.Contiguous(saved.Inputs[1]!));
        var v = saved.Inputs[2] is { } values ? Op.Contiguous(values) : null;
        var ofScores = saved.Wanted[0] || saved.Wanted[1];
        var (ofQ, ofK) = ofScores ? (Op.Fresh(q.Layout, q.DType), Op.Fresh(k.Layout, k.DType)) : (null, null);
        var ofV = Op.Fresh(saved.Layouts[2]!, q.DType);
        Run(q, k, v, ofV.Layout.Sizes[3], saved.Inputs[3], saved.Result, saved.Made[0]!, Op.Contiguous(g), ofQ, ofK, ofV);
        return [saved.Wanted[0] ? ofQ : null, saved.Wanted[1] ? ofK : null, saved.Wanted[2] ? ofV : null];
    }

    public Tensor? Batch(Tensor?[] inputs, Places batched)
    {
        var mask = inputs[3];
        if (batched != Places.Of(0, 1, 2) || inputs[0]!.Layout.Sizes[0] == 0 || (mask is not null && mask.Rank == 4 && mask.Layout.Sizes[0] > 1))
        {
            return null;
        }

        var sizes = inputs[0]!.Layout.Sizes;
        var together = Shape.Dimension((long)sizes[0] * sizes[1], "the samples of ScaledDotProductAttention");
        Tensor Joined(Tensor x) => x.Reshape([together, .. x.Layout.Sizes[2..]]);
        var y = Op.Fused(this, Joined(inputs[0]!), Joined(inputs[1]!), Joined(inputs[2]!), mask);
        return y.Reshape([sizes[0], sizes[1], .. y.Layout.Sizes[1..]]);
    }

    /// <summary>What a query must not see: the keys after it.</summary>
    public static Tensor Later(int queries, int keys) => Tensor.Arange(keys) > Tensor.Arange(queries).Unsqueeze(1);

    private Tensor Weights(Tensor q, Tensor k, Tensor? mask)
    {
        var scores = (q * Scale).MatMul(k.Transpose(-2, -1));
        scores = mask is null ? scores : scores + mask;
        scores = IsCausal ? scores.MaskedFill(Later(q.Layout.Sizes[^2], k.Layout.Sizes[^2]), double.NegativeInfinity) : scores;
        return scores.SafeSoftmax(-1);
    }

    private unsafe void Run(
        Tensor q,
        Tensor k,
        Tensor? v,
        int width,
        Tensor? mask,
        Tensor? result,
        Tensor sums,
        Tensor? gradient,
        Tensor? ofQ,
        Tensor? ofK,
        Tensor? ofV)
    {
        var sizes = q.Layout.Sizes;
        var keys = k.Layout.Sizes[2];
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
        fixed (byte* pq = &q.Storage.Origin,
            pk = &k.Storage.Origin,
            pv = &(v ?? q).Storage.Origin,
            py = &(result ?? q).Storage.Origin,
            ps = &sums.Storage.Origin,
            pm = &(mask ?? q).Storage.Origin,
            pg = &(gradient ?? q).Storage.Origin,
            oq = &(ofQ ?? q).Storage.Origin,
            ok = &(ofK ?? q).Storage.Origin,
            ov = &(ofV ?? q).Storage.Origin)
        {
            var job = new Loops
            {
                Q = Op.FirstOf(pq, q), K = Op.FirstOf(pk, k), V = Op.FirstOf(pv, v), Result = Op.FirstOf(py, result), Sums = Op.FirstOf(ps, sums),
                Mask = Op.FirstOf(pm, mask), Gradient = Op.FirstOf(pg, gradient),
                OfQ = Op.FirstOf(oq, ofQ), OfK = Op.FirstOf(ok, ofK), OfV = Op.FirstOf(ov, ofV),
                Scale = Scale, Steps = steps, IsCausal = IsCausal,
                All = heads, Heads = sizes[1], Queries = sizes[2], Keys = keys, Length = sizes[3], Width = width,
            };
            q.DType.VisitReal(ref job, "scaled_dot_product_attention");
        }

        // A block returns to the pool when its last tensor dies; not before the loops have ended.
        GC.KeepAlive(q);
        GC.KeepAlive(k);
        GC.KeepAlive(v);
        GC.KeepAlive(result);
        GC.KeepAlive(sums);
        GC.KeepAlive(mask);
        GC.KeepAlive(gradient);
        GC.KeepAlive(ofQ);
        GC.KeepAlive(ofK);
        GC.KeepAlive(ofV);
    }

    // A few short rows take less time than handles that pin their memory, so pointers are pinned where they are made.
    private unsafe struct Loops : IRealJob
    {
        public byte* Q;
        public byte* K;
        public byte* V;
        public byte* Result;
        public byte* Sums;
        public byte* Mask;
        public byte* Gradient;
        public byte* OfQ;
        public byte* OfK;
        public byte* OfV;
        public double Scale;
        public nint[] Steps;
        public bool IsCausal;
        public int All;
        public int Heads;
        public int Queries;
        public int Keys;
        public int Length;
        public int Width;

        readonly void IRealJob.Run<T>() => Kernels.Attention.Run(
            new AttentionCall<T>
            {
                All = All, Heads = Heads, Queries = Queries, Keys = Keys, Length = Length, Width = Width,
                Q = (T*)Q, K = (T*)K, V = (T*)V, Result = (T*)Result, Sums = (T*)Sums,
                Mask = (T*)Mask, MaskBatch = Steps[0], MaskHead = Steps[1], MaskQuery = Steps[2], MaskKey = Steps[3],
                IsCausal = IsCausal, Scale = T.CreateTruncating(Scale),
                Gradient = (T*)Gradient, OfQ = (T*)OfQ, OfK = (T*)OfK, OfV = (T*)OfV,
            },
            Gradient != null);
    }
}

/// <content>Attention.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// softmax(query key^T scale + mask) value over the last two dimensions (<c>torch.nn.functional.scaled_dot_product_attention</c>). This tensor
    /// has shape [..., L, E], the key [..., S, E], the value [..., S, F]; the result has shape [..., L, F]. A query whose scores are all negative
    /// infinity, because its masks leave nothing to see, gets zeros and gives no gradient.
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
        if (DType is { IsNarrow: true, IsFloatingPoint: true } stored && key.DType == stored && value.DType == stored)
        {
            // Computed from end to end in more bits, and rounded once.
            var numbers = attnMask is null || attnMask.DType == DType.Bool ? attnMask : attnMask.To(stored.Compute);
            return To(stored.Compute)
                .ScaledDotProductAttention(key.To(stored.Compute), value.To(stored.Compute), numbers, dropoutP, isCausal, scale, generator)
                .To(stored);
        }

        var factor = scale ?? 1 / Math.Sqrt(Layout.Sizes[^1]);
        var mask = attnMask?.DType == DType.Bool
            ? Tensor.Zeros([], DType).MaskedFill(!attnMask, double.NegativeInfinity)
            : attnMask;
        var isFused = Rank == 4 && key.Rank == 4 && value.Rank == 4 && dropoutP == 0 && DType.IsFloatingPoint
            && Layout.Count > 0 && key.Layout.Count > 0 && value.Layout.Count > 0
            && Layout.Sizes.AsSpan(0, 2).SequenceEqual(key.Layout.Sizes.AsSpan(0, 2))
            && Layout.Sizes.AsSpan(0, 2).SequenceEqual(value.Layout.Sizes.AsSpan(0, 2))
            && (mask is null || (mask.DType == DType && !mask.RequiresGrad && AttentionArguments.Fits(this, key, mask)));
        if (isFused)
        {
            return Op.Fused(new ScaledDotProductAttention(isCausal, factor), this, key, value, mask);
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
                $"Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: {query.Rank} key.dim: {key.Rank} and " +
                $"value.dim: {value.Rank} instead.");
        }

        if (!query.DType.IsFloatingPoint)
        {
            throw new DTypeException($"expected scalar type Float but found {query.DType.ScalarName}. Convert the tensors with To(DType.Float32).");
        }

        if (mask is not null && mask.DType != DType.Bool && mask.DType != DType.Float32 && mask.DType != query.DType)
        {
            throw new DTypeException(
                $"Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: {mask.DType.CppName} and  " +
                $"query.dtype: {query.DType.CppName} instead. Convert it with To(DType).");
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
