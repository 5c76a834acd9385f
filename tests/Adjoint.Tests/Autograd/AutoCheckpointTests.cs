using Adjoint.Engine;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>Checkpoints that a budget chooses.</summary>
public class AutoCheckpointTests
{
    private const int Elements = 100;
    private const long Bytes = 8 * Elements;

    [Fact]
    public void SavedBytesStayWithinTheBudgetAtEveryMoment()
    {
        var segments = Segments(8);
        foreach (var budget in new[] { 15 * Bytes, 20 * Bytes, 30 * Bytes })
        {
            var auto = Checkpoint.Auto(budget);
            for (var pass = 0; pass < 3; pass++)
            {
                var x = Input();
                Tensor? loss = null;
                var most = 0L;
                var watched = segments.Select(segment => (Func<Tensor, Tensor>)(t =>
                {
                    var y = segment(t);
                    if (loss is null)
                    {
                        y.RegisterHook(_ =>
                        {
                            most = Math.Max(most, ComputationGraph.SavedBytes(loss!));
                            return null;
                        });
                    }

                    return y;
                })).ToArray();
                var result = auto.Run(watched, x);
                loss = result.Sum();
                Assert.InRange(ComputationGraph.SavedBytes(loss), 0, budget);
                loss.Backward();
                Assert.InRange(most, 0, budget);
                var plain = Input();
                segments.Aggregate(plain, (y, f) => f(y)).Sum().Backward();
                Holds(x.Grad, Of(plain.Grad));
            }

            Assert.Contains(auto.Plan, segment => segment.Recomputes);
        }
    }

    [Fact]
    public void WithRoomForAllNothingIsComputedAgain()
    {
        var runs = 0;
        var segments = Segments(4).Select(segment => (Func<Tensor, Tensor>)(t =>
        {
            runs++;
            return segment(t);
        })).ToArray();
        var auto = Checkpoint.Auto(long.MaxValue);
        auto.Run(segments, Input()).Sum().Backward();
        Assert.Equal(8, runs);
        auto.Run(segments, Input()).Sum().Backward();
        Assert.Equal(12, runs);
        Assert.All(auto.Plan, segment => Assert.False(segment.Recomputes));
    }

    [Fact]
    public void ThePlanSaysWhatWasMeasured()
    {
        var auto = Checkpoint.Auto(long.MaxValue);
        auto.Run([x => x.Exp(), x => x.Sin(), x => x * 1.5], Input());

        // exp saves its result, sin its input, which is the same memory; a multiple saves nothing.
        Assert.Equal([Bytes, Bytes, 0], auto.Plan.Select(segment => segment.SavedBytes));
        Assert.Equal([0, Bytes, Bytes], auto.Plan.Select(segment => segment.InputBytes));
        Assert.Equal([0, 1, 2], auto.Plan.Select(segment => segment.Index));
    }

    [Fact]
    public void AnImpossibleBudgetIsAnErrorThatNamesTheLeast()
    {
        var segments = Segments(3);
        var message = Message<AutogradException>(() => Checkpoint.Auto(10).Run(segments, Input()));
        Assert.StartsWith(
            "Checkpoint.Auto: these segments cannot stay within 10 bytes, whichever are computed again. They need ",
            message,
            StringComparison.Ordinal);
        var least = long.Parse(message.Split("They need ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Checkpoint.Auto(least).Run(segments, Input());
        Assert.Throws<AutogradException>(() => Checkpoint.Auto(least - 1).Run(segments, Input()));
    }

    [Fact]
    public void WithoutRecordingTheSegmentsJustRun()
    {
        using (Autograd.NoGrad())
        {
            Assert.Equal(Elements, Checkpoint.Auto(0).Run(Segments(2), Input()).Count);
        }
    }

    [Fact]
    public void AnotherShapeIsMeasuredAnew()
    {
        var auto = Checkpoint.Auto(long.MaxValue);
        auto.Run([x => x.Sin().Exp()], Input());
        auto.Run([x => x.Sin().Exp()], Leaf(1, 2));
        Assert.Equal(16, Assert.Single(auto.Plan).SavedBytes);
    }

    /// <summary>Against all choices, on random costs; the rules of what is held are written a second time here, by simulation.</summary>
    [Fact]
    public void ThePlanIsTheBestOfAllChoices()
    {
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            var costs = new SegmentCost[random.Next(1, 9)];
            long boundary = random.Next(2) * random.Next(20);
            for (var i = 0; i < costs.Length; i++)
            {
                long output = random.Next(20);
                costs[i] = new SegmentCost(random.Next(50), boundary, random.Next(2) == 0, random.Next(2) == 0, output, random.Next(1, 30));
                boundary = output;
            }

            var all = Enumerable.Range(0, 1 << costs.Length).Select(bits => Simulated(costs, bits)).ToArray();
            var least = all.Min(result => result.Peak);
            Assert.Equal(least, CheckpointPlan.Least(costs));
            Assert.Null(CheckpointPlan.Choose(costs, least - 1));
            var budget = least + random.Next(100);
            var choice = CheckpointPlan.Choose(costs, budget)!;
            var chosen = Simulated(costs, choice.Select((recomputes, i) => recomputes ? 1 << i : 0).Sum());
            Assert.InRange(chosen.Peak, 0, budget);
            Assert.Equal(all.Where(result => result.Peak <= budget).Min(result => result.Time), chosen.Time);
        }
    }

    [Fact]
    public void ManySegmentsArePlannedWithinTheBudget()
    {
        var random = new Random(3);
        SegmentCost[] costs = [.. Enumerable.Range(0, 200).Select(_ =>
            new SegmentCost(random.Next(1, 1 << 30), 1000, SavesInput: false, SavesOutput: true, 1000, random.Next(1, 1 << 30)))];
        var budget = costs.Sum(cost => cost.Inner) / 2;
        var choice = CheckpointPlan.Choose(costs, budget)!;
        var held = costs.Where((_, i) => !choice[i]).Sum(cost => cost.Inner);
        Assert.InRange(held, budget / 2, budget);
    }

    private static (long Peak, long Time) Simulated(SegmentCost[] costs, int bits)
    {
        var boundaries = new HashSet<int>();
        long inner = 0, peak = 0, time = 0;
        for (var i = 0; i < costs.Length; i++)
        {
            var recomputes = (bits >> i & 1) != 0;
            if (recomputes || costs[i].SavesInput)
            {
                boundaries.Add(i);
            }

            if (!recomputes)
            {
                inner += costs[i].Inner;
                if (costs[i].SavesOutput)
                {
                    boundaries.Add(i + 1);
                }
            }
            else
            {
                time += costs[i].Time;
            }

            var held = inner + boundaries.Sum(b => b == 0 ? costs[0].Input : costs[b - 1].Output);
            peak = Math.Max(peak, recomputes ? held + costs[i].Inner + (costs[i].SavesOutput ? costs[i].Output : 0) : held);
        }

        return (peak, time);
    }

    private static Tensor Input() => Tensor.FromArray([.. Enumerable.Range(0, Elements).Select(i => i / 200.0)]).RequiresGrad_();

    private static Func<Tensor, Tensor>[] Segments(int count) =>
        [.. Enumerable.Repeat<Func<Tensor, Tensor>>(x => ((x * 1.5).Sin() * (x * x).Exp().Sqrt()).Tanh(), count)];
}
