using Adjoint.Tape;

namespace Adjoint.Engine;

/// <content>What a pass is going to do, for hooks that ask while it runs. Nobody asks in most passes, so it is worked out anew then.</content>
internal sealed partial class Sweep
{
    [ThreadStatic]
    private static Sweep? t_current;

    private Dictionary<Node, (bool Needed, bool Runs)>? _plan;

    /// <summary>The innermost pass that runs on this thread.</summary>
    public static Sweep? Current => t_current;

    /// <summary>Whether a node runs in this pass, or has run.</summary>
    public bool Runs(Node node) => Plan.TryGetValue(node, out var plan) && plan.Runs;

    /// <summary>Whether a node, though it may not run, is reached by gradients that hooks see.</summary>
    public bool Reaches(Node node) => Plan.TryGetValue(node, out var plan) && plan.Needed;

    /// <summary>All nodes that run, in their order.</summary>
    public Node[] Order()
    {
        var pending = new Dictionary<Node, int>();
        foreach (var node in Plan.Keys)
        {
            for (var i = 0; i < node.EdgeCount; i++)
            {
                if (node.GetEdge(i).Node is { } next)
                {
                    pending[next] = pending.GetValueOrDefault(next) + 1;
                }
            }
        }

        var order = new List<Node>();
        var queued = new HashSet<Node>();
        var ready = new ReadyNodes();
        foreach (var root in _roots)
        {
            if (!pending.ContainsKey(root.Node!) && queued.Add(root.Node!))
            {
                ready.Add(root.Node!);
            }
        }

        while (ready.TryTake(out var node))
        {
            if (Plan[node].Runs)
            {
                order.Add(node);
            }

            for (var i = 0; i < node.EdgeCount; i++)
            {
                if (node.GetEdge(i).Node is { } next && --pending[next] == 0)
                {
                    ready.Add(next);
                }
            }
        }

        return [.. order];
    }

    /// <summary>Lets go what the nodes between roots and targets saved, as a pass that does not retain the graph does.</summary>
    public static void Free(Edge[] roots, Edge[] targets)
    {
        var sweep = new Sweep(graph: false, retains: false, targets, accumulates: false) { _roots = roots };
        try
        {
            sweep.Claim(roots);
            foreach (var (node, plan) in sweep.Plan)
            {
                if (plan.Runs)
                {
                    node.IsFreed = true;
                    node.Release();
                }
            }
        }
        finally
        {
            sweep.End();
        }
    }

    /// <summary>The notes of nodes that have run are gone, so all is decided once more, by the same rule: ends first.</summary>
    private Dictionary<Node, (bool Needed, bool Runs)> Plan
    {
        get
        {
            if (_plan is not null)
            {
                return _plan;
            }

            var nodes = new List<Node>();
            foreach (var note in _scratch.Notes)
            {
                nodes.Add(note.Node!);
            }

            nodes.Sort(static (a, b) => Place(a).CompareTo(Place(b)));
            var plan = new Dictionary<Node, (bool Needed, bool Runs)>(nodes.Count);
            foreach (var node in nodes)
            {
                var isTarget = _targets?.ContainsKey(node) == true;
                var runs = _targets is null || (isTarget && RunsAsTarget(node));
                for (var i = 0; i < node.EdgeCount && !runs; i++)
                {
                    runs = node.GetEdge(i).Node is { } next && plan[next].Needed;
                }

                plan[node] = (runs || isTarget, runs);
            }

            return _plan = plan;

            // Leaves' ends stand outside of the order of recording.
            static long Place(Node node) => node.EdgeCount == 0 ? long.MinValue : node.SequenceNumber;
        }
    }
}
