using System.Diagnostics;
using Adjoint.Watching;

namespace Adjoint.Diagnostics;

/// <summary>
/// Adds up time and memory by operator. The engine tells when an operator has ended, so its time runs from the end of the one before it. Operators
/// inside of a backward part belong to that part.
/// </summary>
internal sealed class ProfileObserver : Observer
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Sum> _sums = [];
    private readonly Dictionary<int, long> _ends = new() { [Environment.CurrentManagedThreadId] = Stopwatch.GetTimestamp() };
    private readonly Dictionary<int, Stack<long>> _starts = [];

    public override void Recorded(Node node, Tensor output, ReadOnlySpan<Tensor?> inputs) => Ended(node.Operation, output);

    public override void Unrecorded(string operation, Tensor output, ReadOnlySpan<Tensor?> inputs) => Ended(operation, output);

    public override void Changed(Tensor x, string operation, bool isRecorded)
    {
        if (!isRecorded)
        {
            Ended(operation, null);
        }
    }

    public override void Began(Edge[] roots)
    {
        lock (_gate)
        {
            _ends[Environment.CurrentManagedThreadId] = Stopwatch.GetTimestamp();
        }
    }

    public override void Pulling(Node node, Tensor?[] gradients)
    {
        lock (_gate)
        {
            var thread = Environment.CurrentManagedThreadId;
            if (!_starts.TryGetValue(thread, out var starts))
            {
                _starts[thread] = starts = new();
            }

            starts.Push(Stopwatch.GetTimestamp());
        }
    }

    public override void Failed(Node node) => Left(out _);

    public override void Pulled(Node node, Tensor?[] gradients, Tensor?[] handed)
    {
        lock (_gate)
        {
            Left(out var ticks);
            var sum = SumOf(node.Operation);
            sum.BackwardCalls++;
            sum.BackwardTicks += ticks;
            for (var i = 0; i < handed.Length; i++)
            {
                if (handed[i] is { IsStandIn: false } made && Owns(made, gradients) && Array.IndexOf(handed, made) == i)
                {
                    sum.BackwardBytes += made.Count * made.DType.ItemSize;
                }
            }
        }
    }

    public ProfileRow[] Rows()
    {
        lock (_gate)
        {
            return
            [
                .. _sums
                    .Select(sum => new ProfileRow(
                        sum.Key,
                        sum.Value.Calls,
                        Stopwatch.GetElapsedTime(0, sum.Value.Ticks),
                        sum.Value.Bytes,
                        sum.Value.BackwardCalls,
                        Stopwatch.GetElapsedTime(0, sum.Value.BackwardTicks),
                        sum.Value.BackwardBytes))
                    .OrderByDescending(row => row.Time + row.BackwardTime)
                    .ThenBy(row => row.Operation, StringComparer.Ordinal),
            ];
        }
    }

    private static bool Owns(Tensor made, Tensor?[] gradients) =>
        made.Base is null
            && !Array.Exists(gradients, gradient => gradient is { IsStandIn: false } && ReferenceEquals(gradient.Storage, made.Storage));

    private void Ended(string operation, Tensor? output)
    {
        if (Origins.Running is not null)
        {
            return;
        }

        lock (_gate)
        {
            var thread = Environment.CurrentManagedThreadId;
            var now = Stopwatch.GetTimestamp();
            var sum = SumOf(operation);
            sum.Calls++;
            sum.Ticks += _ends.TryGetValue(thread, out var before) ? now - before : 0;
            sum.Bytes += output is { IsStandIn: false, Base: null } && operation != "Detach" ? output.Count * output.DType.ItemSize : 0;
            _ends[thread] = now;
        }
    }

    private void Left(out long ticks)
    {
        lock (_gate)
        {
            var thread = Environment.CurrentManagedThreadId;
            var now = Stopwatch.GetTimestamp();
            ticks = _starts.TryGetValue(thread, out var starts) && starts.TryPop(out var start) ? now - start : 0;
            _ends[thread] = now;
        }
    }

    private Sum SumOf(string operation)
    {
        if (!_sums.TryGetValue(operation, out var sum))
        {
            _sums[operation] = sum = new Sum();
        }

        return sum;
    }

    private sealed class Sum
    {
        public int Calls;
        public long Ticks;
        public long Bytes;
        public int BackwardCalls;
        public long BackwardTicks;
        public long BackwardBytes;
    }
}
