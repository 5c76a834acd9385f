using Adjoint.Tests.Engine;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Diagnostics;

/// <summary>Calls, bytes and time by operator. Counts and bytes are exact; of times only that there are some.</summary>
public class ProfileTests
{
    private static ProfileRow Row(OperatorProfile profile, string operation) => Assert.Single(profile.Rows, row => row.Operation == operation);

    [Fact]
    public void CountsCallsAndBytes()
    {
        var x = Leaf(1, 2, 3);
        using var profile = Diagnose.Profile();
        var y = (x * x).Exp().Sum();
        y.Backward();
        _ = Tensor.FromArray([1.0, 2]).Exp();

        // Three and two elements of eight bytes; the product's gradients are two.
        Assert.Equal((1, 24, 1, 48), Counts(Row(profile, "Mul")));
        Assert.Equal((2, 40, 1, 24), Counts(Row(profile, "Exp")));
        Assert.Equal((1, 8, 1), (Row(profile, "Sum").Calls, Row(profile, "Sum").Bytes, Row(profile, "Sum").BackwardCalls));
        Assert.Equal(1, Row(profile, "AccumulateGrad").BackwardCalls);
        Assert.All(profile.Rows, row => Assert.True(row.Time >= TimeSpan.Zero && row.BackwardTime >= TimeSpan.Zero));
        Assert.Equal(
            profile.Rows.OrderByDescending(row => row.Time + row.BackwardTime).Select(row => row.Operation),
            profile.Rows.Select(row => row.Operation));

        static (int Calls, long Bytes, int BackwardCalls, long BackwardBytes) Counts(ProfileRow row) =>
            (row.Calls, row.Bytes, row.BackwardCalls, row.BackwardBytes);
    }

    [Fact]
    public void ViewsAndChangesInPlaceHaveNoMemory()
    {
        Tensor x = [1.0, 2, 3, 4];
        using var profile = Diagnose.Profile();
        _ = x.Reshape(2, 2);
        x.Add_(1);
        Assert.Equal(1, Row(profile, "Add_").Calls);
        Assert.All(profile.Rows, row => Assert.Equal(0, row.Bytes));
    }

    /// <summary>Operators with loops of their own are one operator each, recorded or not, and nothing of what they are made of.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FusedOperatorsAreSeen(bool isRecorded)
    {
        var x = Tensor.FromArray([1.0, 2, 3, 4, 5, 7, 6, 8], 1, 2, 2, 2).RequiresGrad_(isRecorded);
        Tensor mean = [0.0, 0], variance = [1.0, 1];
        Tensor scores = Tensor.FromArray([1.0, 2, 3, 4], 2, 2).RequiresGrad_(isRecorded), target = Tensor.FromArray([1L, -100]);
        using var profile = Diagnose.Profile();
        _ = x.LayerNorm([2]);
        _ = x.GroupNorm(1);
        _ = x.BatchNorm(mean, variance);
        _ = x.BatchNorm(null, null, training: true);
        _ = x.ScaledDotProductAttention(x, x);
        _ = scores.NllLoss(target);
        (string, int)[] expected = [("BatchNorm", 2), ("GroupNorm", 1), ("LayerNorm", 1), ("NllLoss", 1), ("ScaledDotProductAttention", 1)];
        Assert.Equal(expected, profile.Rows.Select(row => (row.Operation, row.Calls)).OrderBy(row => row.Operation, StringComparer.Ordinal));
        Assert.Equal(128, profile.Rows.Single(row => row.Operation.EndsWith("BatchNorm", StringComparison.Ordinal)).Bytes);
    }

    [Fact]
    public void PrintsATable()
    {
        var x = Leaf(1, 2, 3);
        using var profile = Diagnose.Profile();
        x.Exp().Backward([1, 1, 1.0]);
        var lines = profile.ToString().Split('\n');
        Assert.Equal("operation         calls        ms         bytes  backward        ms         bytes", lines[0]);
        Assert.Matches(@"^Exp +1 +\d+\.\d{3} +24 +1 +\d+\.\d{3} +24$", lines.Single(line => line.StartsWith("Exp", StringComparison.Ordinal)));
        Assert.Matches(@"^total +1 +\d+\.\d{3} +24 +2 +\d+\.\d{3} +24$", lines[^2]);
        Assert.All(lines[..^1], line => Assert.Equal(lines[0].Length, line.Length));
    }

    [Fact]
    public void EndsWithItsScopeAndKeepsItsRows()
    {
        var profile = Diagnose.Profile();
        _ = Leaf(1).Exp();
        profile.Dispose();
        _ = Leaf(1).Exp();
        profile.Dispose();
        Assert.Equal(1, Row(profile, "Exp").Calls);
    }

    [Fact]
    public void AFailedPassIsLeft()
    {
        var x = Leaf(1);
        using var profile = Diagnose.Profile();
        var fails = Autograd.Function((_, v) => v.Clone(), (_, _) => throw new TimeoutException("late"), "Late");
        Assert.Throws<TimeoutException>(() => fails(x).Backward([1.0]));
        x.Exp().Backward([1.0]);
        Assert.Equal(1, Row(profile, "Exp").BackwardCalls);
        Assert.Equal(0, Row(profile, "Late").BackwardCalls);
    }

    [Fact]
    public void NothingIsHeld()
    {
        using var profile = Diagnose.Profile();
        Collected.Gone(() =>
        {
            var x = Leaf(1, 2);
            var y = x.Exp();
            y.Sum().Backward();
            return [x, y, y.GradFn!];
        });
    }

    [Fact]
    public async Task FollowsAwait()
    {
        using var profile = Diagnose.Profile();
        await Task.Yield();
        await Task.Run(() => Leaf(1).Exp(), TestContext.Current.CancellationToken);
        Assert.Equal(1, Row(profile, "Exp").Calls);
    }
}
