using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>
/// An operator that reduces along rows and then maps back, or does the first only (softmax, the variance): how one row goes, and its derivatives from
/// the input and the result. Which dimensions make a row is the family's matter, and so are batches, shapes, and who runs the loops. The result has
/// the dtype of the input; float16 and bfloat16 are computed in float32 from end to end.
/// </summary>
/// <example>
/// <code>
/// var y = Op.Rows(default(Centred), x, [-1]);
///
/// readonly record struct Centred : IRows
/// {
///     public static bool Reduces => false;
///     public static bool ReadsX => false;
///     public static bool ReadsY => false;
///     public static bool IsSymmetric => true;
///     public Tensor Apply(Tensor x, RowDims rows) => x - x.Mean(rows.Dims, keepDim: true);
///     public Tensor Pull(Tensor g, Tensor? x, Tensor? y, RowDims rows) => g - g.Mean(rows.Dims, keepDim: true);
/// }
/// </code>
/// </example>
public interface IRows : IOperator
{
    /// <summary>Whether a row becomes one number, and not another row.</summary>
    static abstract bool Reduces { get; }

    /// <summary>Whether <see cref="Pull"/> reads the input.</summary>
    static abstract bool ReadsX { get; }

    /// <summary>Whether <see cref="Pull"/> reads the result.</summary>
    static abstract bool ReadsY { get; }

    /// <summary>Whether there is a <see cref="PullFused"/>.</summary>
    static virtual bool HasPullFused => false;

    /// <summary>Whether the matrix of derivatives is symmetric, so that the pull is the push.</summary>
    static virtual bool IsSymmetric => false;

    /// <summary>The result, not recorded: of the input's shape, or with one number for each row.</summary>
    /// <param name="x">The input.</param>
    /// <param name="rows">Along which dimensions.</param>
    Tensor Apply(Tensor x, RowDims rows);

    /// <summary>The gradient of the input from that of the result, in recorded tensor operators. What is not read is null.</summary>
    /// <param name="g">The gradient of the result.</param>
    /// <param name="x">The input.</param>
    /// <param name="y">The result; <see cref="RowDims.Keep"/> broadcasts one that was reduced.</param>
    /// <param name="rows">Along which dimensions.</param>
    Tensor Pull(Tensor g, Tensor? x, Tensor? y, RowDims rows);

    /// <summary>The same in loops of its own, not recorded. The gradient has the dtype of what is read.</summary>
    /// <param name="g">The gradient of the result.</param>
    /// <param name="x">The input.</param>
    /// <param name="y">The result.</param>
    /// <param name="rows">Along which dimensions.</param>
    Tensor PullFused(Tensor g, Tensor? x, Tensor? y, RowDims rows) => Pull(g, x, y, rows);

    /// <summary>The tangent of the result from that of the input, in recorded tensor operators;
    /// null if it has to be found by pulling the pull.</summary>
    /// <param name="t">The tangent of the input.</param>
    /// <param name="x">The input.</param>
    /// <param name="y">The result.</param>
    /// <param name="rows">Along which dimensions.</param>
    Tensor? Push(Tensor t, Tensor x, Tensor y, RowDims rows) => null;
}

/// <summary>A recorded <see cref="IRows"/>.</summary>
internal sealed class RowsNode<O> : Node
    where O : struct, IRows
{
    private readonly O _op;
    private readonly RowDims _rows;
    private readonly Edge _edge;
    private Saved _x;
    private Saved _y;

    public RowsNode(O op, RowDims rows, Edge edge, Tensor x, Tensor y)
    {
        _op = op;
        _rows = rows;
        _edge = edge;
        Attach(y, x);
        if (O.ReadsX)
        {
            _x = new Saved(x);
        }

        if (O.ReadsY)
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
        var (x, y) = (O.ReadsX ? _x.Read(this) : null, O.ReadsY ? _y.Read(this, isOutput: true) : null);
        var pulled = puller.Records ? RowsOperation<O>.Pull(_op, _rows, gradient, x, y)
            : RowsOperation<O>.Fits(gradient, x, y) ? _op.PullFused(gradient, x, y, _rows)
            : _op.Pull(gradient, x, y, _rows);
        puller.GiveMade(_edge, Guest<O>.Is ? Guest<O>.Gradient(pulled, _edge.Layout!) : pulled, gradient);
    }

    internal override void Release()
    {
        _x.Release();
        _y.Release();
    }

    internal override void ListSaved(List<Saved> list) => list.AddRange([_x, _y]);
}

/// <summary>An <see cref="IRows"/> along dimensions as transforms see it.</summary>
internal sealed class RowsOperation<O>(O op, RowDims rows) : Operation<O>(op)
    where O : struct, IRows
{
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => O.Reduces
        ? [.. base.Attributes, new("dim", Parameter.Readable(rows.Reduced)), new("keepDim", rows.KeepDim)]
        : [.. base.Attributes, new("dim", Parameter.Readable(rows.Reduced))];

    private RowDims Rows => rows;

    /// <summary>The gradient of the input, in operators that others may follow, or in loops where nobody does.</summary>
    public static Tensor Pull(O op, RowDims rows, Tensor g, Tensor? x, Tensor? y) =>
        (O.HasPullFused && Fits(g, x, y) ? Traced.Pull(new Fused(op, rows), g, x, y) : null) ?? op.Pull(g, x, y, rows);

    /// <summary>Whether loops take a gradient, which is of one dtype with what they read, and of the result's shape.</summary>
    public static bool Fits(Tensor g, Tensor? x, Tensor? y) => g.DType == (x ?? y ?? g).DType && (y is null || g.Layout.SameSizes(y.Layout));

    public override bool Equals(Operation<O>? other) => base.Equals(other) && other is RowsOperation<O> same && same.Rows.Equals(rows);

    public override int GetHashCode() => HashCode.Combine(Operator, rows);

    internal override TensorType[] Infer(TensorType[] inputs) => [O.Reduces ? inputs[0].With(rows.Sizes(inputs[0].Layout)) : inputs[0]];

    internal override Tensor[] Run(Tensor[] inputs) => [Op.Rows(Operator, inputs[0], rows)];

    internal override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results) =>
        _ = new RowsNode<O>(Operator, rows, edges[0], inputs[0], results[0]);

    internal override Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var (t, x, y) = (tangents[0]!, inputs[0], results[0]);
        if (!O.IsSymmetric)
        {
            return Operator.Push(t, x, y, rows) is { } pushed ? [pushed] : null;
        }

        return [(O.HasPullFused && Fits(t, x, y) ? Formulas.Push(new Fused(Operator, rows), t, x, y) : null) ?? Operator.Pull(t, x, y, rows)];
    }

    internal override Tensor?[] Pull(Tensor[] gradients, Tensor[] inputs, Tensor[] results, bool[] wanted) =>
        [Checked(Pull(Operator, rows, gradients[0], O.ReadsX ? inputs[0] : null, O.ReadsY ? results[0] : null), inputs[0])];

    internal override Tensor[] Batch(Batch batch, Tensor[] inputs) => [batch.Wrap(Op.Rows(Operator, batch.Of(inputs[0])!, rows.Each))];

    private static Tensor Checked(Tensor pulled, Tensor input) => Guest<O>.Is ? Guest<O>.Gradient(pulled, input.Layout) : pulled;

    private sealed class Fused(O op, RowDims rows) : FusedPull
    {
        public override Tensor Run(Tensor g, Tensor? x, Tensor? y, Tensor? z) => op.PullFused(g, x, y, rows);

        public override Tensor? Batch(Batch batch, Tensor g, Tensor? x, Tensor? y, Tensor? z) => Traced.Pull(
            new Fused(op, rows.Each), batch.Spread(g), x is null ? null : batch.Spread(x), y is null ? null : batch.Spread(y));
    }
}

public static partial class Op
{
    /// <summary>Applies an operator along rows, recording it if its input requires grad.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="x">Its input.</param>
    /// <param name="dims">The dimensions along which rows lie; negative ones count from the end; none for all.</param>
    /// <param name="keepDim">Keep them with size 1 where a row becomes one number.</param>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    /// <exception cref="AutogradException">The operator is not the library's own, and gives another shape or dtype than it should.</exception>
    public static Tensor Rows<O>(O op, Tensor x, ReadOnlySpan<int> dims = default, bool keepDim = false)
        where O : struct, IRows
    {
        ArgumentNullException.ThrowIfNull(x);
        return Rows(op, x, new RowDims(Dims.Mask(dims, x.Rank), keepDim, whole: dims.IsEmpty));
    }

    /// <summary>Applies an operator along rows, recording it if its input requires grad.</summary>
    internal static Tensor Rows<O>(O op, Tensor x, RowDims rows)
        where O : struct, IRows
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.DType is { IsNarrow: true, IsFloatingPoint: true })
        {
            // Computed from end to end in more bits, and rounded once.
            return Rows(op, x.To(x.DType.Compute), rows).To(x.DType);
        }

        if (x.IsStandIn)
        {
            return Traced.Apply(new RowsOperation<O>(op, rows), x);
        }

        var y = Guest<O>.Is ? GuestRows(op, x, rows) : op.Apply(x, rows);
        if (x.RequiresGrad && Recording.IsOn)
        {
            _ = new RowsNode<O>(op, rows, Edge.To(x), x, y);
        }
        else if (Observation.IsOn)
        {
            Observation.Unrecorded(typeof(O), y, x);
        }

        return y;
    }

    private static Tensor GuestRows<O>(O op, Tensor x, RowDims rows)
        where O : struct, IRows
    {
        var promised = O.Reduces ? TensorType.Of(x).With(rows.Sizes(x.Layout)) : TensorType.Of(x);
        var y = Guest<O>.Make(() => op.Apply(Guest<O>.Given(x), rows), promised, x);
        if (x.RequiresGrad)
        {
            Guest<O>.ThrowUnlessReal(y);
        }

        return y;
    }
}
