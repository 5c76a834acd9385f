using System.Runtime.CompilerServices;

namespace Adjoint.Engine;

/// <summary>A hook on the gradients of several tensors: one hook on each, which share what has arrived in a pass.</summary>
internal sealed class MultiGradHook(Edge[] edges, Action<Tensor?[]> hook, MultiGradHookMode mode)
{
    // A pass that never brings all gradients takes with it what it has brought.
    private readonly ConditionalWeakTable<Sweep, Arrivals> _passes = [];

    /// <summary>Registers it.</summary>
    public HookHandle Register()
    {
        var handles = new HookHandle[edges.Length];
        for (var i = 0; i < edges.Length; i++)
        {
            var index = i;
            handles[i] = edges[i].Node!.EnsureHooks(edges[i].Index).AddTensor(gradient => Arrived(index, gradient));
        }

        return new HookHandle(() => Array.ForEach(handles, handle => handle.Remove()));
    }

    private Tensor? Arrived(int index, Tensor gradient)
    {
        var pass = Sweep.Current!;
        var arrivals = _passes.GetValue(pass, pass => new Arrivals
        {
            Gradients = new Tensor?[edges.Length],
            Missing = mode == MultiGradHookMode.Any ? 1 : edges.Count(edge => pass.Reaches(edge.Node!)),
        });
        if (arrivals.Missing > 0)
        {
            arrivals.Gradients[index] = gradient;
            if (--arrivals.Missing == 0)
            {
                var all = arrivals.Gradients;
                arrivals.Gradients = [];
                hook(all);
            }
        }

        return null;
    }

    private sealed class Arrivals
    {
        public required Tensor?[] Gradients { get; set; }

        /// <summary>How many more gradients there must be.</summary>
        public required int Missing { get; set; }
    }
}
