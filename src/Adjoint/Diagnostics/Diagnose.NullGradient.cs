using Adjoint.Diagnostics;
using Adjoint.Engine;
using Adjoint.Tape;

namespace Adjoint;

/// <content>Why gradients are missing.</content>
public static partial class Diagnose
{
    private const string Ask =
        " To see where the path is cut, compute the loss inside using (Diagnose.TraceOrigins()) { ... } and ask again: a Detach, an operator in a " +
        "no-grad scope, or one without derivative is named then, with its line.";

    /// <summary>
    /// Says why <see cref="Tensor.Grad"/> of a tensor is null, from the graph of a loss. What the graph does not hold, such as a <c>Detach</c>, is
    /// known if the loss was computed inside <see cref="TraceOrigins"/>.
    /// </summary>
    /// <param name="loss">The result whose backward pass should have given the gradient.</param>
    /// <param name="tensor">The tensor without gradient.</param>
    /// <example><code>Console.WriteLine(Diagnose.WhyIsGradientNull(loss, w));</code></example>
    public static NullGradient WhyIsGradientNull(Tensor loss, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.State?.Grad is not null)
        {
            return new(NullGradientReason.NotNull, "The gradient is not null.");
        }

        // A view from a no-grad scope requires grad with its base, and has no place in a graph.
        if (Edge.To(tensor).Node is null)
        {
            return NotRequired(tensor);
        }

        var search = PathSearch.Run(loss, tensor);
        return search switch
        {
            { IsFound: true, Cut: null } => Recorded(loss, tensor),
            { IsFound: true, Cut: { } cut } => CutOff(cut, search.Taker),
            { EarlyUser: { } user } => new(
                NullGradientReason.RequiredTooLate,
                $"The tensor did not require grad yet when {user.Operation} used it at {user.Origin}. " +
                "Set RequiresGrad = true before the tensor is used.",
                user.Operation,
                user.Origin),
            _ => NotReached(loss),
        };
    }

    private static NullGradient NotRequired(Tensor tensor)
    {
        if (!tensor.DType.IsFloatingPoint)
        {
            return new(
                NullGradientReason.WholeNumbers,
                $"The tensor is of {tensor.DType.TorchName}, and only tensors of real numbers have gradients. " +
                "Convert it with To(DType.Float32) first.");
        }

        if (Provenance.StepOf(tensor) is { } cut)
        {
            return CutOff(cut, null) with
            {
                Explanation = "The tensor does not require grad, because it has no history. " + Cause(cut),
            };
        }

        return new(
            NullGradientReason.NotRequired,
            "The tensor does not require grad. Set RequiresGrad = true before it is used; if an operator made it, one of the operator's inputs has " +
            "to require grad, outside of no-grad scopes.");
    }

    private static NullGradient Recorded(Tensor loss, Tensor tensor)
    {
        if (!tensor.IsLeaf && !tensor.RetainsGrad)
        {
            return new(
                NullGradientReason.NotRetained,
                $"The tensor is a result of {tensor.GradFn!.Name}, and results let their gradients go. Call RetainGrad() on it before the backward " +
                "pass, or take the gradient with Autograd.Grad.");
        }

        if (Edge.To(tensor).Node is { } node && Provenance.HasArrived(node))
        {
            return new(
                NullGradientReason.Cleared,
                "A gradient arrived, and was set to null since, by ZeroGrad or an assignment. Read it before that.");
        }

        return Edge.To(loss).Node!.IsFreed
            ? new(
                NullGradientReason.NotAccumulated,
                "The loss depends on the tensor, and a backward pass ran over its graph, but there is no gradient here: the pass was " +
                "Autograd.Grad, which returns gradients instead of accumulating them, or was told inputs that leave this tensor out; or a custom " +
                "function on the way gave null; or the gradient was set to null since, by ZeroGrad.")
            : new(NullGradientReason.NeverRan, "The loss depends on the tensor, but no backward pass ran yet. Call loss.Backward().");
    }

    private static NullGradient CutOff(Step cut, Node? taker) => new(
        cut.Kind switch
        {
            StepKind.Detached => NullGradientReason.Detached,
            StepKind.NoGrad => NullGradientReason.NoGrad,
            StepKind.WholeNumbers => NullGradientReason.WholeNumbers,
            StepKind.NotDifferentiable => NullGradientReason.NotDifferentiable,
            _ => NullGradientReason.NotRequired,
        },
        Cause(cut) + (taker is null ? string.Empty : $" What came of it went on to {At(taker)}."),
        cut.Operation,
        cut.Origin);

    private static string Cause(Step cut) => cut.Kind switch
    {
        StepKind.Detached => $"Detach cut the path, at {cut.Origin}. Leave it out if gradients are to flow through.",
        StepKind.NoGrad =>
            $"{cut.Operation} ran while nothing was recorded, at {cut.Origin}: inside Autograd.NoGrad(), or after SetGradEnabled(false). " +
            "Move it out of there.",
        StepKind.WholeNumbers =>
            $"{cut.Origin!.Called ?? cut.Operation} gives {cut.DType.TorchName}, at {cut.Origin}, " +
            "and nothing flows through whole numbers and truth values.",
        StepKind.NotDifferentiable => $"{cut.Operation} has no derivative, at {cut.Origin}.",
        _ => $"{cut.Operation} made it from tensors without history, at {cut.Origin}.",
    };

    private static NullGradient NotReached(Tensor loss)
    {
        if (Edge.To(loss).Node is not { } root)
        {
            return new(
                NullGradientReason.NotReached,
                "The loss has no history: none of the tensors it was computed from required grad then, or nothing was recorded." +
                (Provenance.StepOf(loss) is { } cut ? " " + Cause(cut) : Ask));
        }

        var leaves = GraphWalk.From(root).OfType<AccumulateGrad>().Select(leaf => Shape.Text(leaf.OutputLayout.Sizes)).ToList();
        var shown = string.Join(", ", leaves.Take(8)) + (leaves.Count > 8 ? ", ..." : string.Empty);
        return new(
            NullGradientReason.NotReached,
            $"The loss does not depend on the tensor: its graph ends in {leaves.Count} other " +
            $"{(leaves.Count == 1 ? "leaf, of shape " : "leaves, of shapes ")}{shown}." + (root.Origin is null
                ? Ask
                : " No operator led from the tensor to the loss: it was not used, or its values left as plain numbers (Item, ToArray)."));
    }

    private static string At(Node node) => node.Origin is null ? node.Name : $"{node.Name} at {node.Origin}";
}
