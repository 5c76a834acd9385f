using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// Scopes that end in another order than they began, twice, or in another flow: ending one ends those inside of it, and what has ended already, or
/// never reached a flow, changes nothing there.
/// </summary>
public class ScopeOrderTests
{
    [Fact]
    public void AnOuterScopeEndsTheInnerOnes()
    {
        var outer = Autograd.NoGrad();
        var inner = Autograd.NoGrad();
        outer.Dispose();
        Assert.True(Autograd.IsGradEnabled);
        inner.Dispose();
        Assert.True(Autograd.IsGradEnabled);
    }

    [Fact]
    public void AnInnerScopeThatComesLateChangesNothing()
    {
        var outer = Autograd.NoGrad();
        var inner = Autograd.EnableGrad();
        outer.Dispose();
        using (Autograd.NoGrad())
        {
            inner.Dispose();
            Assert.False(Autograd.IsGradEnabled);
        }

        Assert.True(Autograd.IsGradEnabled);
    }

    [Fact]
    public void EndingTwiceIsEndingOnce()
    {
        using (Autograd.NoGrad())
        {
            var scope = Autograd.EnableGrad();
            scope.Dispose();
            using (Autograd.EnableGrad())
            {
                scope.Dispose();
                Assert.True(Autograd.IsGradEnabled);
            }

            Assert.False(Autograd.IsGradEnabled);
        }

        Assert.True(Autograd.IsGradEnabled);
        default(GradScope).Dispose();
        default(InferenceScope).Dispose();
        Assert.True(Autograd.IsGradEnabled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void AnyOrderLeavesTheModesAsTheyWere(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 50; round++)
        {
            var scopes = Enumerable.Range(0, 6).Select(_ => random.Next(5) switch
            {
                0 => (IDisposable)Autograd.NoGrad(),
                1 => Autograd.EnableGrad(),
                2 => Autograd.SetGradEnabled(random.Next(2) == 0),
                3 => Autograd.InferenceMode(random.Next(2) == 0),
                _ => Autograd.SaveAsHalf(),
            }).ToArray();
            foreach (var scope in scopes.Concat(scopes).OrderBy(_ => random.Next()).ToArray())
            {
                scope.Dispose();
            }

            foreach (var scope in scopes)
            {
                scope.Dispose();
            }

            Assert.True(Autograd.IsGradEnabled);
            Assert.False(Autograd.IsInferenceModeEnabled);
            var x = Leaf(1.0 / 3);
            (x * x.Clone()).Backward();
            Holds(x.Grad, 2.0 / 3);
        }
    }

    [Fact]
    public void InferenceModeEndsWithTheScopeAroundIt()
    {
        var outer = Autograd.NoGrad();
        var inner = Autograd.InferenceMode();
        outer.Dispose();
        Assert.True(Autograd.IsGradEnabled);
        Assert.False(Autograd.IsInferenceModeEnabled);
        inner.Dispose();
        Assert.False(Autograd.IsInferenceModeEnabled);
        Assert.False(Tensor.Ones(1).IsInference);
    }

    [Fact]
    public async Task AnotherFlowEndsItForItselfOnly()
    {
        using (var scope = Autograd.NoGrad())
        {
            await Task.Run(
                () =>
                {
                    Assert.False(Autograd.IsGradEnabled);
                    scope.Dispose();
                    Assert.True(Autograd.IsGradEnabled);
                },
                TestContext.Current.CancellationToken);
            Assert.False(Autograd.IsGradEnabled);
        }

        Assert.True(Autograd.IsGradEnabled);
        var late = default(GradScope);
        var thread = new Thread(() => late = Autograd.NoGrad());
        thread.Start();
        thread.Join();
        late.Dispose();
        Assert.True(Autograd.IsGradEnabled);
    }

    [Fact]
    public async Task AScopeThatAMethodLeavesOpenIsEndedByItsCaller()
    {
        var scope = Autograd.NoGrad();
        await Task.Yield();
        scope.Dispose();
        Assert.True(Autograd.IsGradEnabled);
    }

    [Fact]
    public void AChoiceThatNobodyHoldsStays()
    {
        for (var i = 0; i < 1000; i++)
        {
            Autograd.SetGradEnabled(i % 2 == 0);
            Assert.Equal(i % 2 == 0, Autograd.IsGradEnabled);
            using (Autograd.NoGrad())
            {
                Assert.False(Autograd.IsGradEnabled);
            }

            Assert.Equal(i % 2 == 0, Autograd.IsGradEnabled);
            if (i % 300 == 0)
            {
                GC.Collect();
            }
        }

        Autograd.SetGradEnabled(true);
    }

    [Fact]
    public void AScopeThatATransformsFunctionLeavesOpenEndsWithIt()
    {
        var outer = Autograd.NoGrad();
        Transform.Grad((Tensor x) =>
        {
            Autograd.NoGrad();
            return x.Sum();
        })(Tensor.Ones(2));
        Assert.False(Autograd.IsGradEnabled);
        outer.Dispose();
        Assert.True(Autograd.IsGradEnabled);
    }

    [Fact]
    public void HooksEndWithTheScopeAroundThem()
    {
        var packed = 0;
        var outer = Autograd.SavedTensorHooks<Tensor>(x => { packed++; return x; }, x => x);
        var inner = Autograd.SavedTensorHooks<Tensor>(x => { packed += 100; return x; }, x => x);
        outer.Dispose();
        inner.Dispose();
        _ = Leaf(1).Exp();
        outer.Dispose();
        using (Autograd.SavedTensorHooks<Tensor>(x => { packed += 10_000; return x; }, x => x))
        {
            inner.Dispose();
            _ = (Leaf(1) * 2).Exp();
        }

        Assert.Equal(10_000, packed);
    }

    [Fact]
    public void DiagnosticsEndInAnyOrder()
    {
        var outer = Autograd.DetectAnomaly();
        var inner = Autograd.SetDetectAnomaly(false);
        outer.Dispose();
        Assert.False(Autograd.IsAnomalyEnabled);
        inner.Dispose();
        inner.Dispose();
        Assert.False(Autograd.IsAnomalyEnabled);
        var first = Autograd.DetectAnomaly();
        var second = Autograd.DetectAnomaly(checkNan: false);
        first.Dispose();
        second.Dispose();
        Assert.False(Autograd.IsAnomalyEnabled);
    }

    [Fact]
    public void ASuspensionOfScopesEndsOnce()
    {
        using var scope = new TensorScope();
        var (outer, inner) = (TensorScope.Suspend(), TensorScope.Suspend());
        outer.Dispose();
        inner.Dispose();
        outer.Dispose();
        var large = Tensor.Zeros(1 << 16);
        scope.Dispose();
        Assert.Throws<ObjectDisposedException>(() => large.Sum());
    }
}
