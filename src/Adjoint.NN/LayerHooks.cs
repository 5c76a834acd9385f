using Adjoint.Tape;

namespace Adjoint.NN;

/// <summary>
/// What users hung on a layer; most layers have none. Backward hooks stand on two identities around the layer, as in PyTorch: the gradient of the
/// outer one is that of the layer's result, and what leaves the inner one is that of its input.
/// </summary>
internal sealed class LayerHooks(Layer layer)
{
    private static readonly Func<Tensor, Tensor> Identity =
        Autograd.Function(static (_, x) => x, static (_, gradient) => gradient, "BackwardHookFunction");

    private HookList<Func<Layer, Tensor, Tensor?>>? _forwardPre;
    private HookList<Func<Layer, Tensor, Tensor, Tensor?>>? _forward;
    private HookList<Func<Layer, Tensor, Tensor?>>? _backwardPre;
    private HookList<Func<Layer, Tensor?, Tensor, Tensor?>>? _backward;

    public HookHandle AddForwardPre(Func<Layer, Tensor, Tensor?> hook) => HookList.Add(ref _forwardPre, hook);

    public HookHandle AddForward(Func<Layer, Tensor, Tensor, Tensor?> hook) => HookList.Add(ref _forward, hook);

    public HookHandle AddBackwardPre(Func<Layer, Tensor, Tensor?> hook) => HookList.Add(ref _backwardPre, hook);

    public HookHandle AddBackward(Func<Layer, Tensor?, Tensor, Tensor?> hook) => HookList.Add(ref _backward, hook);

    /// <summary>Runs the layer with its hooks, in PyTorch's order.</summary>
    public Tensor Run(Tensor x)
    {
        foreach (var hook in _forwardPre?.Current ?? [])
        {
            x = hook(layer, x) ?? x;
        }

        var (pre, hooks) = (_backwardPre?.Current ?? [], _backward?.Current ?? []);
        if (pre.Length == 0 && hooks.Length == 0)
        {
            return Forward(x);
        }

        var around = new Around(layer, pre, hooks);
        if (Autograd.IsFollowed(x))
        {
            x = Identity(x);
            around.WatchInput(x);
        }

        var y = Forward(x);
        if (Autograd.IsFollowed(y))
        {
            y = Identity(y);
            around.WatchOutput(y);
        }

        return y;
    }

    private Tensor Forward(Tensor x)
    {
        var y = layer.Forward(x) ?? throw layer.NoResult();
        foreach (var hook in _forward?.Current ?? [])
        {
            y = hook(layer, x, y) ?? y;
        }

        return y;
    }

    /// <summary>Lists are copied on change, so that a hook may remove itself.</summary>
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
