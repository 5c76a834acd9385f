using Adjoint.Tape;

namespace Adjoint;

/// <summary>A tensor that an operation keeps for the backward pass; see <see cref="ComputationGraph.SavedTensors"/>.</summary>
/// <param name="Node">The operation that saved it.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="DType">Its dtype.</param>
/// <param name="Bytes">The size of its values.</param>
/// <param name="HeldBytes">
/// The memory that is kept for it: 0 in a file or for a checkpoint to compute again, less than <paramref name="Bytes"/> in 16 bits, more for a view
/// of something larger. What hooks keep counts if it is a tensor or an array of bytes.
/// </param>
/// <param name="IsOutput">It is a result of the operation; else it is an input, or something that the operation made on the way.</param>
/// <param name="IsLeaf">It is a leaf such as a parameter, which exists without the graph too.</param>
/// <param name="Form">How it is kept: <c>tensor</c>, <c>half</c>, <c>bfloat16</c>, <c>file</c>, <c>hooks</c>,
/// <c>checkpoint</c>, or <c>input of a checkpoint</c> for what a checkpoint needs to compute others again.</param>
public sealed record SavedTensor(
    Node Node, Shape Shape, DType DType, long Bytes, long HeldBytes, bool IsOutput, bool IsLeaf, string Form)
{
    /// <summary>The operation that saved it.</summary>
    public Node Node { get; init; } = Node ?? throw new ArgumentNullException(nameof(Node));

    /// <summary>The line that saved it; null unless <see cref="Diagnose.TraceOrigins"/> or anomaly mode was on then.</summary>
    public Origin? Origin => Node.Origin;

    /// <summary>The memory behind it, to count it once.</summary>
    internal object? Memory { get; init; }

    /// <summary>One line, such as <c>MulBackward0 saved its input [2, 3] torch.float32, 24 bytes</c>.</summary>
    public override string ToString() =>
        $"{Node.Name} saved its {(IsOutput ? "output" : "input")} {Shape.Text(Shape.AsSpan())} {DType.TorchName}, {Bytes} bytes" +
        $"{(IsLeaf ? ", a leaf" : string.Empty)}{(Form == "tensor" ? string.Empty : ", kept as " + Form)}" +
        $"{(Origin is { } origin ? ", at " + origin : string.Empty)}";

    internal static SavedTensor? Of(Node node, Saved saved)
    {
        if (saved.Kept is { IsNumber: true })
        {
            return null;
        }

        if (saved.Kept is { } tensor)
        {
            return new SavedTensor(
                node,
                tensor.Shape,
                tensor.DType,
                tensor.Count * tensor.DType.ItemSize,
                tensor.IsStandIn ? 0 : tensor.Storage.ByteLength,
                ReferenceEquals(tensor.GradFn, node),
                tensor.IsLeaf,
                "tensor")
            { Memory = tensor.IsStandIn ? null : tensor.Storage };
        }

        return saved.Packed is not { } packed ? null : new SavedTensor(
            node,
            packed.Layout.Shape,
            packed.DType,
            packed.Layout.Count * packed.DType.ItemSize,
            packed.HeldBytes,
            ReferenceEquals(packed.Edge.Node, node),
            packed.IsLeaf,
            packed.Form)
        { Memory = packed.Memory ?? (object)packed };
    }
}
