using System.Diagnostics.CodeAnalysis;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>
/// One result of a recorded operation, as a place in the graph where gradients arrive (<c>torch.autograd.graph.GradientEdge</c>). Backward passes may
/// start and end there although nobody holds the tensor any more. Tensors, and nodes of one result, convert to it.
/// </summary>
/// <param name="Node">The operation, or the end of a leaf.</param>
/// <param name="OutputIndex">Which of its results.</param>
[SuppressMessage("Usage", "CA2225", Justification = "GetGradientEdge is the named form.")]
public readonly record struct GradientEdge(Node Node, int OutputIndex)
{
    /// <summary>Where a tensor's gradient arrives.</summary>
    /// <exception cref="AutogradException">It does not require grad.</exception>
    public static implicit operator GradientEdge(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.GetGradientEdge();
    }

    /// <summary>Where the gradient of a node's first result arrives.</summary>
    public static implicit operator GradientEdge(Node node) => new(node, 0);

    internal Edge Edge => new(Node, OutputIndex);

    internal Layout Layout => Node is MultiNode many ? many.LayoutOf(OutputIndex) : Node.OutputLayout;

    internal DType DType => Node is MultiNode many ? many.DTypeOf(OutputIndex) : Node.OutputDType;

    /// <summary>Checks that there is such a place.</summary>
    /// <exception cref="AutogradException">There is no node, or it has not so many results.</exception>
    internal GradientEdge Checked(string name, int index)
    {
        var count = Node is MultiNode many ? many.OutputCount : 1;
        return Node is not null && OutputIndex >= 0 && OutputIndex < count
            ? this
            : throw new AutogradException(
                $"element {index} of {name} is no place in a graph: {Node?.Name ?? "without a node"}, output {OutputIndex}. Take it from " +
                "GetGradientEdge(), GradFn or NextFunctions.");
    }
}

/// <content>Tensors as places in the graph.</content>
public sealed partial class Tensor
{
    /// <summary>Where this tensor's gradient arrives (<c>torch.autograd.graph.get_gradient_edge</c>); holding it does not hold the tensor.</summary>
    /// <exception cref="AutogradException">The tensor does not require grad.</exception>
    public GradientEdge GetGradientEdge()
    {
        var edge = Edge.To(this);
        return edge.Node is { } node
            ? new GradientEdge(node, edge.Index)
            : throw new AutogradException(
                "It is not possible to get the gradient edge for a Tensor that does not require gradients. " +
                "Set RequiresGrad = true before it is used.");
    }
}
