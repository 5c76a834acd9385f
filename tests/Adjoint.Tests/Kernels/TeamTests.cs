using Adjoint.Kernels;
using Xunit;

namespace Adjoint.Tests.Kernels;

/// <summary>Shared loops: every part is done once, whoever asks, and no bit of a result depends on the number of threads.</summary>
public sealed unsafe class TeamTests
{
    private const int Elements = 8 * 31 * 1005;
    private static readonly Lock Gate = new();

    [Theory]
    [InlineData(1, 7)]
    [InlineData(2, 1)]
    [InlineData(2, 1000)]
    [InlineData(5, 3)]
    [InlineData(5, 64)]
    public void EveryPartIsDoneOnce(int threads, int parts) => WithThreads(threads, () =>
    {
        for (var repetition = 0; repetition < 200; repetition++)
        {
            Assert.Equal(Enumerable.Repeat(1, parts), Count(parts));
        }
    });

    [Fact]
    public void CallersAtTheSameTimeDoNotDisturbEachOther() => WithThreads(3, () => Parallel.For(0, 300, i =>
    {
        var parts = 1 + (i % 40);
        Assert.Equal(Enumerable.Repeat(1, parts), Count(parts));
    }));

    [Fact]
    public void APartMayShareALoopItself() => WithThreads(3, () =>
    {
        var counts = stackalloc int[6];
        Team.Run(&Nested, counts, 6);
        Assert.Equal([3, 3, 3, 3, 3, 3], new Span<int>(counts, 6).ToArray());
    });

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void SmallWorkIsDoneInOrderByTheCaller(int threads) => WithThreads(threads, () =>
    {
        var seen = new List<int>();
        Team.Run(40, isLarge: false, seen.Add);
        Assert.Equal(Enumerable.Range(0, 40), seen);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void WhatAPartThrowsReachesTheCaller(int threads) => WithThreads(threads, () =>
    {
        for (var repetition = 0; repetition < 50; repetition++)
        {
            var bad = repetition % 17;
            var error = Assert.Throws<InvalidTimeZoneException>(() => Team.Run(17, isLarge: true, part =>
            {
                if (part == bad)
                {
                    throw new InvalidTimeZoneException($"{part}");
                }
            }));
            Assert.Equal($"{bad}", error.Message);

            // The team is free again.
            Assert.Equal(Enumerable.Repeat(1, 9), Count(9));
        }
    });

    [Fact]
    public void MapsDoNotDependOnTheNumberOfThreads() => Same(x => x.Tanh());

    [Fact]
    public void BroadcastAndStridedMapsDoNotDependOnTheNumberOfThreads()
    {
        Same(x => x.Reshape(248, 1005).T * x[..248]);
        Same(x => x.Reshape(248, 1005) + x[..1005]);
        Same(x => x.Reshape(8, 31, 1005)[.., 3..29, ..].Exp());
        Same(x => x.Reshape(8, 31, 1005).Permute(2, 0, 1).Sin());
        Same(x => x.Reshape(1, -1).Expand(3, Elements)[.., 1..] - x[1]);
        Same(x => x.Reshape(-1, 2)[.., 1].To(DType.Float64));
    }

    [Fact]
    public void SumsDoNotDependOnTheNumberOfThreads()
    {
        Same(x => x.Sum());
        Same(x => x.Reshape(248, 1005).Sum(0));
        Same(x => x.Reshape(248, 1005).Sum(1));
        Same(x => x.Reshape(-1, 12).Sum(0));
        Same(x => x.Reshape(8, 31, 1005)[.., 3..29, ..].Sum([0, 1]));
        Same(x => x.Reshape(8, 31, 1005)[.., 3..29, ..].Sum());
        Same(x => x.Reshape(2, -1).T.Sum(0));
        Same(x => x.Reshape(-1, 2)[.., 1].Sum());
        Same(x => x.Reshape(1005, 248).Amax([1]));
    }

    private static void Same(Func<Tensor, Tensor> apply)
    {
        var random = new Random(1);
        var x = Tensor.FromArray([.. Enumerable.Range(0, Elements).Select(_ => (random.NextSingle() * 8) - 4)], Elements);
        double[] Run(int threads)
        {
            double[] result = [];
            WithThreads(threads, () => result = apply(x).To(DType.Float64).ToArray<double>());
            return result;
        }

        var alone = Run(1);
        Assert.Equal(alone, Run(2));
        Assert.Equal(alone, Run(5));
    }

    private static int[] Count(int parts)
    {
        var counts = new int[parts];
        fixed (int* p = counts)
        {
            Team.Run(&Mark, p, parts);
        }

        return counts;
    }

    private static void Mark(void* context, int part) => Interlocked.Increment(ref ((int*)context)[part]);

    private static void Nested(void* context, int part) => Team.Run(&MarkFirst, (int*)context + part, 3);

    private static void MarkFirst(void* context, int part) => Interlocked.Increment(ref *(int*)context);

    internal static R WithThreads<R>(int threads, Func<R> run)
    {
        R result = default!;
        WithThreads(threads, () => { result = run(); });
        return result;
    }

    private static void WithThreads(int threads, Action run)
    {
        // Other classes change the number too, but no result of theirs depends on it either.
        lock (Gate)
        {
            var before = Team.MaxThreads;
            Team.MaxThreads = threads;
            try
            {
                run();
            }
            finally
            {
                Team.MaxThreads = before;
            }
        }
    }
}
