
namespace Adjoint.NN;

/// <summary>A module that maps a tensor to a tensor; what <see cref="Sequential"/> chains.</summary>
public abstract class Layer : Module
{
    private LayerHooks? _hooks;

    /// <summary>The layer's function; recorded, so that gradients flow back to the input and the parameters.</summary>
    /// <param name="x">The input; each layer says which shape it takes.</param>
    public abstract Tensor Forward(Tensor x);

    /// <summary>
    /// <see cref="Forward"/> with this layer's hooks around it (PyTorch's <c>module(x)</c>). <see cref="Sequential"/> calls its layers so; a module
    /// of your own does if it writes <c>inner.Call(x)</c> instead of <c>inner.Forward(x)</c>.
    /// </summary>
    /// <param name="x">The input.</param>
    /// <exception cref="AutogradException"><see cref="Forward"/> returned null.</exception>
    public Tensor Call(Tensor x) => _hooks is null ? Forward(x) ?? throw NoResult() : _hooks.Run(x);

    /// <summary>Runs a function before <see cref="Forward"/> (<c>register_forward_pre_hook</c>).</summary>
    /// <param name="hook">Takes this layer and its input; may return another input to use instead, or null.</param>
    /// <returns>Dispose it to take the hook away.</returns>
    public HookHandle RegisterForwardPreHook(Func<Layer, Tensor, Tensor?> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return EnsureHooks().AddForwardPre(hook);
    }

    /// <summary>Runs a function after <see cref="Forward"/> (<c>register_forward_hook</c>).</summary>
    /// <param name="hook">Takes this layer, its input and its result; may return another result to use instead, or null.</param>
    /// <returns>Dispose it to take the hook away.</returns>
    public HookHandle RegisterForwardHook(Func<Layer, Tensor, Tensor, Tensor?> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return EnsureHooks().AddForward(hook);
    }

    /// <summary>
    /// Runs a function in a backward pass when the gradient of this layer's result is there (<c>register_full_backward_pre_hook</c>).
    /// </summary>
    /// <param name="hook">Takes this layer and the gradient of its result; may return another gradient to use instead, or null.</param>
    /// <returns>Dispose it to take the hook away.</returns>
    public HookHandle RegisterFullBackwardPreHook(Func<Layer, Tensor, Tensor?> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return EnsureHooks().AddBackwardPre(hook);
    }

    /// <summary>
    /// Runs a function in a backward pass when the gradient of this layer's input is there (<c>register_full_backward_hook</c>). With such a hook the
    /// layer's input and result are views that cannot be changed in place while that is recorded.
    /// </summary>
    /// <param name="hook">Takes this layer, the gradient of its input, null if that does not require grad, and that of its result; may return another
    /// gradient of the input to use instead, or null.</param>
    /// <returns>Dispose it to take the hook away.</returns>
    public HookHandle RegisterFullBackwardHook(Func<Layer, Tensor?, Tensor, Tensor?> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return EnsureHooks().AddBackward(hook);
    }

    internal AutogradException NoResult() => new($"Forward() of {GetType().Name} returned null. It has to return a tensor.");

    private LayerHooks EnsureHooks()
    {
        if (_hooks is null)
        {
            Interlocked.CompareExchange(ref _hooks, new LayerHooks(this), null);
        }

        return _hooks;
    }
}
