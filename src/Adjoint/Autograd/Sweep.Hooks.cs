using System.Runtime.ExceptionServices;
using Adjoint.Tape;
using Adjoint.Watching;

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
                gradient = Checked(hook, gradient, replaced);
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
            // A list of its own, because what the user's code puts into it goes through no check.
            var replaced = hook([.. gradients]);

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
            var replaced = hook([.. handed], [.. gradients]);
            Recording.SetHere(_graph);
            handed = replaced is null ? handed : Checked(hook, handed, replaced);
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
        else if (gradients[0] is { } gradient)
        {
            node.Pull(this, gradient);
        }
    }

    /// <summary>What a hook wants to use instead of gradients, one for one: of the same shape and dtype, or null for none.</summary>
    private static Tensor?[] Checked(Delegate hook, Tensor?[] gradients, Tensor?[] replaced)
    {
        if (replaced.Length != gradients.Length)
        {
            throw new AutogradException(
                $"hook '{hook.Method.Name}' has returned an incorrect number of values (got {replaced.Length}, but expected " +
                $"{gradients.Length}).");
        }

        // A copy, because the user's code may keep the list and change it.
        var taken = new Tensor?[replaced.Length];
        for (var i = 0; i < replaced.Length; i++)
        {
            if (replaced[i] is { } now)
            {
                taken[i] = gradients[i] is { } before
                    ? Checked(hook, before, now)
                    : throw new AutogradException(
                        $"can't replace a None gradient with a non-None value. Hook '{hook.Method.Name}' has returned a tensor at index {i}, where " +
                        "no gradient arrived: return null there.");
            }
        }

        return taken;
    }

    private static Tensor Checked(Delegate hook, Tensor before, Tensor now)
    {
        if (ReferenceEquals(now, before))
        {
            return now;
        }

        // Kernels take the dtype from one operand, so that this is where another one has to be stopped.
        if (now.DType != before.DType)
        {
            throw new AutogradException(
                $"hook '{hook.Method.Name}' has changed the type of value (was torch.{before.DType.ScalarName}Tensor got " +
                $"torch.{now.DType.ScalarName}Tensor). A gradient has the dtype of its tensor: return g.To(DType.{before.DType}), where g is " +
                "what the hook computed.");
        }

        if (!now.Layout.SameSizes(before.Layout))
        {
            throw new AutogradException(
                $"hook '{hook.Method.Name}' has changed the size of value: from {Shape.Text(before.Layout.Sizes)} to " +
                $"{Shape.Text(now.Layout.Sizes)}.");
        }

        // A plain number becomes a tensor like any other.
        return now.IsNumber ? now.Clone() : now;
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
