using Adjoint.Memory;
using Adjoint.NN;

namespace Adjoint.Tests.Memory;

/// <summary>Scopes that give memory back at a known place: what goes, what stays, and misuse.</summary>
[Collection(Alone.Name)]
public class TensorScopeTests
{
    private const int Large = 10_000;

    [Fact]
    public void WhatIsMadeInsideGoesBackAtOnce()
    {
        var before = Backend.Memory.LiveBytes;
        using (new TensorScope())
        {
            var x = Tensor.Ones(Large);
            var y = (x + 1).Exp();
            Assert.True(Backend.Memory.LiveBytes >= before + (3 * 4 * Large));
            GC.KeepAlive(y);
        }

        Assert.Equal(before, Backend.Memory.LiveBytes);
    }

    [Fact]
    public void ReadingAfterTheEndIsAnError()
    {
        Tensor x;
        using (new TensorScope())
        {
            x = Tensor.Ones(Large);
        }

        Assert.Contains("scope.Keep(x)", Assert.Throws<ObjectDisposedException>(() => x + 1).Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => x[5].Item());
        Assert.Throws<ObjectDisposedException>(() => x.Add_(1));
    }

    [Fact]
    public void KeptTensorsStay()
    {
        Tensor kept, view;
        using (var outer = new TensorScope())
        {
            using (var inner = new TensorScope())
            {
                kept = inner.Keep(Tensor.Full([Large], 3f));
                view = Tensor.Arange(Large)[1..5];
                outer.Keep(inner.Keep(view));
            }

            Assert.Equal(3f * Large, kept.Sum().Item<float>());
        }

        Assert.Throws<ObjectDisposedException>(() => kept.Sum()); // the outer scope had it then
        Assert.Equal([1L, 2, 3, 4], view.ToArray<long>());
    }

    [Fact]
    public void SmallTensorsAreNotTouched()
    {
        Tensor x;
        using (new TensorScope())
        {
            x = Tensor.Ones(10);
        }

        Assert.Equal(10f, x.Sum().Item<float>());
    }

    [Fact]
    public void TrainingInAScopeIsTheSameTraining()
    {
        Assert.Equal(Losses(scoped: false), Losses(scoped: true));

        static double[] Losses(bool scoped)
        {
            Tensor.ManualSeed(3);
            Sequential model = [new Linear(100, 100), new ReLU(), new Linear(100, 1)];
            var adam = new Adam(model.Parameters());
            var x = Tensor.Randn(200, 100);
            var losses = new double[5];
            for (var step = 0; step < losses.Length; step++)
            {
                using var scope = scoped ? new TensorScope() : null;
                adam.ZeroGrad(setToNull: step % 2 == 0);
                var loss = model.Forward(x).Square().Mean();
                loss.Backward();
                adam.Step();
                losses[step] = loss.Item();
            }

            return losses;
        }
    }

    [Fact]
    public void GradientsThatSomebodyHoldsStay()
    {
        var w = Tensor.Ones(Large).RequiresGrad_();
        var given = Tensor.Ones(Large).RequiresGrad_();
        Tensor y;
        using (var scope = new TensorScope())
        {
            y = scope.Keep(w * 2);
            y.RetainGrad();
            (y * y).Sum().Backward();
            given.Grad = Tensor.Full([Large], 7f);
        }

        Assert.Equal(8f, w.Grad!.Max().Item<float>());
        Assert.Equal(4f, y.Grad!.Max().Item<float>());
        Assert.Equal(7f, given.Grad!.Max().Item<float>());
    }

    [Fact]
    public void ACacheMadeInsideStays()
    {
        Tensor cache;
        using (new TensorScope())
        using (TensorScope.Suspend())
        {
            cache = Tensor.Ones(Large);
        }

        Assert.Equal(Large, cache.Sum().Item<float>());
    }

    [Fact]
    public void AScopeEndsWhereItBegan()
    {
        var outer = new TensorScope();
        var inner = new TensorScope();
        Assert.Throws<TensorException>(outer.Dispose);
        inner.Dispose();
        inner.Dispose();
        var elsewhere = new Thread(() => Assert.Throws<TensorException>(outer.Dispose));
        elsewhere.Start();
        elsewhere.Join();
        outer.Dispose();
        Assert.Null(StorageScope.Current);
    }

    [Fact]
    public void AnExceptionEndsTheScopesItLeaves()
    {
        var before = Backend.Memory.LiveBytes;
        Assert.Throws<ShapeException>(() =>
        {
            using (new TensorScope())
            {
                var x = Tensor.Ones(Large);
                using (new TensorScope())
                {
                    return (x + 1) + Tensor.Ones(Large + 1);
                }
            }
        });
        Assert.Null(StorageScope.Current);
        Assert.Equal(before, Backend.Memory.LiveBytes);
    }

    [Fact]
    public void OtherThreadsAreNotInTheScope()
    {
        Tensor? elsewhere = null;
        using (new TensorScope())
        {
            var thread = new Thread(() => elsewhere = Tensor.Ones(Large));
            thread.Start();
            thread.Join();
        }

        Assert.Equal(Large, elsewhere!.Sum().Item<float>());
    }

    /// <summary>What a scope keeps belongs to the scope around it even if that is two levels up and the one between has ended.</summary>
    [Fact]
    public void KeepingMovesOutOneScopeAtATime()
    {
        using var outer = new TensorScope();
        Tensor kept, lost;
        using (var middle = new TensorScope())
        {
            using (var inner = new TensorScope())
            {
                kept = middle.Keep(inner.Keep(Tensor.Ones(Large)));
                lost = inner.Keep(Tensor.Ones(Large));
            }

            Assert.Equal(Large, lost.Sum().Item<float>());
        }

        Assert.Equal(Large, kept.Sum().Item<float>());
        Assert.Throws<ObjectDisposedException>(() => lost.Sum());
    }

    /// <summary>A continuation on another thread cannot end the scope, and says what to do instead.</summary>
    [Fact]
    public void AScopeDoesNotFollowAwait()
    {
        var scope = new TensorScope();
        Exception? error = null;
        var continuation = new Thread(() => error = Record.Exception(scope.Dispose));
        continuation.Start();
        continuation.Join();
        Assert.Contains("Do not await inside a scope", Assert.IsType<TensorException>(error).Message, StringComparison.Ordinal);
        var x = Tensor.Ones(Large);
        scope.Dispose();
        Assert.Throws<ObjectDisposedException>(() => x.Sum());
    }

    [Fact]
    public void TheBackendDescribesItself()
    {
        var lines = Backend.Describe().ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("Adjoint ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"vectors: {Backend.VectorBits} bits (", lines[1], StringComparison.Ordinal);
        Assert.Equal($"threads: at most {Backend.MaxThreads} on {Environment.ProcessorCount} processors", lines[2]);
        Assert.Contains("MB kept for reuse", lines[3], StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Backend.MaxThreads = 0);
    }

    /// <summary>One large piece of work must not hold its memory for the rest of the process.</summary>
    [Fact]
    public void WhatWasOnceNeededIsForgottenInTime()
    {
        Backend.Trim();
        var before = Backend.Memory.FreeBytes;
        using (new TensorScope())
        {
            for (var i = 0; i < 16; i++)
            {
                Tensor.Empty([32 << 20], DType.UInt8);
            }
        }

        Assert.True(Backend.Memory.FreeBytes >= before + (256L << 20));
        for (var i = 0; i < 3000; i++)
        {
            Tensor.Empty([1 << 20], DType.UInt8);
        }

        Assert.InRange(Backend.Memory.FreeBytes, 0, 160L << 20);
    }
}
