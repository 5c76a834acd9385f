using Adjoint.Engine;
using Adjoint.Interpreters;
using Adjoint.Tape;

namespace Adjoint;

/// <content>Autograd as methods of tensors.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Computes the gradients of this tensor and adds them to <see cref="Tensor.Grad"/> of the leaves it depends on
    /// (<c>torch.Tensor.backward</c>).
    /// </summary>
    /// <param name="gradient">The gradient of this tensor, of its shape; null means 1 for a scalar.</param>
    /// <param name="retainGraph">Keep saved values for another pass; defaults to <paramref name="createGraph"/>.</param>
    /// <param name="createGraph">Record the gradients' operations, for higher derivatives.</param>
    /// <param name="inputs">The only tensors that accumulate; null for all leaves.</param>
    /// <exception cref="AutogradException">No graph, a freed graph, a non-scalar without gradient, or a gradient that does not fit.</exception>
    public void Backward(
        Tensor? gradient = null, bool? retainGraph = null, bool createGraph = false, IReadOnlyList<Tensor>? inputs = null)
    {
        if (inputs is null)
        {
            Autograd.Backward(this, gradient, retainGraph ?? createGraph, createGraph);
            return;
        }

        Autograd.Backward([this], gradient is null ? null : [gradient], retainGraph, createGraph, inputs);
    }

    /// <summary>Says whether operations on this leaf are recorded; returns the tensor.</summary>
    /// <exception cref="AutogradException">Set to false on a non-leaf, or to true on a dtype without gradients.</exception>
    public Tensor RequiresGrad_(bool requiresGrad = true)
    {
        if (IsLeaf || !requiresGrad)
        {
            RequiresGrad = requiresGrad;
        }

        return this;
    }

    /// <summary>Keeps the gradient of a non-leaf in <see cref="Tensor.Grad"/> too; does nothing on a leaf.</summary>
    /// <exception cref="AutogradException">The tensor does not require grad.</exception>
    public void RetainGrad()
    {
        Leaves.RetainGrad(this);
    }

    /// <summary>
    /// Runs a function on this tensor's gradient whenever a backward pass has computed it (<c>torch.Tensor.register_hook</c>). Hooks run in
    /// order of registration, before the gradient is retained, captured or handed on. Inside <c>Transform.Vmap</c> a hook sees the gradient of a
    /// sample and runs once for all of them, also where the backward pass runs outside, after the batch.
    /// </summary>
    /// <param name="hook">May return another gradient of the same shape to use instead, or null.</param>
    /// <returns>Dispose it to take the hook away.</returns>
    /// <exception cref="AutogradException">The tensor does not require grad.</exception>
    public HookHandle RegisterHook(Func<Tensor, Tensor?> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return Traced.Hook(this, hook) switch
        {
            [] => throw new AutogradException("cannot register a hook on a tensor that doesn't require gradient. " + Leaves.AskFirst),
            [var one] => one,
            var several => new HookHandle(() => several.ForEach(handle => handle.Remove())),
        };
    }

    /// <summary>Runs an action on this tensor's gradient; see the other form.</summary>
    /// <exception cref="AutogradException">The tensor does not require grad.</exception>
    public HookHandle RegisterHook(Action<Tensor> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return RegisterHook(gradient =>
        {
            hook(gradient);
            return null;
        });
    }

    /// <summary>
    /// Runs an action after a backward pass has added to this leaf's <see cref="Tensor.Grad"/>
    /// (<c>register_post_accumulate_grad_hook</c>); an optimiser step may go there.
    /// </summary>
    /// <param name="hook">Takes the leaf.</param>
    /// <exception cref="AutogradException">The tensor is not a leaf that requires grad.</exception>
    public HookHandle RegisterPostAccumulateGradHook(Action<Tensor> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        if (!RequiresGrad)
        {
            throw new AutogradException("cannot register a hook on a tensor that doesn't require gradient. " + Leaves.AskFirst);
        }

        return Edge.To(this).Node is { EdgeCount: 0 } end
            ? end.EnsureHooks().AddAccumulated(hook)
            : throw new AutogradException(
                "post accumulate grad hooks cannot be registered on non-leaf tensors. Use RegisterHook there, or register on the leaf.");
    }

    /// <summary>Forgets the gradient, so that the next pass starts anew.</summary>
    /// <param name="setToNull">Set <see cref="Tensor.Grad"/> to null; otherwise fill it with zeros.</param>
    public void ZeroGrad(bool setToNull = true)
    {
        if (setToNull)
        {
            Grad = null;
        }
        else if (State?.Grad is { } gradient)
        {
            Grad = gradient.RequiresGrad ? gradient.Detach() : gradient;
            State!.Grad!.Zero_();
        }
    }
}
