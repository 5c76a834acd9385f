using System.Diagnostics;
using Adjoint.Engine;
using Adjoint.Memory;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>
/// A sequence of segments that keeps what it saves within a budget of bytes, computing again as little as possible; see
/// <see cref="Checkpoint.Auto"/>.
/// </summary>
public sealed class AutoCheckpoint
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(Shape Shape, DType DType, int Count), Measured> _measured = [];

    internal AutoCheckpoint(long maxBytes) => MaxBytes = maxBytes;

    /// <summary>The budget.</summary>
    public long MaxBytes { get; }

    /// <summary>What the last run measured or used; empty before the first.</summary>
    public IReadOnlyList<CheckpointSegment> Plan { get; private set; } = [];

    /// <summary>
    /// Runs segments after each other. The first run for a shape computes all of them again and measures; later ones follow the plan that was made.
    /// </summary>
    /// <param name="segments">The segments; each takes what the one before returns, and must do the same each time.</param>
    /// <param name="x">The input of the first.</param>
    /// <exception cref="AutogradException">
    /// No choice stays within the budget (the message says what is needed and which segment is the largest), or a segment returned null.
    /// </exception>
    public Tensor Run(IReadOnlyList<Func<Tensor, Tensor>> segments, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(segments);
        ArgumentNullException.ThrowIfNull(x);
        for (var i = 0; i < segments.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(segments[i], nameof(segments));
        }

        if (!Recording.IsOn)
        {
            for (var i = 0; i < segments.Count; i++)
            {
                x = Checkpoint.Step(segments, i, x);
            }

            return x;
        }

        Measured? known;
        var key = (x.Shape, x.DType, segments.Count);
        lock (_gate)
        {
            _measured.TryGetValue(key, out known);
        }

        return known is null ? Measure(segments, x, key) : Follow(segments, x, known);
    }

    private Tensor Follow(IReadOnlyList<Func<Tensor, Tensor>> segments, Tensor x, Measured known)
    {
        Plan = known.Segments;
        for (var i = 0; i < segments.Count; i++)
        {
            var place = i;
            x = known.Segments[i].Recomputes ? Checkpoint.Run(y => Checkpoint.Step(segments, place, y), x) : Checkpoint.Step(segments, i, x);
        }

        return x;
    }

    private Tensor Measure(IReadOnlyList<Func<Tensor, Tensor>> segments, Tensor x, (Shape Shape, DType DType, int Count) key)
    {
        var costs = new SegmentCost[segments.Count];
        for (var i = 0; i < costs.Length; i++)
        {
            var place = i;
            var meter = new Meter(inputs => Checkpoint.Step(segments, place, inputs[0]), x);
            var start = Stopwatch.GetTimestamp();
            x = meter.Run();
            costs[i] = meter.Cost(x, Stopwatch.GetTimestamp() - start, isFirst: i == 0);
        }

        var choice = CheckpointPlan.Choose(costs, MaxBytes);
        var measured = new Measured([.. costs.Select((cost, i) => new CheckpointSegment(
            i,
            cost.Inner + (cost.SavesInput ? cost.Input : 0) + (cost.SavesOutput ? cost.Output : 0),
            cost.Input,
            Stopwatch.GetElapsedTime(0, cost.Time),
            choice?[i] ?? true))]);
        Plan = measured.Segments;
        if (choice is null)
        {
            var largest = measured.Segments.MaxBy(segment => segment.SavedBytes)!;
            throw new AutogradException(
                $"Checkpoint.Auto: these segments cannot stay within {MaxBytes} bytes, whichever are computed again. They need " +
                $"{CheckpointPlan.Least(costs)} bytes; the largest is segment {largest.Index}, which saves {largest.SavedBytes}. Raise the budget, " +
                "or split large segments.");
        }

        lock (_gate)
        {
            _measured[key] = measured;
        }

        return x;
    }

    private sealed record Measured(IReadOnlyList<CheckpointSegment> Segments);

    /// <summary>Runs a segment as a checkpoint and counts what it would have kept.</summary>
    private sealed class Meter : SavedHooks
    {
        private readonly CheckpointFrame _frame;
        private readonly Func<Tensor[], Tensor> _segment;
        private readonly Tensor _input;
        private readonly HashSet<Storage> _saved = new(ReferenceEqualityComparer.Instance);

        public Meter(Func<Tensor[], Tensor> segment, Tensor input)
        {
            _segment = segment;
            _input = input;
            _frame = new CheckpointFrame(inputs => segment(inputs), [input], new CheckpointOptions());
        }

        public override Packed? Pack(Tensor tensor)
        {
            var packed = _frame.Pack(tensor);
            if (packed is not null)
            {
                _saved.Add(tensor.Storage);
            }

            return packed;
        }

        public Tensor Run() => _frame.Run(_segment, [_input], this);

        public SegmentCost Cost(Tensor output, long time, bool isFirst)
        {
            var (from, to) = (_input.Storage, output.Storage);
            var isView = ReferenceEquals(from, to);
            var inner = _saved.Where(storage => !ReferenceEquals(storage, from) && !ReferenceEquals(storage, to)).Sum(storage => storage.ByteLength);

            // The user holds a leaf anyway.
            var input = isFirst && _input.IsLeaf ? 0 : from.ByteLength;
            return new SegmentCost(inner, input, _saved.Contains(from), !isView && _saved.Contains(to), to.ByteLength, time);
        }
    }
}

/// <summary>What <see cref="AutoCheckpoint"/> measured of a segment, and what it does with it.</summary>
/// <param name="Index">Its place in the sequence.</param>
/// <param name="SavedBytes">What its operations save, each memory counted once, without parameters.</param>
/// <param name="InputBytes">The memory of its input, which stays if the segment is computed again; 0 for a leaf at the start.</param>
/// <param name="Time">How long it ran when it was measured.</param>
/// <param name="Recomputes">Whether it is computed again in the backward pass.</param>
public sealed record CheckpointSegment(int Index, long SavedBytes, long InputBytes, TimeSpan Time, bool Recomputes);
