using System.Runtime.CompilerServices;
using Adjoint.Engine;
using Adjoint.Families;
using Adjoint.Tape;

namespace Adjoint.Diagnostics;

/// <summary>Whether the result of an operator has a history, and if not, why.</summary>
internal enum StepKind
{
    /// <summary>It has one.</summary>
    Recorded,

    /// <summary>None of its inputs had one either.</summary>
    Passed,

    /// <summary>It was asked to have none.</summary>
    Detached,

    /// <summary>Nothing was recorded then.</summary>
    NoGrad,

    /// <summary>It is whole numbers or truth values.</summary>
    WholeNumbers,

    /// <summary>The operator has no derivative.</summary>
    NotDifferentiable,
}

/// <summary>Where an input came from: another step, a leaf or a node that nobody listened to, or a tensor that nothing made.</summary>
internal readonly record struct Source(Step? Step, WeakReference<Node>? Node, WeakReference<Tensor>? Tensor);

/// <summary>
/// An operator that ran. Steps hold each other, so that a path can be followed through nodes that are gone, but neither nodes nor tensors.
/// </summary>
/// <param name="Kind">What it left.</param>
/// <param name="Operation">The operator, or the name of its derivative.</param>
/// <param name="DType">The dtype of the result.</param>
/// <param name="Origin">Where it was called.</param>
/// <param name="Inputs">Where its inputs came from.</param>
/// <param name="Depth">The number of steps behind it.</param>
internal sealed record Step(StepKind Kind, string Operation, DType DType, Origin? Origin, Source[] Inputs, int Depth);

/// <summary>
/// What recorded graphs do not hold: the inputs that have no history, and how they lost it. Kept beside the nodes and tensors, and freed with them.
/// </summary>
internal static class Provenance
{
    // A running average makes a chain that never ends.
    private const int Deepest = 50_000;

    private static readonly ConditionalWeakTable<Tensor, Step> Unrecorded = [];
    private static readonly ConditionalWeakTable<Node, Step> Recorded = [];
    private static readonly ConditionalWeakTable<Node, object> Reached = [];

    /// <summary>The operator that made a tensor without history; null if it is not known.</summary>
    public static Step? StepOf(Tensor x) => Unrecorded.TryGetValue(x, out var step) ? step : null;

    /// <summary>The step of a node; null if nobody listened.</summary>
    public static Step? StepOf(Node node) => Recorded.TryGetValue(node, out var step) ? step : null;

    /// <summary>Whether a gradient was seen to arrive at a leaf.</summary>
    public static bool HasArrived(Node leaf) => Reached.TryGetValue(leaf, out _);

    public static void Arrived(Node leaf) => Reached.AddOrUpdate(leaf, leaf.Name);

    public static void Add(Node node, ReadOnlySpan<Tensor?> inputs)
    {
        var sources = new List<Source>();
        for (var i = 0; i < node.EdgeCount; i++)
        {
            if (node.GetEdge(i).Node is { } next)
            {
                sources.Add(SourceOf(next));
            }
            else if (i < inputs.Length && inputs[i] is { IsNumber: false } input)
            {
                sources.Add(SourceOf(input));
            }
        }

        Recorded.AddOrUpdate(node, Made(StepKind.Recorded, node.Name, node.OutputDType, node.Origin, sources));
    }

    public static void Add(string operation, Tensor output, ReadOnlySpan<Tensor?> inputs, bool isDetached = false)
    {
        var sources = new List<Source>();
        var isFollowed = false;
        foreach (var input in inputs)
        {
            if (input is { IsNumber: false, IsStandIn: false })
            {
                isFollowed |= input.RequiresGrad;
                sources.Add(SourceOf(input));
            }
        }

        if (!isFollowed && !sources.Exists(source => source.Step is not null))
        {
            return;
        }

        var kind = !isFollowed ? StepKind.Passed
            : isDetached ? StepKind.Detached
            : !Recording.IsOn ? StepKind.NoGrad
            : !output.DType.IsFloatingPoint ? StepKind.WholeNumbers
            : StepKind.NotDifferentiable;
        Unrecorded.AddOrUpdate(output, Made(kind, operation, output.DType, Origin.Here(), sources));
    }

    private static Step Made(StepKind kind, string operation, DType dtype, Origin? origin, List<Source> sources)
    {
        var depth = sources.Count == 0 ? 0 : sources.Max(source => source.Step?.Depth + 1 ?? 0);
        return depth < Deepest
            ? new Step(kind, operation, dtype, origin, [.. sources], depth)
            : new Step(kind, operation, dtype, origin, [.. sources.Where(source => source.Step is null)], 0);
    }

    private static Source SourceOf(Tensor input) =>
        Edge.To(input).Node is { } node ? SourceOf(node)
        : StepOf(input) is { } step ? new Source(step, null, null)
        : new Source(null, null, new(input));

    private static Source SourceOf(Node node) =>
        node is not AccumulateGrad && StepOf(node) is { } step ? new Source(step, null, null) : new Source(null, new(node), null);
}
