using System.Runtime.ExceptionServices;
using Adjoint.Ops.Families;

namespace Adjoint.Engine;

/// <content>Users' hooks around a node.</content>
internal sealed partial class Sweep
{
    private (Node? Node, Tensor?[]? Handed) _intercepted;

    /// <summary>A pass inside a hook of a pass inside a hook ...: when the stack ends, the next one gets a thread of its own.</summary>
    private static Tensor?[] RunOnNewStack(
        Edge[] roots, Tensor[] gradients, bool records, bool retains, Edge[]? targets, bool accumulates)
    {
        Tensor?[] captured = [];
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                captured = Run(roots, gradients, records, retains, targets, accumulates);
            }
#pragma warning disable CA1031 // it is thrown again where the pass was asked for
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
#pragma warning restore CA1031
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return captured;
    }

    /// <summary>The gradient after hooks, which may have replaced it and may keep it.</summary>
    private Tensor Hooked(Func<Tensor, Tensor?>[] hooks, Tensor gradient)
    {
        foreach (var hook in hooks)
        {
            gradient.IsTemporary = false;
            var replaced = hook(gradient);

            // A hook may have run code of another flow, which puts back that flow's mode.
            Recording.SetHere(_graph);
            if (replaced is not null && !replaced.Layout.SameSizes(gradient.Layout))
            {
                throw new AutogradException(
                    $"hook '{hook.Method.Name}' has changed the size of value: from {Shape.Text(gradient.Layout.Sizes)} to " +
                    $"{Shape.Text(replaced.Layout.Sizes)}.");
            }

            gradient = replaced ?? gradient;
        }

        return gradient;
    }

    /// <summary>Runs a node and lets its hooks see, and replace, what it hands on.</summary>
    private void PullHooked(Node node, NodeHooks hooks, Tensor gradient)
    {
        if (hooks.Post.Length == 0)
        {
            node.Pull(this, gradient);
            return;
        }

        gradient.IsTemporary = false;
        var outer = _intercepted;
        _intercepted = (node, new Tensor?[node.EdgeCount]);
        Tensor?[] handed;
        try
        {
            node.Pull(this, gradient);
            handed = _intercepted.Handed!;
        }
        finally
        {
            _intercepted = outer;
        }

        foreach (var hook in hooks.Post)
        {
            handed = hook(handed, gradient) is { } replaced && replaced.Length == handed.Length ? replaced : handed;
            Recording.SetHere(_graph);
        }

        for (var i = 0; i < handed.Length; i++)
        {
            if (handed[i] is { } input)
            {
                input.IsTemporary = false;
                Give(node.GetEdge(i), input);
            }
        }
    }

    /// <summary>Keeps a gradient for the hooks of the node that hands it on; false if there are none.</summary>
    private bool Intercept(Edge edge, Tensor gradient)
    {
        if (_intercepted.Node is not { } node)
        {
            return false;
        }

        for (var i = 0; i < node.EdgeCount; i++)
        {
            if (node.GetEdge(i) == edge && _intercepted.Handed![i] is null)
            {
                _intercepted.Handed[i] = gradient;
                return true;
            }
        }

        return false;
    }
}
