using Adjoint.Algebra;
using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Kernels;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>A pointwise operator of three inputs, which broadcast and promote: a formula and one derivative for each input.</summary>
/// <example>
/// <code>
/// var y = Op.Map3(default(MultiplyAdd), x, x, 1.0);
///
/// readonly record struct MultiplyAdd : IMap3
/// {
///     public V F&lt;V>(V x, V y, V z) where V : struct, IReal&lt;V> => (x * y) + z;
///     public V DX&lt;V>(V x, V y, V z) where V : struct, IReal&lt;V> => y;
///     public V DY&lt;V>(V x, V y, V z) where V : struct, IReal&lt;V> => x;
///     public V DZ&lt;V>(V x, V y, V z) where V : struct, IReal&lt;V> => V.One;
/// }
/// </code>
/// </example>
public interface IMap3 : IOperator
{
    /// <summary>The element types it computes with.</summary>
    static virtual Elements Elements => Elements.Real;

    /// <summary>Where tests may draw each input.</summary>
    static virtual Domain Domain => Domain.Real;

    /// <summary>The derivatives are choices, so a zero blocks the gradient even when that is infinite or NaN.</summary>
    static virtual bool Selects => false;

    /// <summary>The formula.</summary>
    V F<V>(V x, V y, V z)
        where V : struct, IReal<V>;

    /// <summary>The derivative against x.</summary>
    V DX<V>(V x, V y, V z)
        where V : struct, IReal<V>;

    /// <summary>The derivative against y.</summary>
    V DY<V>(V x, V y, V z)
        where V : struct, IReal<V>;

    /// <summary>The derivative against z.</summary>
    V DZ<V>(V x, V y, V z)
        where V : struct, IReal<V>;

    /// <summary>The formula for whole numbers, where <see cref="Elements"/> promises one.</summary>
    V I<V>(V x, V y, V z)
        where V : struct, IRing<V> => throw new NotSupportedException("This operator has no formula for whole numbers.");
}

/// <summary>The formula of an <see cref="IMap3"/> as a loop body.</summary>
internal readonly struct Map3Body<O>(O op) : IBody
    where O : struct, IMap3
{
    public static int Arity => 3;

    public static Elements Elements => O.Elements;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => op.F(a, b, c);

    public V I<V>(V a, V b, V c, V d)
        where V : struct, IRing<V> => op.I(a, b, c);
}

/// <summary>Which of an <see cref="IMap3"/>'s inputs a pull is for.</summary>
internal interface IInput
{
    static abstract int Index { get; }
}

internal readonly struct FirstInput : IInput
{
    public static int Index => 0;
}

internal readonly struct SecondInput : IInput
{
    public static int Index => 1;
}

internal readonly struct ThirdInput : IInput
{
    public static int Index => 2;
}

/// <summary>g * D against one input as a loop body.</summary>
internal readonly struct Map3PullBody<O, N>(O op) : IBody
    where O : struct, IMap3
    where N : struct, IInput
{
    public static int Arity => 4;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V>
    {
        var slope = N.Index == 0 ? op.DX(b, c, d) : N.Index == 1 ? op.DY(b, c, d) : op.DZ(b, c, d);
        return O.Selects ? V.Select(V.Equal(slope, V.Zero), V.Zero, ChainRule.Pull(a, slope)) : ChainRule.Pull(a, slope);
    }
}

/// <summary>An <see cref="IMap3"/> as transforms see it.</summary>
internal sealed class Map3Operation<O>(O op) : Operation<O>(op)
    where O : struct, IMap3
{
    /// <summary>g * D(x, y, z) against one input, in operators that others may follow, or in one pass where nobody does.</summary>
    public static Tensor Pull(O op, int input, Tensor g, Tensor? x, Tensor? y, Tensor? z)
    {
        if (Traced.Pull(new Fused(op, input), g, x, y, z) is { } fused)
        {
            return fused;
        }

        var (a, b, c) = (new Sym(Formulas.InDTypeOf(g, x)), new Sym(Formulas.InDTypeOf(g, y)), new Sym(Formulas.InDTypeOf(g, z)));
        return Formulas.Chain(g, input == 0 ? op.DX(a, b, c) : input == 1 ? op.DY(a, b, c) : op.DZ(a, b, c), O.Selects);
    }

    internal override TensorType[] Infer(TensorType[] inputs)
    {
        var layout = Layout.Broadcast(Layout.Broadcast(inputs[0].Layout, inputs[1].Layout), inputs[2].Layout);
        return [new(layout, Op.Accepted(Promotion.ResultType(inputs), O.Elements, O.TruthRefusal))];
    }

    internal override Tensor[] Run(Tensor[] inputs) => [Op.Map3(Operator, inputs[0], inputs[1], inputs[2])];

    internal override Tensor[]? Decomposed(Tensor[] inputs) => Infer(Array.ConvertAll(inputs, TensorType.Of))[0] is { DType.IsFloatingPoint: true } y
        ? [Operator.F(new Sym(inputs[0]), new Sym(inputs[1]), new Sym(inputs[2])).ToTensor(y)]
        : null;

    internal override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results) =>
        _ = new Map3Node<O>(Operator, edges[0], edges[1], edges[2], inputs[0], inputs[1], inputs[2], results[0]);

    internal override Tensor?[] Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        Tensor? sum = null;
        for (var i = 0; i < tangents.Length; i++)
        {
            if (tangents[i] is { } tangent && !Map3Traits<O>.Of(Operator)[i].IsZero)
            {
                var (x, y, z) = (inputs[0], inputs[1], inputs[2]);
                var t = Formulas.Spread(tangent, results[0]);
                sum = Formulas.Sum(sum, Formulas.Push(new Fused(Operator, i), t, x, y, z) ?? Pull(Operator, i, t, x, y, z));
            }
        }

        return [sum];
    }

    internal override Tensor[] Batch(Batch batch, Tensor[] inputs)
    {
        var aligned = batch.Align(inputs);
        return [batch.Wrap(Op.Map3(Operator, aligned[0], aligned[1], aligned[2]))];
    }

    private sealed class Fused(O op, int input) : FusedPull
    {
        public override Tensor Run(Tensor g, Tensor? x, Tensor? y, Tensor? z) => Op.PullMap3(op, input, g, x, y, z);
    }
}

public static partial class Op
{
    /// <summary>Applies a pointwise operator to three inputs that broadcast, recording it if any requires grad.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The operator does not take the element type.</exception>
    public static Tensor Map3<O>(O op, Tensor x, Tensor y, Tensor z)
        where O : struct, IMap3
    {
        Operands.ThrowIfNull<O>(x);
        Operands.ThrowIfNull<O>(y);
        Operands.ThrowIfNull<O>(z);
        var dtype = Accepted(Promotion.ResultType(x, y, z), O.Elements, O.TruthRefusal);
        if (x.IsStandIn || y.IsStandIn || z.IsStandIn)
        {
            return Traced.Apply(new Map3Operation<O>(op), x, y, z);
        }

        // A view that cannot follow its base is refused before shapes are compared, as in PyTorch.
        var recorded = (x.RequiresGrad || y.RequiresGrad || z.RequiresGrad) && Recording.IsOn;
        var (first, second, third) = recorded ? (Edge.To(x), Edge.To(y), Edge.To(z)) : default;
        var (a, b, c) = (Convert(x, dtype), Convert(y, dtype), Convert(z, dtype));
        var layout = Layout.Broadcast(Layout.Broadcast(a.Layout, b.Layout), c.Layout);
        var result = Fresh(layout, dtype);
        Run(new Map3Body<O>(op), result, a, b, c, null);
        if (recorded)
        {
            _ = new Map3Node<O>(
                op,
                first,
                second,
                third,
                x.RequiresGrad ? x : a,
                y.RequiresGrad ? y : b,
                z.RequiresGrad ? z : c,
                result);
        }
        else if (Observation.IsOn)
        {
            Observation.Unrecorded(OperatorName<O>.Text, result, [x, y, z]);
        }

        return result;
    }

    /// <summary>Applies a pointwise operator of three inputs in place of the first.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public static Tensor Map3InPlace<O>(O op, Tensor x, Tensor y, Tensor z)
        where O : struct, IMap3
    {
        Operands.ThrowIfNull<O>(x);
        Operands.ThrowIfNull<O>(y);
        Operands.ThrowIfNull<O>(z);
        var dtype = Accepted(Promotion.ResultType(x, y, z), O.Elements, O.TruthRefusal);
        if (Rewrite.IsNeeded(x, y) || z.IsStandIn)
        {
            return Rewrite.Apply(new Map3Operation<O>(op), x, y, z);
        }

        InPlace.ThrowIfTraced(x, y);
        InPlace.ThrowIfTraced(x, z);
        var recorded = InPlace.Begin(x, x.RequiresGrad || y.RequiresGrad || z.RequiresGrad);
        var (first, second, third) = recorded ? (InPlace.Old(x), Edge.To(y), Edge.To(z)) : default;
        InPlace.ThrowUnlessFits(x, dtype, Layout.Broadcast(Layout.Broadcast(x.Layout, y.Layout), z.Layout));
        InPlace.Writing(x);
        var (a, b, c) = (Convert(x, dtype), Apart(Convert(y, dtype), x), Apart(Convert(z, dtype), x));
        if (!recorded)
        {
            StoreThree(op, a, b, c, x, dtype);
            InPlace.Changed(x, OperatorName<O>.InPlace);
            return x;
        }

        // Derivatives may read the old values, which the loop overwrites.
        var readings = Map3Traits<O>.Of(op);
        var readsX = (first.Node is not null && readings[0].X)
            || (second.Node is not null && readings[1].X)
            || (third.Node is not null && readings[2].X);
        var old = readsX ? Old(x, first) : x;
        var (savedY, savedZ) = (Kept(y, b, second, x), Kept(z, c, third, x));
        StoreThree(op, a, b, c, x, dtype);
        var result = InPlace.Result(x, OperatorName<O>.InPlace);
        _ = new Map3Node<O>(op, first, second, third, old, savedY, savedZ, result);
        InPlace.End(x, result);
        return x;
    }

    /// <summary>What a node saves of an operand of a change: its old values where it lies in the memory that changes.</summary>
    private static Tensor Kept(Tensor operand, Tensor converted, Edge edge, Tensor target) =>
        ReferenceEquals(operand.Storage, target.Storage) ? Old(operand, edge) : operand.RequiresGrad ? operand : converted;

    private static void StoreThree<O>(O op, Tensor a, Tensor b, Tensor c, Tensor into, DType dtype)
        where O : struct, IMap3
    {
        var target = into.DType == dtype ? into : Fresh(into.Layout, dtype);
        Run(new Map3Body<O>(op), target, a, b, c, null);
        if (!ReferenceEquals(target, into))
        {
            CopyInto(target, into);
        }
    }

    /// <summary>g * D against one input in one pass, not recorded; summed to the input's shape where its layout is given.
    /// A last reader may use the gradient up.</summary>
    internal static Tensor PullMap3<O>(O op, int input, Tensor g, Tensor? x, Tensor? y, Tensor? z, bool isLast = false, Layout? target = null)
        where O : struct, IMap3
    {
        var (a, b, c) = (SavedIn(x, g), SavedIn(y, g), SavedIn(z, g));
        return input switch
        {
            0 => Pull(new Map3PullBody<O, FirstInput>(op), isLast, target, g, a, b, c),
            1 => Pull(new Map3PullBody<O, SecondInput>(op), isLast, target, g, a, b, c),
            _ => Pull(new Map3PullBody<O, ThirdInput>(op), isLast, target, g, a, b, c),
        };
    }
}
