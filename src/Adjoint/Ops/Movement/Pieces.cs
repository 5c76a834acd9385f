using Adjoint.Families;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint;

/// <summary>
/// Cutting a tensor along a dimension into views that one operation makes together: the common part of unbind, split and chunk. Such views refuse to be
/// changed in place while that is recorded, because the change would have to give all of them a new history at once.
/// </summary>
internal static class Pieces
{
    /// <summary>The pieces.</summary>
    /// <param name="x">The tensor; it has the dimension.</param>
    /// <param name="gradName">PyTorch's name for the derivative.</param>
    /// <param name="dim">The dimension, not negative.</param>
    /// <param name="lengths">The length of each piece; null for single positions without the dimension.</param>
    public static Tensor[] Cut(Tensor x, string gradName, int dim, int[]? lengths)
    {
        var pieces = new Tensor[lengths?.Length ?? x.Layout.Sizes[dim]];
        var start = 0;
        for (var i = 0; i < pieces.Length; i++)
        {
            // A transform sees each piece as the operator it knows.
            pieces[i] = lengths is null
                ? View(new Select(dim, i), x)
                : View(new Slice(dim, start, lengths[i], 1), x);
            start += lengths?[i] ?? 1;
        }

        if (x.IsStandIn || pieces.Length == 0)
        {
            return pieces;
        }

        foreach (var piece in pieces)
        {
            piece.ViewOrigin = piece.ViewOrigin == ViewOrigin.Recorded ? ViewOrigin.MultiOutput : piece.ViewOrigin;
        }

        if (x.RequiresGrad && Recording.IsOn)
        {
            _ = new PiecesNode(gradName, dim, lengths is not null, Edge.To(x), x, pieces);
        }
        else if (Observation.IsOn)
        {
            Observation.Unrecorded(gradName, pieces[0], [x]);
        }

        return pieces;
    }

    private static Tensor View<O>(O op, Tensor x)
        where O : struct, ILinear => x.IsStandIn ? Op.Linear(op, x) : op.Apply(x);
}

/// <summary>A tensor that was cut along a dimension: the gradients of the pieces are put together again.</summary>
internal sealed class PiecesNode : MultiNode
{
    private readonly int _dim;
    private readonly bool _keepsDim;
    private readonly Edge _edge;

    public PiecesNode(string name, int dim, bool keepsDim, Edge edge, Tensor x, Tensor[] pieces)
    {
        Name = name;
        _dim = dim;
        _keepsDim = keepsDim;
        _edge = edge;
        AttachAll(pieces, inputs: [x]);
    }

    public override string Name { get; }

    internal override int EdgeCount => 1;

    internal override Edge GetEdge(int index) => _edge;

    internal override void Pull(Puller puller, Tensor?[] gradients)
    {
        var parts = new Tensor[gradients.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = gradients[i] ?? Op.Zeroed(LayoutOf(i), DTypeOf(i));
        }

        var whole = _keepsDim ? Tensor.Cat(parts, _dim) : Tensor.Stack(parts, _dim);
        whole.IsTemporary = !puller.Records;
        puller.Give(_edge, whole);
    }
}
