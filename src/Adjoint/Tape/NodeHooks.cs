namespace Adjoint.Tape;

/// <summary>What users asked a node to do besides its work; most nodes have none.</summary>
internal sealed class NodeHooks
{
    private HookList<Func<Tensor, Tensor?>>? _tensor;
    private HookList<Func<Tensor?[], Tensor?[]?>>? _pre;
    private HookList<Func<Tensor?[], Tensor?[], Tensor?[]?>>? _post;
    private HookList<Action<Tensor>>? _accumulated;

    /// <summary>The tensor this node made, where it keeps its gradient.</summary>
    public Tensor? Retained { get; set; }

    /// <summary>Run on the gradient of the node's output, in order of registration; each may replace it.</summary>
    public Func<Tensor, Tensor?>[] Tensor => _tensor?.Current ?? [];

    /// <summary>Run before the node, on the gradients of its outputs.</summary>
    public Func<Tensor?[], Tensor?[]?>[] Pre => _pre?.Current ?? [];

    /// <summary>Run after the node, on the gradients of its inputs and of its outputs.</summary>
    public Func<Tensor?[], Tensor?[], Tensor?[]?>[] Post => _post?.Current ?? [];

    /// <summary>Run after a leaf has added a gradient to its sum.</summary>
    public Action<Tensor>[] Accumulated => _accumulated?.Current ?? [];

    public HookHandle AddTensor(Func<Tensor, Tensor?> hook) => HookList.Add(ref _tensor, hook);

    public HookHandle AddPre(Func<Tensor?[], Tensor?[]?> hook) => HookList.Add(ref _pre, hook);

    public HookHandle AddPost(Func<Tensor?[], Tensor?[], Tensor?[]?> hook) => HookList.Add(ref _post, hook);

    public HookHandle AddAccumulated(Action<Tensor> hook) => HookList.Add(ref _accumulated, hook);
}
