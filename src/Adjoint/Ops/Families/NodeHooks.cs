namespace Adjoint.Ops.Families;

/// <summary>What users asked a node to do besides its work; most nodes have none. Lists are copied on change, so that a hook may remove itself.</summary>
internal sealed class NodeHooks
{
    private readonly Lock _gate = new();

    /// <summary>The tensor this node made, where it keeps its gradient.</summary>
    public Tensor? Retained { get; set; }

    /// <summary>Run on the gradient of the node's output, in order of registration; each may replace it.</summary>
    public Func<Tensor, Tensor?>[] Tensor { get; private set; } = [];

    /// <summary>Run before the node, on the gradients of its outputs.</summary>
    public Func<Tensor?[], Tensor?[]?>[] Pre { get; private set; } = [];

    /// <summary>Run after the node, on the gradients of its inputs and of its outputs.</summary>
    public Func<Tensor?[], Tensor?[], Tensor?[]?>[] Post { get; private set; } = [];

    /// <summary>Run after a leaf has added a gradient to its sum.</summary>
    public Action<Tensor>[] Accumulated { get; private set; } = [];

    public HookHandle AddTensor(Func<Tensor, Tensor?> hook) => Add(hook, () => Tensor, hooks => Tensor = hooks);

    public HookHandle AddPre(Func<Tensor?[], Tensor?[]?> hook) => Add(hook, () => Pre, hooks => Pre = hooks);

    public HookHandle AddPost(Func<Tensor?[], Tensor?[], Tensor?[]?> hook) => Add(hook, () => Post, hooks => Post = hooks);

    public HookHandle AddAccumulated(Action<Tensor> hook) => Add(hook, () => Accumulated, hooks => Accumulated = hooks);

    private HookHandle Add<H>(H hook, Func<H[]> get, Action<H[]> set)
        where H : Delegate
    {
        lock (_gate)
        {
            set([.. get(), hook]);
        }

        return new HookHandle(() =>
        {
            lock (_gate)
            {
                var hooks = new List<H>(get());
                hooks.Remove(hook);
                set([.. hooks]);
            }
        });
    }
}

/// <summary>A registered hook; disposing it, or <see cref="Remove"/>, takes it away.</summary>
public sealed class HookHandle : IDisposable
{
    private Action? _remove;

    internal HookHandle(Action remove) => _remove = remove;

    /// <summary>Takes the hook away; does nothing the second time.</summary>
    public void Remove() => Interlocked.Exchange(ref _remove, null)?.Invoke();

    /// <inheritdoc cref="Remove"/>
    public void Dispose() => Remove();
}
