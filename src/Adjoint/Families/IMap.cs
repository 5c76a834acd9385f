using Adjoint.Algebra;
using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Kernels;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>
/// A pointwise operator of one input: its formula and its derivative, each written once in the algebra. Loops, broadcasting, in-place form and every
/// order of derivative are derived.
/// </summary>
/// <example>
/// <code>
/// var y = Op.Map(default(Cube), x);
///
/// readonly record struct Cube : IMap
/// {
///     public V F&lt;V>(V x) where V : struct, IReal&lt;V> => x * x * x;
///     public V D&lt;V>(V x, V y) where V : struct, IReal&lt;V> => V.Of(3) * x * x;
/// }
/// </code>
/// </example>
public interface IMap : IOperator
{
    /// <summary>The element types it computes with.</summary>
    static virtual Elements Elements => Elements.Real;

    /// <summary>Where tests may draw inputs.</summary>
    static virtual Domain Domain => Domain.Real;

    /// <summary>
    /// The derivative is a choice (0, 1 or a constant by sign), so a zero blocks the gradient even when that is infinite or NaN, as PyTorch's
    /// masked derivatives do.
    /// </summary>
    static virtual bool Selects => false;

    /// <summary>The formula.</summary>
    V F<V>(V x)
        where V : struct, IReal<V>;

    /// <summary>The derivative dy/dx, from the input x and the result y.</summary>
    V D<V>(V x, V y)
        where V : struct, IReal<V>;

    /// <summary>The formula for whole numbers, where <see cref="Elements"/> promises one.</summary>
    V I<V>(V x)
        where V : struct, IRing<V> => throw new NotSupportedException("This operator has no formula for whole numbers.");
}

/// <summary>
/// A map that is linear by pieces and whose derivative PyTorch computes by a function of its own: to that function, the gradient of a gradient is
/// zero, where for a mask it would be unused.
/// </summary>
internal interface IPiecewiseLinear : IMap;

/// <summary>The formula of an <see cref="IMap"/> as a loop body.</summary>
internal readonly struct MapBody<O>(O op) : IBody
    where O : struct, IMap
{
    public static int Arity => 1;

    public static Elements Elements => O.Elements;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => op.F(a);

    public V I<V>(V a, V b, V c, V d)
        where V : struct, IRing<V> => op.I(a);
}

/// <summary>g * D(x, y) as a loop body: the pull of an <see cref="IMap"/> in one pass, and its push with a tangent for g.</summary>
internal readonly struct MapPullBody<O>(O op) : IBody
    where O : struct, IMap
{
    public static int Arity => 3;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V>
    {
        var slope = op.D(b, c);
        return O.Selects ? V.Select(V.Equal(slope, V.Zero), V.Zero, ChainRule.Pull(a, slope)) : ChainRule.Pull(a, slope);
    }
}

/// <summary>A recorded <see cref="IMap"/>.</summary>
internal sealed class MapNode<O> : Node
    where O : struct, IMap
{
    private readonly O _op;
    private readonly Edge _edge;
    private Saved _x;
    private Saved _y;

    public MapNode(O op, Edge edge, Tensor x, Tensor y)
    {
        _op = op;
        _edge = edge;
        Attach(y, x);
        var reading = MapTraits<O>.Of(op);
        if (reading.X)
        {
            _x = new Saved(x);
        }

        if (reading.Y)
        {
            _y = new Saved(y);
        }
    }

    public override string Name => NameOf(_op);

    internal override string Operation => OperationOf(_op);

    internal override int EdgeCount => 1;

    internal override Edge GetEdge(int index) => _edge;

    internal override void Pull(Puller puller, Tensor gradient)
    {
        var reading = MapTraits<O>.Of(_op);
        if (reading.IsIdentity)
        {
            gradient.IsTemporary = false;
            puller.Give(_edge, gradient);
            return;
        }

        var x = reading.X ? _x.Read(this) : null;
        var y = reading.Y ? _y.Read(this, isOutput: true) : null;
        var isStrong = puller.ZerosAreStrong;
        var pulled = puller.Records ? MapOperation<O>.Pull(_op, gradient, x, y) : Op.PullMap(_op, gradient, x, y, isLast: !isStrong);
        puller.Give(_edge, isStrong ? Formulas.Strong(gradient, pulled) : pulled);
    }

    internal override void Release()
    {
        _x.Release();
        _y.Release();
    }

    internal override void ListSaved(List<Saved> list) => list.AddRange([_x, _y]);
}

/// <summary>An <see cref="IMap"/> as transforms see it.</summary>
internal sealed class MapOperation<O>(O op) : Operation<O>(op)
    where O : struct, IMap
{
    /// <summary>g * D(x, y) in operators that others may follow, or in one pass where nobody does.</summary>
    public static Tensor Pull(O op, Tensor g, Tensor? x, Tensor? y)
    {
        if (Traced.Pull(new Fused(op), g, x, y) is { } fused)
        {
            return fused;
        }

        var pulled = Formulas.Chain(g, op.D(new Sym(x), new Sym(y)), O.Selects);

        // Inside of transforms, what does not depend on an input has derivative zero anyway.
        return op is IPiecewiseLinear && Nesting.Depth == 0 && (x ?? y) is { RequiresGrad: true } read
            ? Tensor.Where(Numbers.Truth(true), pulled, read)
            : pulled;
    }

    internal override TensorType[] Infer(TensorType[] inputs) => [inputs[0].To(Op.Accepted(inputs[0].DType, O.Elements, O.TruthRefusal))];

    internal override Tensor[] Run(Tensor[] inputs) => [Op.Map(Operator, inputs[0])];

    internal override Tensor[]? Decomposed(Tensor[] inputs) => inputs[0].DType.IsFloatingPoint
        ? [Operator.F(new Sym(inputs[0])).ToTensor(inputs[0])]
        : null;

    internal override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results) => _ = new MapNode<O>(Operator, edges[0], inputs[0], results[0]);

    internal override Tensor?[] Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var (t, x, y) = (tangents[0]!, inputs[0], results[0]);
        return [MapTraits<O>.Of(Operator).IsIdentity ? t : Formulas.Push(new Fused(Operator), t, x, y) ?? Pull(Operator, t, x, y)];
    }

    internal override Tensor[] Batch(Batch batch, Tensor[] inputs) => [batch.Wrap(Op.Map(Operator, batch.Of(inputs[0])!))];

    private sealed class Fused(O op) : FusedPull
    {
        public override Tensor Run(Tensor g, Tensor? x, Tensor? y, Tensor? z) => Op.PullMap(op, g, x, y);
    }
}

/// <summary>The gate through which all operators run, one part for each family.</summary>
public static partial class Op
{
    /// <summary>Applies a pointwise operator, recording it if its input requires grad.</summary>
    /// <exception cref="DTypeException">The operator does not take the element type.</exception>
    public static Tensor Map<O>(O op, Tensor x)
        where O : struct, IMap
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.IsStandIn)
        {
            return Traced.Apply(new MapOperation<O>(op), x);
        }

        var input = Accept(x, O.Elements, O.TruthRefusal);
        var y = Fresh(input.Layout, input.DType);
        RunMap(op, input, y);
        if (x.RequiresGrad && Recording.IsOn)
        {
            _ = new MapNode<O>(op, Edge.To(x), input, y);
        }
        else if (Observation.IsOn)
        {
            Observation.Unrecorded(OperatorName<O>.Text, y, [x]);
        }

        return y;
    }

    /// <summary>Applies a pointwise operator in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public static Tensor MapInPlace<O>(O op, Tensor x)
        where O : struct, IMap
    {
        ArgumentNullException.ThrowIfNull(x);
        if (Rewrite.IsNeeded(x))
        {
            return Rewrite.Apply(new MapOperation<O>(op), x);
        }

        var input = Accept(x, O.Elements, O.TruthRefusal);
        var recorded = InPlace.Begin(x, x.RequiresGrad, input.DType, input.Layout);
        if (!recorded)
        {
            RunMap(op, input, x);
            InPlace.Changed(x, OperatorName<O>.InPlace);
            return x;
        }

        // The derivative may read the old values, which the loop overwrites.
        var edge = InPlace.Old(x);
        var old = MapTraits<O>.Of(op).X ? Old(x, edge) : x;
        RunMap(op, old, x);
        var result = InPlace.Result(x, OperatorName<O>.InPlace);
        _ = new MapNode<O>(op, edge, old, result);
        InPlace.End(x, result);
        return x;
    }

    /// <summary>g * D(x, y) in one pass, not recorded. A last reader may use the gradient up.</summary>
    internal static Tensor PullMap<O>(O op, Tensor g, Tensor? x, Tensor? y, bool isLast = false)
        where O : struct, IMap => RunPull(new MapPullBody<O>(op), isLast, g, x ?? g, y ?? g, null);

    private static unsafe void RunMap<O>(O op, Tensor x, Tensor y)
        where O : struct, IMap
    {
        var body = new MapBody<O>(op);
        Run(body, y, x, null, null, null);
    }
}
