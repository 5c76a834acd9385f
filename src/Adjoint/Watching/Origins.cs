using System.Runtime.CompilerServices;
using Adjoint.Families;
using Adjoint.Memory;

namespace Adjoint.Watching;

/// <summary>
/// Where nodes were recorded and memory was changed in place, as far as somebody asked for it at the time. Kept beside the nodes and the memory, and
/// freed with them.
/// </summary>
internal static class Origins
{
    // An optimiser changes its parameters for ever.
    private const int MostChanges = 32;

    private static readonly ConditionalWeakTable<Node, Recorded> Nodes = [];
    private static readonly ConditionalWeakTable<Storage, List<Change>> Changes = [];

    [ThreadStatic]
    private static Stack<Node>? t_running;

    /// <summary>The node whose backward part is running on this thread; null outside of backward passes, or if nobody listens.</summary>
    public static Node? Running => t_running is { Count: > 0 } running ? running.Peek() : null;

    /// <summary>Notes that the backward part of a node starts.</summary>
    public static void Enter(Node node) => (t_running ??= new()).Push(node);

    /// <summary>Notes that it has ended.</summary>
    public static void Leave() => t_running!.Pop();

    /// <summary>Where a node was recorded; null if nobody asked for it then.</summary>
    public static Origin? Of(Node node) => Nodes.TryGetValue(node, out var recorded) ? recorded.Origin : null;

    /// <summary>Notes that a node is recorded here and now.</summary>
    public static void Add(Node node)
    {
        if (!Nodes.TryGetValue(node, out _))
        {
            var parent = Running;
            Nodes.AddOrUpdate(node, new Recorded(Origin.Here(), parent?.Name, parent is null ? null : Find(parent)));
        }
    }

    /// <summary>Notes that memory is changed here and now.</summary>
    public static void Add(Storage storage, string operation)
    {
        var changes = Changes.GetOrCreateValue(storage);
        lock (changes)
        {
            if (changes is [.., var last] && last.Version == storage.Version)
            {
                return;
            }

            if (changes.Count == MostChanges)
            {
                changes.RemoveAt(0);
            }

            changes.Add(new Change(storage.Version, operation, Origin.Here()));
        }
    }

    /// <summary>Who saved a value and who changed it since, as sentences; what to do to learn it where nobody listened.</summary>
    public static string Blame(string name, Node? saver, Storage? storage, int version)
    {
        var further = 0;
        var change = storage is null ? null : ChangeAfter(storage, version, out further);
        var saved = saver is null ? null : Of(saver);
        var by = $"{name} saved it{(saved is null ? string.Empty : " at " + saved)}.";
        if (change is null)
        {
            return "Hint: enable anomaly detection to find the operation that failed to compute its gradient, and the line that changed the value, " +
                $"with using (Autograd.DetectAnomaly()) {{ ... }} around both passes. {by}";
        }

        var more = further == 0 ? string.Empty : $", and {further} further change{(further == 1 ? string.Empty : "s")} followed";
        return $"{change.Operation} changed it at {change.Origin}{more}. {by}";
    }

    /// <summary>PyTorch's text on a node whose backward part failed: where it was recorded, and what induced that.</summary>
    public static string Describe(Node node)
    {
        var recorded = Find(node);
        var text = recorded is null
            ? $"Error detected in {node.Name}. No forward pass information available. Enable detect anomaly during forward pass for more information."
            : $"Error detected in {node.Name}. Traceback of forward call that caused the error:\n{recorded.Origin.Trace}";
        while (recorded?.ParentName is { } parent)
        {
            text += recorded.Parent is null
                ? $"\n\nPrevious calculation was induced by {parent}. No forward pass information available. Enable detect anomaly during forward " +
                    "pass for more information."
                : $"\n\nPrevious calculation was induced by {parent}. Traceback of forward call that induced the previous calculation:\n" +
                    recorded.Parent.Origin.Trace;
            recorded = recorded.Parent;
        }

        return text;
    }

    private static Recorded? Find(Node node) => Nodes.TryGetValue(node, out var recorded) ? recorded : null;

    private static Change? ChangeAfter(Storage storage, int version, out int further)
    {
        further = 0;
        if (!Changes.TryGetValue(storage, out var changes))
        {
            return null;
        }

        lock (changes)
        {
            var first = changes.FindIndex(change => change.Version > version);
            further = storage.Version - (first < 0 ? 0 : changes[first].Version);
            return first < 0 ? null : changes[first];
        }
    }

    private sealed record Change(int Version, string Operation, Origin Origin);

    private sealed record Recorded(Origin Origin, string? ParentName, Recorded? Parent);
}
