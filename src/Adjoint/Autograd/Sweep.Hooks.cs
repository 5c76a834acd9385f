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
        var turn = GradientTurn.Current;
        var thread = new Thread(() =>
        {
            try
            {
                GradientTurn.Current = turn;
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
            if (replaced is not null)
            {
                ThrowIfResized(hook, gradient, replaced);
                gradient = replaced;
            }
        }

        return gradient;
    }

    /// <summary>Runs a node and lets its hooks see, and replace, what arrives and what it hands on.</summary>
    private void PullHooked(Node node, NodeHooks? hooks, Tensor gradient)
    {
        if (hooks is null or { Pre: [], Post: [] } && !Observation.IsHere)
        {
            node.Pull(this, gradient);
            return;
        }

        PullAround(node, hooks, [gradient]);
    }

    private void PullAround(Node node, NodeHooks? hooks, Tensor?[] gradients)
    {
        var observer = Observation.IsOn ? Observation.Current : null;
        foreach (var gradient in gradients)
        {
            gradient?.IsTemporary = false;
        }

        foreach (var hook in hooks?.Pre ?? [])
        {
            var replaced = hook(gradients);

            // A hook may have run code of another flow, which puts back that flow's mode.
            Recording.SetHere(_graph);
            gradients = replaced is null ? gradients : Checked(hook, gradients, replaced);
        }

        if (hooks is null or { Post: [] } && observer is null)
        {
            Pull(node, gradients);
            return;
        }

        var outer = _intercepted;
        _intercepted = (node, new Tensor?[node.EdgeCount]);
        Tensor?[] handed;
        try
        {
            if (observer is null)
            {
                Pull(node, gradients);
            }
            else
            {
                PullObserved(observer, node, gradients);
            }

            handed = _intercepted.Handed!;
        }
        finally
        {
            _intercepted = outer;
        }

        foreach (var hook in hooks?.Post ?? [])
        {
            handed = hook(handed, gradients) is { } replaced && replaced.Length == handed.Length ? replaced : handed;
            Recording.SetHere(_graph);
        }

        Observer.Pulled(observer, node, gradients, handed);

        for (var i = 0; i < handed.Length; i++)
        {
            if (handed[i] is { } input)
            {
                input.IsTemporary = false;
                Give(node.GetEdge(i), input);
            }
        }
    }

    private void PullObserved(Observer observer, Node node, Tensor?[] gradients)
    {
        Origins.Enter(node);
        try
        {
            Observer.Pulling(observer, node, gradients);
            Pull(node, gradients);
        }
        catch
        {
            Observer.Failed(observer, node);
            throw;
        }
        finally
        {
            Origins.Leave();
        }
    }

    private void Pull(Node node, Tensor?[] gradients)
    {
        if (node.HasManyOutputs)
        {
            ((MultiNode)node).Pull(this, gradients);
        }
        else
        {
            node.Pull(this, gradients[0]!);
        }
    }

    /// <summary>What a hook wants to use instead of gradients, which must fit them.</summary>
    private static Tensor?[] Checked(Delegate hook, Tensor?[] gradients, Tensor?[] replaced)
    {
        if (replaced.Length != gradients.Length)
        {
            throw new AutogradException(
                $"hook '{hook.Method.Name}' has returned an incorrect number of values (got {replaced.Length}, but expected " +
                $"{gradients.Length}).");
        }

        for (var i = 0; i < replaced.Length; i++)
        {
            if (replaced[i] is { } now && gradients[i] is { } before)
            {
                ThrowIfResized(hook, before, now);
            }
        }

        return replaced;
    }

    private static void ThrowIfResized(Delegate hook, Tensor before, Tensor now)
    {
        if (!now.Layout.SameSizes(before.Layout))
        {
            throw new AutogradException(
                $"hook '{hook.Method.Name}' has changed the size of value: from {Shape.Text(before.Layout.Sizes)} to " +
                $"{Shape.Text(now.Layout.Sizes)}.");
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
