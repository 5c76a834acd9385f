using Adjoint.Engine;

namespace Adjoint;

/// <summary>When a hook on several tensors runs in a backward pass.</summary>
public enum MultiGradHookMode
{
    /// <summary>When the gradients of all that the pass reaches are there.</summary>
    All,

    /// <summary>When the first of them is there.</summary>
    Any,
}

/// <content>Hooks on several tensors, and what they may ask of the pass that runs them.</content>
public static partial class Autograd
{
    /// <summary>
    /// Runs an action once in each backward pass, on the gradients of several tensors (<c>torch.autograd.graph.register_multi_grad_hook</c>). Tensors
    /// that a pass does not reach have no gradient there and are not waited for. It runs as a hook of the tensor whose gradient comes last (or
    /// first), in order of registration with that tensor's other hooks.
    /// </summary>
    /// <param name="tensors">They require grad; leaves or not.</param>
    /// <param name="hook">Takes one gradient for each tensor, null where the pass has none;
    /// with <see cref="MultiGradHookMode.Any"/> all but the first to arrive are null.</param>
    /// <param name="mode">When it runs.</param>
    /// <returns>Dispose it to take the hook away.</returns>
    /// <exception cref="AutogradException">A tensor does not require grad.</exception>
    public static HookHandle RegisterMultiGradHook(
        IReadOnlyList<Tensor> tensors, Action<Tensor?[]> hook, MultiGradHookMode mode = MultiGradHookMode.All)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(hook);
        var edges = new Edge[tensors.Count];
        for (var i = 0; i < edges.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(tensors[i], nameof(tensors));
            edges[i] = Edge.To(tensors[i]);
            if (edges[i].Node is null)
            {
                throw new AutogradException(
                    $"cannot register a hook on a tensor that doesn't require gradient. It is tensor {i}, of shape " +
                    $"{Shape.Text(tensors[i].Layout.Sizes)}: set RequiresGrad = true before it is used.");
            }
        }

        return new MultiGradHook(edges, hook, mode).Register();
    }

    /// <summary>
    /// Whether the pass that is running executes a node, or has executed it (<c>torch._C._will_engine_execute_node</c>). A leaf whose gradient
    /// <c>Autograd.Grad</c> gives as a value is not executed.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <exception cref="AutogradException">No pass is running here: only hooks and custom functions can ask.</exception>
    public static bool WillEngineExecuteNode(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Pass("WillEngineExecuteNode").Runs(node);
    }

    /// <summary>
    /// All nodes that the pass that is running executes, from first to last (<c>torch._C._current_graph_task_execution_order</c>).
    /// </summary>
    /// <exception cref="AutogradException">No pass is running here: only hooks and custom functions can ask.</exception>
    public static IReadOnlyList<Node> CurrentGraphTaskExecutionOrder() => Pass("CurrentGraphTaskExecutionOrder").Order();

    private static Sweep Pass(string name) => Sweep.Current ?? throw new AutogradException(
        $"{name} should only be called during the backward pass: call it in a hook, or in the backward part of a custom function.");
}
