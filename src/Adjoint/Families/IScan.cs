using Adjoint.Algebra;
using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Kernels;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>
/// A scan along a dimension: each result is made of the one before it and an element (sums, products and the like of all elements so far). With the
/// derivatives of one step, gradients and tangents of all of them are linear recurrences (<see cref="Recurrence"/>),
/// which are operators themselves: so there is every order.
/// </summary>
/// <example>
/// <code>
/// var y = Op.Scan(new FadingSum(0.9), x, dim: -1);
///
/// readonly record struct FadingSum(double Keep) : IScan
/// {
///     public V Unit&lt;V>() where V : struct, IRing&lt;V> => V.Zero;
///     public V Combine&lt;V>(V state, V x) where V : struct, IReal&lt;V> => (V.Of(Keep) * state) + x;
///     public V DState&lt;V>(V state, V x, V y) where V : struct, IReal&lt;V> => V.Of(Keep);
///     public V DX&lt;V>(V state, V x, V y) where V : struct, IReal&lt;V> => V.One;
/// }
/// </code>
/// </example>
public interface IScan : IOperator
{
    /// <summary>The element types it computes with.</summary>
    static virtual Elements Elements => Elements.Real;

    /// <summary>Where tests may draw inputs.</summary>
    static virtual Domain Domain => Domain.Real;

    /// <summary>
    /// Whether a long row may be scanned in pieces: the result of a whole piece is an element to <see cref="Combine"/>, and nothing overflows in a
    /// piece that does not overflow anyway. Sums are so; a product is not, as a piece of it may be larger than the whole.
    /// </summary>
    static virtual bool HasPieces => false;

    /// <summary>The state before the first element.</summary>
    V Unit<V>()
        where V : struct, IRing<V>;

    /// <summary>The next result from the last one and an element.</summary>
    V Combine<V>(V state, V x)
        where V : struct, IReal<V>;

    /// <summary>The derivative of a result y against the one before it.</summary>
    V DState<V>(V state, V x, V y)
        where V : struct, IReal<V>;

    /// <summary>The derivative of a result y against the element.</summary>
    V DX<V>(V state, V x, V y)
        where V : struct, IReal<V>;

    /// <summary>The next result for whole numbers, where <see cref="Elements"/> promises one.</summary>
    V I<V>(V state, V x)
        where V : struct, IRing<V> => throw new NotSupportedException("This operator has no formula for whole numbers.");
}

/// <summary>What the derivatives of a step read: of the state, the element, and the result.</summary>
internal readonly struct ScanTraits<O> : ITraits<O>
    where O : struct, IScan
{
    /// <summary>By the state first, by the element second.</summary>
    public static Readings Of(O op) => Traits<O, ScanTraits<O>>.Of(op);

    public static Readings Read(O op)
    {
        var (state, x, y) = (Reading.Inputs[0], Reading.Inputs[1], Reading.Inputs[2]);
        return new(new Reading(op.DState(state, x, y)), new Reading(op.DX(state, x, y)));
    }
}

/// <summary>A step of an <see cref="IScan"/>.</summary>
internal readonly struct ScanStep<O>(O op) : IStep
    where O : struct, IScan
{
    public static bool HasPieces => O.HasPieces;

    public V Unit<V>()
        where V : struct, IRing<V> => op.Unit<V>();

    public V First<V>(V a, V b)
        where V : struct, IReal<V> => op.Combine(op.Unit<V>(), a);

    public V Next<V>(V state, V a, V b)
        where V : struct, IReal<V> => op.Combine(state, a);

    public V I<V>(V state, V a)
        where V : struct, IRing<V> => op.I(state, a);
}

/// <summary>A recorded <see cref="IScan"/>.</summary>
internal sealed class ScanNode<O> : Node
    where O : struct, IScan
{
    private readonly O _op;
    private readonly Edge _edge;
    private readonly int _dim;
    private Saved _x;
    private Saved _y;

    public ScanNode(O op, Edge edge, int dim, Tensor x, Tensor y)
    {
        _op = op;
        _edge = edge;
        _dim = dim;
        Attach(y, x);
        var (byState, byX) = (ScanTraits<O>.Of(op).First, ScanTraits<O>.Of(op).Second);
        _x = byState.Y || byX.Y ? new Saved(x) : default;
        _y = byState.X || byX.X || byState.Z || byX.Z ? new Saved(y) : default;
    }

    public override string Name => NameOf(_op);

    internal override string Operation => OperationOf(_op);

    internal override int EdgeCount => 1;

    internal override Edge GetEdge(int index) => _edge;

    internal override void Pull(Puller puller, Tensor gradient) => puller.GiveMade(
        _edge,
        ScanOperation<O>.Pull(
            _op, _dim, gradient, _x.IsEmpty && !IsFreed ? null : _x.Read(this), _y.IsEmpty && !IsFreed ? null : _y.Read(this, isOutput: true)),
        gradient);

    internal override void Release()
    {
        _x.Release();
        _y.Release();
    }

    internal override void ListSaved(List<Saved> list) => list.AddRange([_x, _y]);
}

/// <summary>An <see cref="IScan"/> along a dimension as transforms see it.</summary>
internal sealed class ScanOperation<O>(O op, int dim) : Operation<O>(op)
    where O : struct, IScan
{
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [.. base.Attributes, new("dim", Dim)];

    private int Dim => dim;

    /// <summary>
    /// The gradient of the elements: a[i] = g[i] + DState[i+1] a[i+1] is that of the state,
    /// from the last to the first, and what reaches an element is a[i] DX[i].
    /// </summary>
    public static Tensor Pull(O op, int dim, Tensor g, Tensor? x, Tensor? y)
    {
        var (byState, byX) = Slopes(op, dim, g, x, y);
        var next = Recurrence.Shift(byState.ToTensor(g).Expand(g.Layout.Sizes), dim, ahead: true, first: 0);
        return Formulas.Chain(Recurrence.Run(g, next, dim, reverse: true), byX, selects: false);
    }

    public override bool Equals(Operation<O>? other) => base.Equals(other) && other is ScanOperation<O> scan && scan.Dim == Dim;

    public override int GetHashCode() => HashCode.Combine(Operator, Dim);

    internal override TensorType[] Infer(TensorType[] inputs) => [inputs[0]];

    internal override Tensor[] Run(Tensor[] inputs) => [Op.Scan(Operator, inputs[0], Dim)];

    internal override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results) =>
        _ = new ScanNode<O>(Operator, edges[0], Dim, inputs[0], results[0]);

    internal override Tensor?[] Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var t = tangents[0]!;
        var (byState, byX) = Slopes(Operator, Dim, t, inputs[0], results[0]);
        return [Recurrence.Run(Formulas.Chain(t, byX, selects: false), byState.ToTensor(t).Expand(t.Layout.Sizes), Dim, reverse: false)];
    }

    internal override Tensor[] Batch(Batch batch, Tensor[] inputs) => [batch.Wrap(Op.Scan(Operator, batch.Of(inputs[0])!, Dim + 1))];

    private static (Sym ByState, Sym ByX) Slopes(O op, int dim, Tensor like, Tensor? x, Tensor? y)
    {
        var readings = ScanTraits<O>.Of(op);
        var state = readings.First.X || readings.Second.X
            ? Recurrence.Shift(y!, dim, ahead: false, first: op.Unit<One<double>>().Value)
            : null;
        var (s, a, b) = (new Sym(state), new Sym(x), new Sym(y));
        return (op.DState(s, a, b), op.DX(s, a, b));
    }
}

public static partial class Op
{
    /// <summary>Scans along a dimension, recording it if the input requires grad.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="x">At least one dimension, in a dtype that the operator takes.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <exception cref="ShapeException">The tensor is a scalar.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public static Tensor Scan<O>(O op, Tensor x, int dim)
        where O : struct, IScan
    {
        ArgumentNullException.ThrowIfNull(x);
        dim = x.Rank == 0
            ? throw new ShapeException($"{OperatorName<O>.Text} runs along a dimension, and this tensor is a scalar. Use Reshape(1).")
            : x.Layout.Dim(dim);
        if (x.IsStandIn)
        {
            return Traced.Apply(new ScanOperation<O>(op, dim), x);
        }

        var input = Accept(x, O.Elements, O.TruthRefusal);
        var y = Scanned(new ScanStep<O>(op), input, null, dim, reverse: false);
        if (x.RequiresGrad && Recording.IsOn)
        {
            _ = new ScanNode<O>(op, Edge.To(x), dim, x, y);
        }
        else if (Observation.IsOn)
        {
            Observation.Unrecorded(OperatorName<O>.Text, y, [x]);
        }

        return y;
    }

    /// <summary>Runs the steps of a scan over one input or two of the same sizes and dtype, not recorded.</summary>
    internal static unsafe Tensor Scanned<P>(P step, Tensor a, Tensor? b, int dim, bool reverse)
        where P : struct, IStep
    {
        if (a.DType is { IsNarrow: true, IsFloatingPoint: false } stored)
        {
            return Convert(Scanned(step, Wide(a), b is null ? null : Wide(b), dim, reverse), stored);
        }

        (a, b) = (Contiguous(a), b is null ? null : Contiguous(b));
        var y = Fresh(a.Layout, a.DType);
        Guard.Dense(b, a.DType, a.Layout.Count);
        if (a.Layout.Count > 0)
        {
            var sizes = a.Layout.Sizes;
            using var pins = new Pins(a, b, y);
            var rows = new ScanRows((nint)Shape.Product(sizes.AsSpan(0, dim)), sizes[dim], (nint)Shape.Product(sizes.AsSpan(dim + 1)), reverse);
            var job = new ScanJob<P> { Step = step, Rows = rows, A = pins[0], B = pins[1], Y = pins[2] };
            a.DType.Visit(ref job);
        }

        return y;
    }

    private unsafe struct ScanJob<P> : IDTypeJob
        where P : struct, IStep
    {
        public P Step;
        public ScanRows Rows;
        public byte* A;
        public byte* B;
        public byte* Y;

        readonly void IDTypeJob.Truth() => Rows.Whole(Step, A, Y);

        readonly void IDTypeJob.Whole<T>() => Rows.Whole(Step, (T*)A, (T*)Y);

        readonly void IDTypeJob.Real<S, T, C>() => Rows.Real<P, S, T, C>(Step, (S*)A, (S*)B, (S*)Y);
    }
}
