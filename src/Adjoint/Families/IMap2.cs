using Adjoint.Algebra;
using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Kernels;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>A pointwise operator of two inputs, which broadcast and promote: a formula and one derivative for each input.</summary>
/// <example>
/// <code>
/// var y = Op.Map2(default(Hypotenuse), x, 1.0);
///
/// readonly record struct Hypotenuse : IMap2
/// {
///     public V F&lt;V>(V x, V y) where V : struct, IReal&lt;V> => V.Sqrt((x * x) + (y * y));
///     public V DX&lt;V>(V x, V y, V z) where V : struct, IReal&lt;V> => x / z;
///     public V DY&lt;V>(V x, V y, V z) where V : struct, IReal&lt;V> => y / z;
/// }
/// </code>
/// </example>
public interface IMap2 : IOperator
{
    /// <summary>The element types it computes with.</summary>
    static virtual Elements Elements => Elements.Real;

    /// <summary>Where tests may draw the first input.</summary>
    static virtual Domain DomainX => Domain.Real;

    /// <summary>Where tests may draw the second input.</summary>
    static virtual Domain DomainY => Domain.Real;

    /// <summary>Both derivatives are choices, so a zero blocks the gradient even when that is infinite or NaN.</summary>
    static virtual bool Selects => false;

    /// <summary>The formula.</summary>
    V F<V>(V x, V y)
        where V : struct, IReal<V>;

    /// <summary>The derivative dz/dx, from the inputs and the result z.</summary>
    V DX<V>(V x, V y, V z)
        where V : struct, IReal<V>;

    /// <summary>The derivative dz/dy, from the inputs and the result z.</summary>
    V DY<V>(V x, V y, V z)
        where V : struct, IReal<V>;

    /// <summary>The formula for whole numbers, where <see cref="Elements"/> promises one.</summary>
    V I<V>(V x, V y)
        where V : struct, IRing<V> => throw new NotSupportedException("This operator has no formula for whole numbers.");
}

/// <summary>The formula of an <see cref="IMap2"/> as a loop body.</summary>
internal readonly struct Map2Body<O>(O op) : IBody
    where O : struct, IMap2
{
    public static int Arity => 2;

    public static Elements Elements => O.Elements;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => op.F(a, b);

    public V I<V>(V a, V b, V c, V d)
        where V : struct, IRing<V> => op.I(a, b);
}

/// <summary>g * DX(x, y, z) as a loop body.</summary>
internal readonly struct Map2PullX<O>(O op) : IBody
    where O : struct, IMap2
{
    public static int Arity => 4;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V>
    {
        var slope = op.DX(b, c, d);
        return O.Selects ? V.Select(V.Equal(slope, V.Zero), V.Zero, ChainRule.Pull(a, slope)) : ChainRule.Pull(a, slope);
    }
}

/// <summary>g * DY(x, y, z) as a loop body.</summary>
internal readonly struct Map2PullY<O>(O op) : IBody
    where O : struct, IMap2
{
    public static int Arity => 4;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V>
    {
        var slope = op.DY(b, c, d);
        return O.Selects ? V.Select(V.Equal(slope, V.Zero), V.Zero, ChainRule.Pull(a, slope)) : ChainRule.Pull(a, slope);
    }
}

/// <summary>An <see cref="IMap2"/> as transforms see it.</summary>
internal sealed class Map2Operation<O>(O op) : Operation<O>(op)
    where O : struct, IMap2
{
    /// <summary>g * D(x, y, z) against one input, in operators that others may follow, or in one pass where nobody does.</summary>
    public static Tensor Pull(O op, int input, Tensor g, Tensor? x, Tensor? y, Tensor? z)
    {
        if (Traced.Pull(new Fused(op, input), g, x, y, z) is { } fused)
        {
            return fused;
        }

        var (a, b, c) = (new Sym(Formulas.InDTypeOf(g, x)), new Sym(Formulas.InDTypeOf(g, y)), new Sym(z));
        return Formulas.Chain(g, input == 0 ? op.DX(a, b, c) : op.DY(a, b, c), O.Selects);
    }

    internal override TensorType[] Infer(TensorType[] inputs) =>
        [new(Layout.Broadcast(inputs[0].Layout, inputs[1].Layout), Op.Accepted(Promotion.ResultType(inputs), O.Elements, O.TruthRefusal))];

    internal override Tensor[] Run(Tensor[] inputs) => [Op.Map2(Operator, inputs[0], inputs[1])];

    internal override Tensor[]? Decomposed(Tensor[] inputs) => Infer(Array.ConvertAll(inputs, TensorType.Of))[0] is { DType.IsFloatingPoint: true } y
        ? [Operator.F(new Sym(inputs[0]), new Sym(inputs[1])).ToTensor(y)]
        : null;

    internal override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results) =>
        _ = new Map2Node<O>(Operator, edges[0], edges[1], inputs[0], inputs[1], results[0]);

    internal override Tensor?[] Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var readings = Map2Traits<O>.Of(Operator);
        return [Formulas.Sum(Push(0, readings.First, inputs, tangents[0], results[0]), Push(1, readings.Second, inputs, tangents[1], results[0]))];
    }

    internal override Tensor[] Batch(Batch batch, Tensor[] inputs)
    {
        var aligned = batch.Align(inputs);
        return [batch.Wrap(Op.Map2(Operator, aligned[0], aligned[1]))];
    }

    private Tensor? Push(int input, Reading reading, Tensor[] inputs, Tensor? tangent, Tensor z)
    {
        if (tangent is null)
        {
            return null;
        }

        var t = Formulas.Spread(tangent, z);
        return reading.IsIdentity ? t
            : Formulas.Push(new Fused(Operator, input), t, inputs[0], inputs[1], z) ?? Pull(Operator, input, t, inputs[0], inputs[1], z);
    }

    private sealed class Fused(O op, int input) : FusedPull
    {
        public override Tensor Run(Tensor g, Tensor? x, Tensor? y, Tensor? z) => Op.PullMap2(op, input, g, x, y, z);
    }
}

public static partial class Op
{
    /// <summary>Applies a pointwise operator to two inputs that broadcast, recording it if either requires grad.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The operator does not take the element type.</exception>
    public static Tensor Map2<O>(O op, Tensor x, Tensor y)
        where O : struct, IMap2
    {
        Operands.ThrowIfNull<O>(x);
        Operands.ThrowIfNull<O>(y);
        if (x.IsStandIn || y.IsStandIn)
        {
            return Traced.Apply(new Map2Operation<O>(op), x, y);
        }

        if (!x.DType.IsFloatingPoint || x.IsNumber)
        {
            return Promoted(op, x, y);
        }

        // A plain number never changes the dtype of reals, and is as exact as they are computed.
        var right = y.IsNumber ? Numbers.InDType(y, x.DType.Compute) : y;
        return x.DType == right.DType || y.IsNumber ? Aligned(op, x, y, x, right) : Promoted(op, x, y);
    }

    /// <summary>Applies a pointwise operator of two inputs in place of the first.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public static Tensor Map2InPlace<O>(O op, Tensor x, Tensor y)
        where O : struct, IMap2
    {
        Operands.ThrowIfNull<O>(x);
        Operands.ThrowIfNull<O>(y);
        var dtype = Accepted(Promotion.ResultType(x, y), O.Elements, O.TruthRefusal);
        if (Rewrite.IsNeeded(x, y))
        {
            return Rewrite.Apply(new Map2Operation<O>(op), x, y);
        }

        InPlace.ThrowIfTraced(x, y);
        var recorded = InPlace.Begin(x, x.RequiresGrad || y.RequiresGrad);
        var (leftEdge, rightEdge) = recorded ? (InPlace.Old(x), Edge.To(y)) : default;
        InPlace.ThrowUnlessFits(x, dtype, Layout.Broadcast(x.Layout, y.Layout));
        InPlace.Writing(x);
        var left = Convert(x, dtype);
        var right = Convert(y, dtype);

        // Overlapping views would be read after they were written.
        if (ReferenceEquals(right.Storage, x.Storage) && !right.Layout.Equals(x.Layout))
        {
            right = Copy(right);
        }

        if (!recorded)
        {
            Store(op, left, right, x, dtype);
            InPlace.Changed(x, OperatorName<O>.InPlace);
            return x;
        }

        var readings = Map2Traits<O>.Of(op);
        var readsX = (leftEdge.Node is not null && readings.First.X) || (rightEdge.Node is not null && readings.Second.X);
        var savedLeft = readsX ? Old(x, leftEdge) : x;
        var savedRight = ReferenceEquals(y.Storage, x.Storage) ? Old(y, rightEdge) : y.RequiresGrad ? y : right;
        Store(op, left, right, x, dtype);
        var result = InPlace.Result(x, OperatorName<O>.InPlace);
        _ = new Map2Node<O>(op, leftEdge, rightEdge, savedLeft, savedRight, result);
        InPlace.End(x, result);
        return x;
    }

    /// <summary>g * DX or g * DY in one pass, not recorded; summed to the input's shape where its layout is given.
    /// A last reader may use the gradient up.</summary>
    internal static Tensor PullMap2<O>(O op, int input, Tensor g, Tensor? x, Tensor? y, Tensor? z, bool isLast = false, Layout? target = null)
        where O : struct, IMap2
    {
        var (a, b, c) = (SavedIn(x, g), SavedIn(y, g), SavedIn(z, g));
        return input == 0
            ? Pull(new Map2PullX<O>(op), isLast, target, g, a, b, c)
            : Pull(new Map2PullY<O>(op), isLast, target, g, a, b, c);
    }

    private static Tensor Promoted<O>(O op, Tensor x, Tensor y)
        where O : struct, IMap2
    {
        var dtype = Accepted(Promotion.ResultType(x, y), O.Elements, O.TruthRefusal);
        return Aligned(op, x, y, Convert(x, dtype), Convert(y, dtype));
    }

    private static Tensor Aligned<O>(O op, Tensor x, Tensor y, Tensor left, Tensor right)
        where O : struct, IMap2
    {
        // A view that cannot follow its base is refused before shapes are compared, as in PyTorch.
        var recorded = (x.RequiresGrad || y.RequiresGrad) && Recording.IsOn;
        var (leftEdge, rightEdge) = recorded ? (Edge.To(x), Edge.To(y)) : default;
        var layout = Layout.Broadcast(left.Layout, right.Layout);
        var z = Fresh(layout, left.DType);
        Run(new Map2Body<O>(op), z, left, right, null, null);
        if (recorded)
        {
            // What has a history is saved with it, for second derivatives, and so before conversion.
            _ = new Map2Node<O>(op, leftEdge, rightEdge, x.RequiresGrad ? x : left, y.RequiresGrad ? y : right, z);
        }
        else if (Observation.IsOn)
        {
            Observation.Unrecorded(OperatorName<O>.Text, z, [x, y]);
        }

        return z;
    }

    private static void Store<O>(O op, Tensor left, Tensor right, Tensor into, DType dtype)
        where O : struct, IMap2
    {
        if (into.DType == dtype)
        {
            Run(new Map2Body<O>(op), into, left, right, null, null);
            return;
        }

        var result = Fresh(into.Layout, dtype);
        Run(new Map2Body<O>(op), result, left, right, null, null);
        CopyInto(result, into);
    }
}
