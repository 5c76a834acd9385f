using System.Runtime.CompilerServices;
using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Interpreters;
using Adjoint.Kernels;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Engine;

/// <summary>
/// One backward pass. First every node that the roots reach is claimed with a <see cref="Note"/> and its incoming edges are counted; then nodes run,
/// latest operation first, each as soon as all gradients for it have arrived. Nothing recurses, so depth is bounded by memory only.
/// <para>
/// Invariants: a note belongs to one sweep, so sweeps on several threads or nested in each other may share nodes: who comes second keeps its notes
/// in a dictionary. The first gradient for a node is taken, the second makes a sum of our own, later ones are added to it in place; while gradients
/// are recorded, nothing is in place. A gradient marked temporary has no other name, so its memory goes back as soon as its node has run.
/// </para>
/// </summary>
internal sealed partial class Sweep : Puller
{
    private readonly bool _records;
    private readonly bool _graph;
    private readonly bool _retains;
    private readonly Dictionary<Node, List<int>>? _targets;
    private readonly Edge[]? _edges;
    private readonly Tensor?[] _captured;
    private readonly bool _accumulates;
    private readonly Scratch _scratch;
    private readonly ReadyNodes _ready;
    private Dictionary<Node, Note>? _foreign;

    /// <summary>The gradient of the node that runs; null once the node has handed that very tensor on, which then belongs to who gets it.</summary>
    private Tensor? _delivered;

    // Whether the zeros of the gradient that is delivered are strong, and of those that the node gives.
    private bool _isStrong;
    private bool _givesStrong;
    private Edge[] _roots = [];

    /// <summary>Prepares a pass.</summary>
    /// <param name="graph">Record the gradients' own operations.</param>
    /// <param name="retains">Keep saved values for another pass.</param>
    /// <param name="targets">The only places whose gradients are wanted; null for all leaves.</param>
    /// <param name="accumulates">Targets that are leaves also accumulate.</param>
    private Sweep(bool graph, bool retains, Edge[]? targets, bool accumulates)
    {
        _scratch = Scratch.Take();
        _ready = _scratch.Ready;
        _graph = graph;

        // Stand-ins have no memory that a fused loop could read.
        _records = graph || Nesting.IsTracing;
        _retains = retains;
        _accumulates = accumulates;
        _edges = targets;
        _captured = targets is null ? [] : new Tensor?[targets.Length];
        if (targets is null)
        {
            return;
        }

        _targets = [];
        for (var i = 0; i < targets.Length; i++)
        {
            if (targets[i].Node is { } node)
            {
                if (!_targets.TryGetValue(node, out var indices))
                {
                    _targets[node] = indices = [];
                }

                indices.Add(i);
            }
        }
    }

    public override bool Records => _records;

    public override bool ZerosAreStrong => _isStrong;

    /// <summary>Runs a pass from roots with their gradients; returns the gradients captured for the targets.</summary>
    public static Tensor?[] Run(
        Edge[] roots, Tensor[] gradients, bool records, bool retains, Edge[]? targets = null, bool accumulates = true)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return RunOnNewStack(roots, gradients, records, retains, targets, accumulates);
        }

        var sweep = new Sweep(records, retains, targets, accumulates) { _roots = roots };
        var outer = t_current;
        t_current = sweep;
        var before = Recording.SetHere(records);
        try
        {
            sweep.Claim(roots);
            if (Observation.IsOn)
            {
                Observation.Began(roots);
            }

            for (var i = 0; i < roots.Length; i++)
            {
                sweep.Give(roots[i], gradients[i]);
            }

            foreach (var root in roots)
            {
                var note = sweep.NoteOf(root.Node!);
                if (note.Pending == 0 && !note.Queued)
                {
                    sweep.Enqueue(root.Node!, note);
                }
            }

            sweep.Run();
            return sweep._captured;
        }
        finally
        {
            Recording.SetHere(before);
            t_current = outer;
            sweep.End();
        }
    }

    /// <summary>Takes its notes off the nodes and gives its lists back.</summary>
    private void End()
    {
        foreach (var note in _scratch.Notes)
        {
            if (note.Node is { } node && ReferenceEquals(node.Note, note))
            {
                node.Note = null;
            }
        }

        _scratch.GiveBack();
    }

    public override bool Wants(Edge edge) => edge.Node is { } node && (_targets is null || NoteOf(node).Needed);

    public override void Give(Edge edge, Tensor gradient)
    {
        if (edge.Node is not { } node)
        {
            return;
        }

        if (_intercepted.Node is not null && Intercept(edge, gradient))
        {
            return;
        }

        var note = NoteOf(node);
        if (!note.Needed)
        {
            return;
        }

        note.IsWeak |= !_givesStrong;
        if (ReferenceEquals(gradient, _delivered))
        {
            _delivered = null;
        }

        if (node.HasManyOutputs)
        {
            GiveOutput((MultiNode)node, edge.Index, gradient);
            return;
        }

        Join(ref note.Gradient, ref note.OwnsGradient, Fit(gradient, node.OutputLayout, node.OutputDType));
    }

    /// <summary>Adds a gradient to the sum of those that arrived before.</summary>
    /// <param name="sum">The sum; null before the first.</param>
    /// <param name="isOwn">Whether the sum was made here, so that it may be added to in place.</param>
    /// <param name="gradient">Of the shape and dtype of the value it belongs to.</param>
    private void Join(ref Tensor? sum, ref bool isOwn, Tensor gradient)
    {
        if (sum is not { } before)
        {
            sum = gradient;
        }
        else if (_records)
        {
            sum = before + gradient;
        }
        else if (isOwn)
        {
            Op.Run(default(SumBody), before, before, gradient, null, null);
            Drop(gradient);
        }
        else
        {
            sum = Op.RunReal(default(SumBody), before.Layout, before, gradient, null, null);
            isOwn = true;
            Drop(before);
            Drop(gradient);
        }
    }

    /// <summary>The gradient in the shape and dtype of the value it belongs to: summed where that was broadcast,
    /// cast where it was promoted.</summary>
    private Tensor Fit(Tensor gradient, Layout layout, DType dtype)
    {
        var same = ReferenceEquals(gradient.Layout, layout) || gradient.Layout.SameSizes(layout);
        if (same && gradient.DType == dtype)
        {
            return gradient;
        }

        if (!same && !_records && gradient.DType == dtype && gradient.Layout.IsDense && HasOnesInFront(gradient.Layout.Sizes, layout.Sizes))
        {
            return gradient.IsTemporary ? gradient.HandOver(Layout.Dense(layout.Sizes)) : gradient.View(Layout.Dense(layout.Sizes));
        }

        var fitted = same ? gradient : gradient.SumToSize(layout.Sizes);
        fitted = fitted.DType == dtype ? fitted : fitted.To(dtype);
        if (fitted.Base is null && !_records)
        {
            fitted.IsTemporary = true;
            Drop(gradient);
        }
        else
        {
            gradient.IsTemporary = false;
        }

        return fitted;
    }

    /// <summary>Whether sizes are others with dimensions of size 1 in front: the same elements.</summary>
    private static bool HasOnesInFront(ReadOnlySpan<int> sizes, ReadOnlySpan<int> others)
    {
        var extra = sizes.Length - others.Length;
        return extra > 0 && !sizes[..extra].ContainsAnyExcept(1) && sizes[extra..].SequenceEqual(others);
    }

    /// <summary>Gives back the memory of a gradient that nobody else can name.</summary>
    private static void Drop(Tensor gradient)
    {
        if (gradient.IsTemporary)
        {
            gradient.Storage.Release();
        }
    }

    private Note NoteOf(Node node) =>
        node.Note is Note note && note.Owner == this ? note : _foreign![node];

    /// <summary>Marks every node that the roots reach and counts the edges into each.</summary>
    private void Claim(Edge[] roots)
    {
        var stack = _scratch.Path;
        foreach (var root in roots)
        {
            if (TryClaim(root.Node!))
            {
                stack.Push((root.Node!, 0));
            }

            while (stack.TryPop(out var frame))
            {
                var (node, index) = frame;
                if (index == node.EdgeCount)
                {
                    Decide(node);
                    continue;
                }

                stack.Push((node, index + 1));
                if (node.GetEdge(index).Node is { } next)
                {
                    if (TryClaim(next))
                    {
                        stack.Push((next, 0));
                    }

                    NoteOf(next).Pending++;
                }
            }
        }
    }

    private bool TryClaim(Node node)
    {
        if ((node.Note is Note known && known.Owner == this) || _foreign?.ContainsKey(node) == true)
        {
            return false;
        }

        var note = _scratch.TakeNote(this, node);
        if (Interlocked.CompareExchange(ref node.Note, note, null) is null)
        {
            return true;
        }

        _foreign ??= [];
        return _foreign.TryAdd(node, note);
    }

    /// <summary>All nodes after this one are decided: it runs if gradients are wanted behind it.</summary>
    private void Decide(Node node)
    {
        var note = NoteOf(node);
        if (_targets is null)
        {
            note.Runs = true;
            note.Needed = true;
            return;
        }

        for (var i = 0; i < node.EdgeCount && !note.Runs; i++)
        {
            note.Runs = node.GetEdge(i).Node is { } next && NoteOf(next).Needed;
        }

        note.IsTarget = _targets.ContainsKey(node);
        note.Runs |= note.IsTarget && RunsAsTarget(node);
        note.Needed = note.Runs || note.IsTarget;
    }

    /// <summary>Whether a place that keeps its gradient runs although nothing is wanted behind it: leaves do, and what has hooks around it.</summary>
    private bool RunsAsTarget(Node node) => _accumulates && (node is AccumulateGrad || node.Hooks is { Pre.Length: > 0 } or { Post.Length: > 0 });

    private void Run()
    {
        while (_ready.TryTake(out var node))
        {
            var note = NoteOf(node);
            var gradient = note.Gradient;
            note.Gradient = null;
            if (gradient is not null)
            {
                Deliver(node, note, gradient);
            }
            else if (node.HasManyOutputs)
            {
                DeliverAll((MultiNode)node, note);
            }

            for (var i = 0; i < node.EdgeCount; i++)
            {
                if (node.GetEdge(i).Node is { } next)
                {
                    var waiting = NoteOf(next);
                    if (--waiting.Pending == 0)
                    {
                        Enqueue(next, waiting);
                    }
                }
            }

            if (ReferenceEquals(node.Note, note))
            {
                node.Note = null;
            }
        }
    }

    /// <summary>
    /// One node's turn, in PyTorch's order: tensor hooks, the retained gradient, captured gradients; then, if the node runs, its own hooks around it.
    /// </summary>
    private void Deliver(Node node, Note note, Tensor gradient)
    {
        var hooks = node.Hooks;
        if (hooks is not null)
        {
            gradient = Hooked(hooks.Tensor, gradient);
            if (hooks.Retained is { } retained)
            {
                gradient.IsTemporary = false;
                Accumulation.Into(retained.EnsureState(), gradient, _records);
            }
        }

        if (note.IsTarget)
        {
            gradient.IsTemporary = false;
            foreach (var index in _targets![node])
            {
                _captured[index] = gradient;
            }
        }

        if (!note.Runs)
        {
            return;
        }

        _delivered = gradient;
        Strengthen(node, note);
        if (hooks is null && !Observation.IsOn)
        {
            node.Pull(this, gradient);
        }
        else
        {
            PullHooked(node, hooks, gradient);
            Recording.SetHere(_graph);
        }

        if (!_records && ReferenceEquals(_delivered, gradient))
        {
            Drop(gradient);
        }

        if (!_retains)
        {
            node.IsFreed = true;
            node.Release();
        }
    }

    /// <summary>What comes from a gradient whose zeros are strong has strong zeros too.</summary>
    private void Strengthen(Node node, Note note)
    {
        _isStrong = !note.IsWeak;
        _givesStrong = _isStrong || node.ZerosAreStrong;
    }

    private void Enqueue(Node node, Note note)
    {
        note.Queued = true;
        _ready.Add(node);
    }

    /// <summary>a + b as a loop body.</summary>
    private readonly struct SumBody : IBody
    {
        public static int Arity => 2;

        public static Elements Elements => Elements.All;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => a + b;

        public V I<V>(V a, V b, V c, V d)
            where V : struct, IRing<V> => a + b;
    }
}
