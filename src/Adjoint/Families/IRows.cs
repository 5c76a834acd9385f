using Adjoint.Interpreters;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>Along which dimensions an operator's rows lie.</summary>
/// <param name="reduced">Which dimensions of the input.</param>
/// <param name="keepDim">Whether they stay, with size 1, where a row becomes one number.</param>
/// <param name="whole">No dimension was named, which means all.</param>
internal readonly struct RowDims(bool[] reduced, bool keepDim, bool whole = false) : IEquatable<RowDims>
{
    /// <summary>Which dimensions of the input.</summary>
    public bool[] Reduced => reduced;

    /// <summary>Whether they stay, with size 1, where a row becomes one number.</summary>
    public bool KeepDim => keepDim;

    /// <summary>No dimension was named, which means all.</summary>
    public bool Whole => whole;

    /// <summary>The same rows of each of a batch along a new first dimension.</summary>
    public RowDims Each => new([false, .. reduced], keepDim);

    /// <summary>The sizes of what has one number for each row.</summary>
    public int[] Sizes(Layout input) => Op.ReducedSizes(input, reduced, keepDim);

    /// <summary>What has one number for each row, in a form that broadcasts over rows.</summary>
    public Tensor Keep(Tensor x, Layout input) => x.Reshape(Op.ReducedSizes(input, reduced, keepDim: true));

    /// <summary>The sum of each row, in a form that broadcasts over rows; recorded.</summary>
    public Tensor Sum(Tensor x) => Formulas.SumOver(x, reduced, keepDim: true);

    public bool Equals(RowDims other) =>
        keepDim == other.KeepDim && whole == other.Whole && reduced.AsSpan().SequenceEqual(other.Reduced);

    public override bool Equals(object? obj) => obj is RowDims other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(reduced.Length, keepDim, whole);
}

/// <summary>
/// An operator that reduces along rows and then maps back, or does the first only (softmax, the variance): how one row goes, and its derivatives from
/// the input and the result. Which dimensions make a row is the family's matter, and so are batches, shapes, and who runs the loops.
/// </summary>
internal interface IRows : IOperator
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

    /// <summary>The result, not recorded.</summary>
    Tensor Apply(Tensor x, RowDims rows);

    /// <summary>The gradient of the input from that of the result, in recorded tensor operators. What is not read is null.</summary>
    Tensor Pull(Tensor g, Tensor? x, Tensor? y, RowDims rows);

    /// <summary>The same in loops of its own, not recorded. The gradient has the dtype of what is read.</summary>
    Tensor PullFused(Tensor g, Tensor? x, Tensor? y, RowDims rows) => Pull(g, x, y, rows);

    /// <summary>The tangent of the result from that of the input, in recorded tensor operators;
    /// null if it has to be found by pulling the pull.</summary>
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
        puller.GiveMade(_edge, pulled, gradient);
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
        [Pull(Operator, rows, gradients[0], O.ReadsX ? inputs[0] : null, O.ReadsY ? results[0] : null)];

    internal override Tensor[] Batch(Batch batch, Tensor[] inputs) => [batch.Wrap(Op.Rows(Operator, batch.Of(inputs[0])!, rows.Each))];

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

        var y = op.Apply(x, rows);
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
}
