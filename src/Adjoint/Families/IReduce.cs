using Adjoint.Algebra;
using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Kernels;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>
/// A reduction over dimensions: what to do to each element, how to combine, how to finish, and the derivative of the result y against an input x.
/// </summary>
/// <example>
/// <code>
/// var y = Op.Reduce(default(SumOfSquares), x, [-1]);
///
/// readonly record struct SumOfSquares : IReduce
/// {
///     public V Unit&lt;V>() where V : struct, IRing&lt;V> => V.Zero;
///     public V Lift&lt;V>(V x) where V : struct, IReal&lt;V> => x * x;
///     public V Combine&lt;V>(V a, V b) where V : struct, IRing&lt;V> => a + b;
///     public V Finish&lt;V>(V combined) where V : struct, IReal&lt;V> => combined;
///     public V D&lt;V>(V x, V y) where V : struct, IReal&lt;V> => x + x;
/// }
/// </code>
/// </example>
public interface IReduce : IOperator, IFold
{
    /// <summary>The element types it computes with.</summary>
    static virtual Elements Elements => Elements.Real;

    /// <summary>Where tests may draw inputs.</summary>
    static virtual Domain Domain => Domain.Real;

    /// <summary>The derivative is 1 (or -1) where an input is the result and 0 elsewhere; ties share it evenly.</summary>
    static virtual bool SharesTies => false;

    /// <summary>Nothing flows back at all, not even zeros: the input counts as unused.</summary>
    static virtual bool HasNoGradient => false;

    /// <summary>Whether there is a <see cref="Finish"/> other than the identity.</summary>
    static virtual bool Finishes => false;

    /// <summary>What is done to what all elements combine to.</summary>
    V Finish<V>(V combined)
        where V : struct, IReal<V>;

    /// <summary>The derivative of the result y against an element x.</summary>
    V D<V>(V x, V y)
        where V : struct, IReal<V>;
}

/// <summary>The last step of an <see cref="IReduce"/> as a loop body.</summary>
internal readonly struct FinishBody<O>(O op) : IBody
    where O : struct, IReduce
{
    public static int Arity => 1;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => op.Finish(a);
}

/// <summary>g * D(x, y) of an <see cref="IReduce"/> as a loop body.</summary>
internal readonly struct ReducePullBody<O>(O op) : IBody
    where O : struct, IReduce
{
    public static int Arity => 3;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V>
    {
        var slope = op.D(b, c);
        return O.SharesTies ? V.Select(V.Equal(slope, V.Zero), V.Zero, ChainRule.Pull(a, slope)) : ChainRule.Pull(a, slope);
    }
}

/// <summary>a / b as a loop body.</summary>
internal readonly struct QuotientBody : IBody
{
    public static int Arity => 2;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => a / b;
}

/// <summary>The sum of magnitudes: how many share a gradient, where derivatives are -1, 0 or 1.</summary>
internal readonly struct MagnitudeFold : IFold
{
    public V Unit<V>()
        where V : struct, IRing<V> => V.Zero;

    public V Lift<V>(V x)
        where V : struct, IReal<V> => V.Abs(x);

    public V Combine<V>(V a, V b)
        where V : struct, IRing<V> => a + b;
}

/// <summary>The sum of elements.</summary>
internal readonly struct SumFold : IFold
{
    public V Unit<V>()
        where V : struct, IRing<V> => V.Zero;

    public V Lift<V>(V x)
        where V : struct, IReal<V> => x;

    public V Combine<V>(V a, V b)
        where V : struct, IRing<V> => a + b;
}

/// <summary>An <see cref="IReduce"/> over dimensions as transforms see it.</summary>
internal sealed class ReduceOperation<O>(O op, bool[] reduced, bool keepDim) : Operation<O>(op)
    where O : struct, IReduce
{
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes =>
        [.. base.Attributes, new("dim", Parameter.Readable(reduced)), new("keepDim", keepDim)];

    /// <summary>Over which dimensions, and whether they stay with size 1.</summary>
    private (bool[] Reduced, bool KeepDim) Over => (reduced, keepDim);

    /// <summary>The gradient of the input, in operators that others may follow, or in one pass where nobody does.</summary>
    public static Tensor Pull(O op, Tensor g, Tensor x, Tensor y, bool[] reduced)
    {
        if (Traced.Pull(new Fused(op, reduced), g, x, y) is { } fused)
        {
            return fused;
        }

        var kept = Op.ReducedSizes(x.Layout, reduced, keepDim: true);
        var gradient = g.Reshape(kept);
        var slope = op.D(new Sym(x), new Sym(y.Reshape(kept)));
        if (O.SharesTies)
        {
            // Not "/=", which would divide the caller's gradient in place.
            gradient = gradient / Ties(slope, x, reduced, keepDim: true);
        }

        // A slope that is a number has no shape of its own.
        var pulled = Formulas.Chain(gradient, slope, O.SharesTies);
        return pulled.Layout.SameSizes(x.Layout) ? pulled : pulled.Expand(x.Layout.Sizes);
    }

    public override bool Equals(Operation<O>? other) =>
        base.Equals(other) && other is ReduceOperation<O> { Over: var over }
            && over.KeepDim == keepDim && over.Reduced.AsSpan().SequenceEqual(reduced);

    internal override TensorType[] Infer(TensorType[] inputs) =>
        [inputs[0].To(Op.Accepted(inputs[0].DType, O.Elements, O.TruthRefusal)).With(Op.ReducedSizes(inputs[0].Layout, reduced, keepDim))];

    internal override Tensor[] Run(Tensor[] inputs) => [Op.Reduce(Operator, inputs[0], reduced, keepDim)];

    internal override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results) =>
        _ = new ReduceNode<O>(Operator, edges[0], reduced, inputs[0], results[0]);

    internal override Tensor?[] Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        if (O.HasNoGradient)
        {
            return [null];
        }

        var x = inputs[0];
        var slope = Operator.D(new Sym(x), new Sym(results[0].Reshape(Op.ReducedSizes(x.Layout, reduced, keepDim: true))));
        var pushed = Formulas.SumOver(Formulas.Chain(tangents[0]!, slope, O.SharesTies), reduced, keepDim);
        return [O.SharesTies ? pushed / Ties(slope, x, reduced, keepDim) : pushed];
    }

    internal override Tensor[] Batch(Batch batch, Tensor[] inputs) =>
        [batch.Wrap(Op.Reduce(Operator, batch.Of(inputs[0])!, [false, .. reduced], keepDim))];

    /// <summary>How many share a gradient; a constant, as slopes are -1, 0 or 1.
    /// Where all are 0, nothing is shared and nothing divided by 0.</summary>
    private static Tensor Ties(Sym slope, Tensor x, bool[] reduced, bool keepDim) =>
        Formulas.SumOver(slope.ToTensor(x).Detach().Abs(), reduced, keepDim).Clamp(min: 1);

    private sealed class Fused(O op, bool[] reduced) : FusedPull
    {
        public override Tensor Run(Tensor g, Tensor? x, Tensor? y, Tensor? z) => Op.PullReduce(op, g, x!, y!, reduced);

        public override Tensor? Batch(Batch batch, Tensor g, Tensor? x, Tensor? y, Tensor? z) =>
            Traced.Pull(new Fused(op, [false, .. reduced]), batch.Spread(g), batch.Spread(x!), batch.Spread(y!));
    }
}

public static partial class Op
{
    /// <summary>Applies a reduction over dimensions, recording it if its input requires grad.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="x">A tensor of a dtype that the operator takes.</param>
    /// <param name="dims">The dimensions; negative ones count from the end; none for all.</param>
    /// <param name="keepDim">Keep the dimensions with size 1.</param>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    /// <exception cref="DTypeException">The operator does not take the element type.</exception>
    public static Tensor Reduce<O>(O op, Tensor x, ReadOnlySpan<int> dims = default, bool keepDim = false)
        where O : struct, IReduce
    {
        ArgumentNullException.ThrowIfNull(x);
        return Reduce(op, x, Dims.Mask(dims, x.Rank), keepDim);
    }

    /// <summary>Applies a reduction over marked dimensions, recording it if its input requires grad.</summary>
    internal static Tensor Reduce<O>(O op, Tensor x, bool[] reduced, bool keepDim)
        where O : struct, IReduce
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.IsStandIn)
        {
            return Traced.Apply(new ReduceOperation<O>(op, reduced, keepDim), x);
        }

        var input = Accept(x, O.Elements, O.TruthRefusal);
        var y = Fold(op, Wide(input), reduced, keepDim);
        if (O.Finishes)
        {
            Run(new FinishBody<O>(op), y, y, null, null, null);
        }

        y = Convert(y, input.DType);

        if (x.RequiresGrad && Recording.IsOn)
        {
            _ = new ReduceNode<O>(op, Edge.To(x), reduced, input, y);
        }
        else if (Observation.IsOn)
        {
            Observation.Unrecorded(typeof(O), y, x);
        }

        return y;
    }

    /// <summary>The pull of a reduction in one pass, not recorded.</summary>
    internal static Tensor PullReduce<O>(O op, Tensor g, Tensor x, Tensor y, bool[] reduced)
        where O : struct, IReduce
    {
        var gradient = Spread(g, x.Layout, reduced);
        var result = Spread(y, x.Layout, reduced);
        if (!O.SharesTies)
        {
            return RunReal(new ReducePullBody<O>(op), x.Layout, gradient, x, result, null);
        }

        var one = Fresh(Layout.Scalar, x.DType);
        Numbers.Fill(one, 1);
        var share = RunReal(new ReducePullBody<O>(op), x.Layout, Spread(one, x.Layout, reduced), x, result, null);
        var ties = Fold(default(MagnitudeFold), share, reduced, keepDim: true);
        var each = RunReal(new QuotientBody(), ties.Layout, KeepDims(g, x.Layout, reduced), ties, null, null);
        return RunReal(new ReducePullBody<O>(op), x.Layout, Spread(each, x.Layout, reduced), x, result, null);
    }

    /// <summary>The sizes after a reduction.</summary>
    internal static int[] ReducedSizes(Layout layout, bool[] reduced, bool keepDim) => ReducedSizes(layout.Sizes, reduced, keepDim);

    /// <summary>The sizes after a reduction.</summary>
    internal static int[] ReducedSizes(int[] input, bool[] reduced, bool keepDim)
    {
        var sizes = new int[keepDim ? input.Length : reduced.AsSpan().Count(false)];
        for (int d = 0, own = 0; d < input.Length; d++)
        {
            if (!reduced[d])
            {
                sizes[own++] = input[d];
            }
            else if (keepDim)
            {
                sizes[own++] = 1;
            }
        }

        return sizes;
    }

    /// <summary>A reduction's result seen with the reduced dimensions of size 1 back in place, not recorded.</summary>
    internal static Tensor KeepDims(Tensor y, Layout input, bool[] reduced)
    {
        if (y.Rank == input.Rank)
        {
            return y;
        }

        var strides = new nint[input.Rank];
        for (int d = 0, own = 0; d < input.Rank; d++)
        {
            strides[d] = reduced[d] || y.Rank == 0 ? 0 : y.Layout.Strides[own++];
        }

        return y.View(y.Layout.With(ReducedSizes(input, reduced, keepDim: true), strides));
    }

    /// <summary>A reduction's result, or a scalar, seen with the input's sizes, not recorded.</summary>
    internal static Tensor Spread(Tensor y, Layout input, bool[] reduced)
    {
        var kept = y.Rank == 0 && input.Rank > 0 ? y : KeepDims(y, input, reduced);
        return kept.View(kept.Layout.Expand(input.Sizes));
    }
}
