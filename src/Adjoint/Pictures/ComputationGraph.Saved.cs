using Adjoint.Tape;

namespace Adjoint;

/// <content>What a graph keeps in memory.</content>
public static partial class ComputationGraph
{
    /// <summary>
    /// All tensors that operations in the history of some tensors keep for the backward pass, latest operation first. Nothing is unpacked or
    /// computed. Plain numbers such as the 2 of <c>2 * x</c> are left out.
    /// Empty after a pass that let them go.
    /// </summary>
    public static IReadOnlyList<SavedTensor> SavedTensors(params ReadOnlySpan<Tensor> tensors)
    {
        var nodes = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        var rest = new Stack<Node>();
        foreach (var tensor in tensors)
        {
            ArgumentNullException.ThrowIfNull(tensor, nameof(tensors));
            if (tensor.GradFn is { } node)
            {
                rest.Push(node);
            }
        }

        while (rest.TryPop(out var node))
        {
            if (nodes.Add(node))
            {
                for (var i = 0; i < node.EdgeCount; i++)
                {
                    if (node.GetEdge(i).Node is { } next)
                    {
                        rest.Push(next);
                    }
                }
            }
        }

        var found = new List<SavedTensor>();
        var saved = new List<Saved>();
        var owners = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var node in nodes.OrderByDescending(node => node.SequenceNumber))
        {
            saved.Clear();
            node.ListSaved(saved);
            foreach (var one in saved)
            {
                Add(found, owners, node, one, isInput: false);
            }
        }

        return found;
    }

    /// <summary>
    /// The bytes of memory that the history of some tensors keeps for the backward pass: <see cref="SavedTensor.HeldBytes"/>, each memory counted
    /// once, without leaves, which exist anyway.
    /// </summary>
    public static long SavedBytes(params ReadOnlySpan<Tensor> tensors)
    {
        var counted = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var bytes = 0L;
        foreach (var saved in SavedTensors(tensors))
        {
            if (!saved.IsLeaf && saved.Memory is { } memory && counted.Add(memory))
            {
                bytes += saved.HeldBytes;
            }
        }

        return bytes;
    }

    private static void Add(List<SavedTensor> found, HashSet<object> owners, Node node, Saved saved, bool isInput)
    {
        if (SavedTensor.Of(node, saved) is { } kept)
        {
            found.Add(isInput ? kept with { Form = "input of a checkpoint", IsOutput = false } : kept);
        }

        if (saved.Packed is { Owner: { } owner } packed && owners.Add(owner))
        {
            foreach (var input in packed.OwnersInputs)
            {
                Add(found, owners, node, input, isInput: true);
            }
        }
    }
}
