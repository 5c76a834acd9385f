using System.Runtime.CompilerServices;
using Adjoint.Families;
using Adjoint.Interpreters;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint;

/// <summary>Where a gradient goes: an output of the node that made a tensor; no node where none is wanted.</summary>
/// <param name="Node">The node; null if the tensor needs no gradient.</param>
/// <param name="Index">Which of its outputs.</param>
public readonly record struct Edge(Node? Node, int Index)
{
    /// <summary>The layout of the value it leads to; null if it leads nowhere.</summary>
    internal Layout? Layout => Node is { HasManyOutputs: true } ? ((MultiNode)Node).LayoutOf(Index) : Node?.OutputLayout;

    /// <summary>The edge to whatever made a tensor, or to the accumulator of a leaf.</summary>
    internal static Edge To(Tensor tensor)
    {
        if (tensor.GradFn is { } node)
        {
            return new Edge(node, tensor.OutputIndex);
        }

        return tensor.State is { RequiresGrad: true } state ? new Edge(state.Accumulator, 0) : default;
    }
}

/// <summary>
/// A recorded operation: its edges to what made its inputs, and what it saved to compute their gradients. Prints as PyTorch's
/// <c>grad_fn</c> does.
/// </summary>
public abstract class Node
{
    private byte _dtype;

    private protected Node()
    {
    }

    /// <summary>PyTorch's name for the operation's derivative, such as <c>MulBackward0</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The operation's own name, such as <c>Mul</c>.</summary>
    internal virtual string Operation => Name;

    /// <summary>Where the gradients of the inputs go, one for each input; an edge without node for an input that needs none.</summary>
    public IReadOnlyList<Edge> NextFunctions
    {
        get
        {
            var shown = ShownInputs;
            var edges = new Edge[shown?.Length ?? EdgeCount];
            for (var i = 0; i < edges.Length; i++)
            {
                edges[i] = GetEdge(shown?[i] ?? i);
            }

            return edges;
        }
    }

    /// <summary>The shape of the tensor that the operation made.</summary>
    public Shape OutputShape => OutputLayout.Shape;

    /// <summary>The dtype of the tensor that the operation made.</summary>
    public DType OutputDType
    {
        get => DType.Of(_dtype);
        internal set => _dtype = value.Code;
    }

    /// <summary>The position in the order of recording: the sweep runs later operations first.</summary>
    public long SequenceNumber { get; internal set; }

    /// <summary>Where the user's code called the operation; null unless <see cref="Diagnose.TraceOrigins"/> or anomaly mode was on then.</summary>
    public Origin? Origin => Origins.Of(this);

    internal Layout OutputLayout { get; set; } = Layout.Scalar;

    /// <summary>The deepest transform whose input this operation depends on; 0 outside of all. See <see cref="Nesting"/>.</summary>
    internal short Level { get; set; }

    /// <summary>The outermost transform whose input this operation depends on; 0 if it depends on a tensor from outside of all.</summary>
    internal short Floor { get; set; }

    internal abstract int EdgeCount { get; }

    /// <summary>Whether zeros that its pull makes are strong; see <see cref="Puller.ZerosAreStrong"/>.</summary>
    internal virtual bool ZerosAreStrong => false;

    /// <inheritdoc cref="IOperator.ShownInputs"/>
    internal virtual int[]? ShownInputs => null;

    /// <summary>Whether a sweep without <c>retainGraph</c> has let the saved values go.</summary>
    internal bool IsFreed { get; set; }

    /// <summary>This is a <see cref="MultiNode"/>.</summary>
    internal bool HasManyOutputs { get; init; }

    /// <summary>What users hung on this node; null for nearly all.</summary>
    internal NodeHooks? Hooks;

    /// <summary>What the sweep that is running knows of this node; null when none is.</summary>
    internal object? Note;

    /// <summary><see cref="Name"/>, in the form PyTorch prints a node: <c>&lt;MulBackward0&gt;</c>.</summary>
    public override string ToString() => "<" + Name + ">";

    /// <summary>
    /// Runs a function before this node in every backward pass that runs it (<c>torch.autograd.graph.Node.register_prehook</c>).
    /// </summary>
    /// <param name="hook">Takes the gradient of the output; may return another to use instead, or null.</param>
    /// <exception cref="AutogradException">The operation has several outputs.</exception>
    [OverloadResolutionPriority(1)]
    public HookHandle RegisterPreHook(Func<Tensor, Tensor?> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        ThrowIfMany();
        return EnsureHooks().AddPre(gradients => hook(gradients[0]!) is { } replaced ? [replaced] : null);
    }

    /// <summary>Runs a function before this node; the form for an operation with several outputs.</summary>
    /// <param name="hook">Takes the gradients of the outputs, null where there is none; may return others to use instead, or null.</param>
    public HookHandle RegisterPreHook(Func<Tensor?[], Tensor?[]?> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return EnsureHooks().AddPre(hook);
    }

    /// <summary>
    /// Runs a function after this node in every backward pass that runs it (<c>torch.autograd.graph.Node.register_hook</c>).
    /// </summary>
    /// <param name="hook">Takes the gradients of the inputs and of the output; may return others for the inputs, or null.</param>
    /// <exception cref="AutogradException">The operation has several outputs.</exception>
    [OverloadResolutionPriority(1)]
    public HookHandle RegisterHook(Func<Tensor?[], Tensor, Tensor?[]?> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        ThrowIfMany();
        return EnsureHooks().AddPost((inputs, outputs) => hook(inputs, outputs[0]!));
    }

    /// <summary>Runs a function after this node; the form for an operation with several outputs.</summary>
    /// <param name="hook">Takes the gradients of the inputs and of the outputs; may return others for the inputs, or null.</param>
    public HookHandle RegisterHook(Func<Tensor?[], Tensor?[], Tensor?[]?> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return EnsureHooks().AddPost(hook);
    }

    internal NodeHooks EnsureHooks()
    {
        if (Hooks is null)
        {
            Interlocked.CompareExchange(ref Hooks, new NodeHooks(), null);
        }

        return Hooks;
    }

    /// <summary>What users hang on one of the results.</summary>
    internal NodeHooks EnsureHooks(int output) => HasManyOutputs ? ((MultiNode)this).EnsureHooksOf(output) : EnsureHooks();

    internal abstract Edge GetEdge(int index);

    /// <summary>Hands the gradients of the inputs to the puller, given that of the output.</summary>
    internal abstract void Pull(Puller puller, Tensor gradient);

    /// <summary>Lets saved values go.</summary>
    internal virtual void Release()
    {
    }

    /// <summary>Adds what this node saved, and may be empty, to a list.</summary>
    internal virtual void ListSaved(List<Saved> list)
    {
    }

    /// <summary>Makes this node the history of an operation's result.</summary>
    /// <param name="output">The result.</param>
    /// <param name="x">The input of the first edge, where it is at hand; likewise the others. Only diagnostics ask.</param>
    /// <param name="y">The input of the second edge.</param>
    /// <param name="z">The input of the third edge.</param>
    internal void Attach(Tensor output, Tensor? x = null, Tensor? y = null, Tensor? z = null)
    {
        Order(output);
        OutputLayout = output.Layout;
        OutputDType = output.DType;
        Own(output, 0);
        if (Observation.IsOn)
        {
            Observation.Recorded(this, output, x, y, z);
        }
    }

    /// <summary>Makes this node the history of the result of an operation with any number of inputs.</summary>
    internal void Attach(Tensor output, Tensor?[] inputs)
    {
        Order(output);
        OutputLayout = output.Layout;
        OutputDType = output.DType;
        Own(output, 0);
        if (Observation.IsOn)
        {
            Observation.Recorded(this, output, inputs);
        }
    }

    /// <summary>Takes the place in the order of recording that the edges ask for.</summary>
    private protected void Order(Tensor output)
    {
        long last = 0;
        short level = 0;
        var floor = short.MaxValue;
        for (var i = EdgeCount - 1; i >= 0; i--)
        {
            if (GetEdge(i).Node is not { } next)
            {
                continue;
            }

            level = Math.Max(level, next.Level);
            floor = Math.Min(floor, next.Floor);

            // Nodes without edges are leaves' ends, which stand outside the order.
            if (next.EdgeCount > 0)
            {
                last = Math.Max(last, next.SequenceNumber);
            }
        }

        SequenceNumber = Recording.NextSequence(last);
        Level = level;
        Floor = output.IsStandIn ? Math.Min(floor, output.Tracer!.Floor) : floor;
    }

    /// <summary>Makes this node the history of one of its results.</summary>
    private protected void Own(Tensor output, int index)
    {
        if (output.RetainsGrad)
        {
            // Retaining follows the value through in-place operators.
            output.GradFn!.EnsureHooks(output.OutputIndex).Retained = null;
            EnsureHooks(index).Retained = output;
        }

        output.GradFn = this;
        output.OutputIndex = index;
    }

    private void ThrowIfMany()
    {
        if (HasManyOutputs)
        {
            throw new AutogradException(
                $"{Name} has {((MultiNode)this).OutputCount} outputs. Register a hook that takes the gradients of all: " +
                "(Tensor?[] gradients) => ...");
        }
    }

    private protected static string NameOf<O>(O op)
        where O : struct, IOperator => op.GradName ?? OperatorName<O>.Text + "Backward0";

    private protected static string OperationOf<O>(O op)
        where O : struct, IOperator => op.Called ?? OperatorName<O>.Text;
}
