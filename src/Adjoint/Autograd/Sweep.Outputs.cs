using System.Runtime.InteropServices;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Engine;

/// <content>Nodes with several outputs. Their gradients stand beside the notes, so that the notes of ordinary nodes stay small.</content>
internal sealed partial class Sweep
{
    private Dictionary<Node, (Tensor?[] Sums, bool[] AreOwn)>? _outputs;

    private void GiveOutput(MultiNode node, int output, Tensor gradient)
    {
        _outputs ??= [];
        ref var arrived = ref CollectionsMarshal.GetValueRefOrAddDefault(_outputs, node, out var exists);
        if (!exists)
        {
            arrived = (new Tensor?[node.OutputCount], new bool[node.OutputCount]);
        }

        var (sums, areOwn) = arrived;
        Join(ref sums[output], ref areOwn[output], Fit(gradient, node.LayoutOf(output), node.DTypeOf(output)));
    }

    /// <summary>The turn of a node with several outputs, in the order of <see cref="Deliver"/>.</summary>
    private void DeliverAll(MultiNode node, Note note)
    {
        if (_outputs is null || !_outputs.Remove(node, out var arrived))
        {
            return;
        }

        var gradients = arrived.Sums;
        for (var i = 0; i < gradients.Length; i++)
        {
            if (gradients[i] is { } gradient)
            {
                gradients[i] = Observe(node, i, gradient);
            }
        }

        if (note.IsTarget)
        {
            foreach (var index in _targets![node])
            {
                if (gradients[_edges![index].Index] is { } captured)
                {
                    captured.IsTemporary = false;
                    _captured[index] = captured;
                }
            }
        }

        if (!note.Runs)
        {
            return;
        }

        Strengthen(node, note);
        if (node.Hooks is not null || Observation.IsHere)
        {
            PullAround(node, node.Hooks, [.. gradients]);
            Recording.SetHere(_graph);
        }
        else
        {
            node.Pull(this, gradients);
        }

        if (!_records)
        {
            foreach (var gradient in gradients)
            {
                if (gradient is not null)
                {
                    Drop(gradient);
                }
            }
        }

        if (!_retains)
        {
            node.IsFreed = true;
            node.Release();
        }
    }

    /// <summary>Hooks, the retained gradient and captured gradients of one output.</summary>
    private Tensor Observe(MultiNode node, int output, Tensor gradient)
    {
        if (node.HooksOf(output) is { } hooks)
        {
            gradient = Hooked(hooks.Tensor, gradient);
            if (hooks.Retained is { } retained)
            {
                gradient.IsTemporary = false;
                Accumulation.Into(retained.EnsureState(), gradient, _records);
            }
        }

        return gradient;
    }
}
