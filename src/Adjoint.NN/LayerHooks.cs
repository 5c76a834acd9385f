using Adjoint.Ops.Families;

namespace Adjoint.NN;

/// <summary>
/// What users hung on a layer; most layers have none. Backward hooks stand on two identities around the layer, as in PyTorch: the gradient of the outer one is
/// that of the layer's result, and what leaves the inner one is that of its input.
/// </summary>
internal sealed class LayerHooks(Layer layer)
{
    private static readonly Func<Tensor, Tensor> Identity =
        Autograd.Function(static (_, x) => x, static (_, gradient) => gradient, "BackwardHookFunction");

    private readonly Lock _gate = new();
    private Func<Layer, Tensor, Tensor?>[] _forwardPre = [];
    private Func<Layer, Tensor, Tensor, Tensor?>[] _forward = [];
    private Func<Layer, Tensor, Tensor?>[] _backwardPre = [];
    private Func<Layer, Tensor?, Tensor, Tensor?>[] _backward = [];

    public HookHandle AddForwardPre(Func<Layer, Tensor, Tensor?> hook) => Add(hook, () => ref _forwardPre);

    public HookHandle AddForward(Func<Layer, Tensor, Tensor, Tensor?> hook) => Add(hook, () => ref _forward);

    public HookHandle AddBackwardPre(Func<Layer, Tensor, Tensor?> hook) => Add(hook, () => ref _backwardPre);

    public HookHandle AddBackward(Func<Layer, Tensor?, Tensor, Tensor?> hook) => Add(hook, () => ref _backward);

    /// <summary>Runs the layer with its hooks, in PyTorch's order.</summary>
    public Tensor Run(Tensor x)
    {
        foreach (var hook in _forwardPre)
        {
            x = hook(layer, x) ?? x;
        }

        if (_backward.Length == 0 && _backwardPre.Length == 0)
        {
            return Forward(x);
        }

        var around = new Around(layer, _backwardPre, _backward);
        if (Traced.RequiresGrad(x))
        {
            x = Identity(x);
            around.WatchInput(x);
        }

        var y = Forward(x);
        if (Traced.RequiresGrad(y))
        {
            y = Identity(y);
            around.WatchOutput(y);
        }

        return y;
    }

    private Tensor Forward(Tensor x)
    {
        var y = layer.Forward(x);
        foreach (var hook in _forward)
        {
            y = hook(layer, x, y) ?? y;
        }

        return y;
    }

    /// <summary>Lists are copied on change, so that a hook may remove itself.</summary>
    private HookHandle Add<H>(H hook, Place<H> place)
        where H : Delegate
    {
        lock (_gate)
        {
            place() = [.. place(), hook];
        }

        return new HookHandle(() =>
        {
            lock (_gate)
            {
                var hooks = new List<H>(place());
                hooks.Remove(hook);
                place() = [.. hooks];
            }
        });
    }

    private delegate ref H[] Place<H>();

    /// <summary>One call of the layer: what its backward hooks are to see.</summary>
    private sealed class Around(
        Layer layer, Func<Layer, Tensor, Tensor?>[] pre, Func<Layer, Tensor?, Tensor, Tensor?>[] hooks)
    {
        private bool _hasInput;
        private Tensor? _output;

        public void WatchInput(Tensor x)
        {
            _hasInput = true;
            x.RegisterHook(gradient =>
            {
                // Null if the gradient comes by a way around the layer's result.
                if (_output is not { } output)
                {
                    return gradient;
                }

                _output = null;
                foreach (var hook in hooks)
                {
                    gradient = hook(layer, gradient, output) ?? gradient;
                }

                return gradient;
            });
        }

        public void WatchOutput(Tensor y) => y.RegisterHook(gradient =>
        {
            foreach (var hook in pre)
            {
                gradient = hook(layer, gradient) ?? gradient;
            }

            if (_hasInput)
            {
                _output = gradient;
                return gradient;
            }

            foreach (var hook in hooks)
            {
                if (hook(layer, null, gradient) is not null)
                {
                    throw new AutogradException(
                        "Backward hook for Modules where no input requires gradient should always return None or None for all gradients. In C#: " +
                        $"return null; the input of {layer.GetType().Name} does not require grad.");
                }
            }

            return gradient;
        });
    }
}
