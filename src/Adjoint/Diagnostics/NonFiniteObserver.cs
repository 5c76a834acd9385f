using System.Runtime.CompilerServices;
using Adjoint.Engine;
using Adjoint.Families;
using Adjoint.Interpreters;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Diagnostics;

/// <summary>
/// Reads what operators and their backward parts make, until a value is not finite. What a node was made from is known by what its inputs' nodes
/// made: ranges are kept beside the nodes and freed with them.
/// </summary>
internal sealed class NonFiniteObserver(bool throws, bool infinities) : OriginTracer
{
    private readonly ConditionalWeakTable<Node, Seen> _seen = [];
    private NonFinitePassport? _first;
    private WeakReference<Node>[] _roots = [];

    public NonFinitePassport? First => Volatile.Read(ref _first);

    public override void Recorded(Node node, Tensor output, ReadOnlySpan<Tensor?> inputs)
    {
        // The path to the loss has lines too.
        base.Recorded(node, output, inputs);
        if (First is not null || IsSilent(output))
        {
            return;
        }

        var ranges = new ValueRange?[Math.Max(node.EdgeCount, inputs.Length)];
        var known = 0;
        for (var i = 0; i < ranges.Length; i++)
        {
            var edge = i < node.EdgeCount ? node.GetEdge(i) : default;
            ranges[i] = RangeOf(edge, i < inputs.Length ? inputs[i] : null, output);
            known = edge.Node is null && ranges[i] is null ? known : i + 1;
        }

        // Optional inputs that were left out are the last, as a rule.
        Array.Resize(ref ranges, known);
        var result = ValueRange.Of(Traced.Held(output)!);
        _seen.AddOrUpdate(node, new Seen(result, ranges));
        Judge(node.Operation, node, result, ranges);
    }

    public override void Unrecorded(string operation, Tensor output, ReadOnlySpan<Tensor?> inputs)
    {
        if (First is not null || IsSilent(output))
        {
            return;
        }

        var result = ValueRange.Of(Traced.Held(output)!);
        if (IsBad(result))
        {
            var ranges = new List<ValueRange?>();
            foreach (var input in inputs)
            {
                if (input is not null)
                {
                    ranges.Add(Traced.Held(input) is { } held ? ValueRange.Of(held) : null);
                }
            }

            Judge(operation, null, result, [.. ranges]);
        }
    }

    public override void Changed(Tensor x, string operation, bool isRecorded)
    {
        base.Changed(x, operation, isRecorded);
        if (!isRecorded && First is null && !IsSilent(x) && ValueRange.Of(Traced.Held(x)!) is var left && IsBad(left))
        {
            Report(new(NonFiniteCause.InPlace, operation, 0, null, Origin.Here(), left, [], null));
        }
    }

    public override void Began(Edge[] roots)
    {
        _roots = Array.ConvertAll(roots, root => new WeakReference<Node>(root.Node!));
        if (First is { Path.Count: 0 } first)
        {
            first.Trace(Roots());
        }
    }

    public override void Pulling(Node node, Tensor?[] gradients)
    {
        foreach (var gradient in gradients)
        {
            if (First is null && Traced.Held(gradient) is { } held && ValueRange.Of(held) is var range && IsBad(range))
            {
                ReportBackward(NonFiniteCause.Gradient, node, 0, range);
            }
        }
    }

    public override void Pulled(Node node, Tensor?[] gradients, Tensor?[] handed)
    {
        for (var i = 0; i < handed.Length; i++)
        {
            if (First is null && Traced.Held(handed[i]) is { } gradient && ValueRange.Of(gradient) is var range && IsBad(range))
            {
                ReportBackward(NonFiniteCause.Backward, node, i, range);
            }
        }
    }

    protected override void Cleared()
    {
        _seen.Clear();
        _roots = [];
    }

    /// <summary>What a backward part makes on its way is judged when it has ended.</summary>
    private static bool IsSilent(Tensor x) => Traced.Held(x) is null || !x.DType.IsFloatingPoint || Origins.Running is not null;

    private bool IsBad(ValueRange? range) => range is not null && (range.NaNs > 0 || (infinities && range.Infinities > 0));

    private ValueRange? RangeOf(Edge edge, Tensor? input, Tensor output)
    {
        if (edge.Node is { } node && edge.Index == 0 && _seen.TryGetValue(node, out var seen))
        {
            return seen.Result;
        }

        if (edge.Node is AccumulateGrad leaf)
        {
            input = leaf.Variable;
        }

        // What was changed in place has its new value already.
        return Traced.Held(input) is not { } held || ReferenceEquals(held.Storage, Traced.Held(output)!.Storage) ? null : ValueRange.Of(held);
    }

    private void Judge(string operation, Node? node, ValueRange result, ValueRange?[] inputs)
    {
        if (!IsBad(result))
        {
            return;
        }

        var origin = node is null ? Origin.Here() : node.Origin;
        var source = Array.FindIndex(inputs, IsBad);
        Report(source < 0
            ? new(NonFiniteCause.Forward, operation, 0, node, origin, result, inputs, null)
            : new(NonFiniteCause.Input, operation, source, node, origin, inputs[source]!, inputs, result));
    }

    private void ReportBackward(NonFiniteCause cause, Node node, int index, ValueRange value)
    {
        _seen.TryGetValue(node, out var seen);
        var passport = new NonFinitePassport(cause, node.Name, index, node, node.Origin, value, seen?.Inputs ?? [], seen?.Result);
        passport.Trace(Roots());
        Report(passport);
    }

    private void Report(NonFinitePassport passport)
    {
        if (Interlocked.CompareExchange(ref _first, passport, null) is null && throws)
        {
            throw new NonFiniteException(passport);
        }
    }

    private IEnumerable<Node> Roots()
    {
        foreach (var root in _roots)
        {
            if (root.TryGetTarget(out var node))
            {
                yield return node;
            }
        }
    }

    private sealed record Seen(ValueRange Result, ValueRange?[] Inputs);
}
