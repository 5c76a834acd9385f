using Adjoint.Tests.Memory;
using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>
/// Random numbers that are the same for all samples are so in all chunks, as PyTorch's <c>_chunked_vmap</c> restores its generator for each; what
/// looks ahead leaves no trace. Alone, because all tests share the default generator.
/// </summary>
[Collection(Alone.Name)]
public class ChunkRandomnessTests
{
    private static readonly Tensor Ones = Tensor.Ones([6], DType.Float64);

    /// <summary>The default generator, and one of one's own.</summary>
    public static TheoryData<bool> Sources => [false, true];

    [Theory]
    [MemberData(nameof(Sources))]
    public void SamplesInAllChunksShareNumbers(bool own)
    {
        var g = Start(own);
        var drawn = Vmap((Tensor z) => z + Tensor.Rand([1], DType.Float64, g), randomness: Randomness.Same, chunkSize: 2)(
            Tensor.Zeros([5, 1], DType.Float64));
        Assert.Single(drawn.ToArray<double>().Distinct());
        After(own, 1);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void ABudgetChangesNoNumber(bool own)
    {
        var g = Start(own);
        Func<Tensor, Tensor> function = z => z + Tensor.Randn([3], DType.Float64, g) + Tensor.Rand([3], DType.Float64, g);
        foreach (var randomness in (Randomness[])[Randomness.Same, Randomness.Different])
        {
            Tensor Run(long? budget)
            {
                Start(own, g);
                return Vmap(function, randomness: randomness, maxBytes: budget)(Tensor.Zeros([5, 3], DType.Float64));
            }

            var whole = Run(null);
            var state = Used(own, g).GetState();
            Check.Close(whole, Run(1L << 40));
            Assert.Equal(state, Used(own, g).GetState());
        }
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void ASmallBudgetIsChunksOfOne(bool own)
    {
        var g = Start(own);
        var inChunks = Vmap((Tensor z) => z + Tensor.Randn([3], DType.Float64, g), randomness: Randomness.Different, chunkSize: 1)(
            Tensor.Zeros([4, 3], DType.Float64));
        Start(own, g);
        var fitted = Vmap((Tensor z) => z + Tensor.Randn([3], DType.Float64, g), randomness: Randomness.Different, maxBytes: 1)(
            Tensor.Zeros([4, 3], DType.Float64));
        Check.Close(inChunks, fitted);
    }

    [Fact]
    public void ATrialIsTheFirstChunkWhereNumbersAreShared()
    {
        var seen = 0;
        Vmap((Tensor z) =>
        {
            seen++;
            return z * 2;
        }, maxBytes: 1)(Tensor.Zeros([4, 3], DType.Float64));
        Assert.Equal(4, seen);
    }

    /// <summary>Whatever the mask is, the Hessian of (m x).sum()^2 is 2 m m^T.</summary>
    [Theory]
    [InlineData(null, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(4, true)]
    public void HessiansAreOfOneFunction(int? chunk, bool own)
    {
        var g = Start(own);
        var h = Hessian(x => x.Dropout(.5, true, g).Sum().Square(), chunk)(Ones);
        var m = Mask(own, g);
        Check.Close(2 * m.Unsqueeze(1) * m, h);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void HessiansInABatch(bool own)
    {
        foreach (var randomness in (Randomness[])[Randomness.Same, Randomness.Different])
        {
            var g = Start(own);
            var h = Vmap(Hessian(x => x.Dropout(.5, true, g).Sum().Square()), randomness: randomness)(Tensor.Ones([3, 6], DType.Float64));
            for (var i = 0; i < 3; i++)
            {
                Check.Close(h[i].T, h[i]);
                Check.Close(h[i].Diagonalised() * h[i].Diagonalised().Unsqueeze(1), h[i].Square(), what: $"{randomness}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void JacobiansAreOfOneFunction(bool own)
    {
        // J = m (x.sum()) on the diagonal, and m in every column: m_i (s delta_ij + x_i).
        Tensor Expected(Tensor m) => m.Unsqueeze(1) * ((6 * Tensor.Eye(6, dtype: DType.Float64)) + 1);
        var g = Start(own);
        Func<Tensor, Tensor> f = x => x.Dropout(.5, true, g) * x.Sum();
        Check.Close(Expected(Mask(own, g)), JacFwd(f, 4)(Fresh(Ones)));
        Check.Close(Expected(Mask(own, g)), JacRev(f, 4)(Fresh(Ones)));
        Check.Close(Expected(Mask(own, g)), Jacobian(f, Fresh(Ones), 1));
        Check.Close(Expected(Mask(own, g)), Jacobian(f, Fresh(Ones)));
        Check.Close(Expected(Mask(own, g)), Jvp(JacFwd(f), Fresh(Ones), Ones).Value);

        Tensor Fresh(Tensor x)
        {
            Start(own, g);
            return x;
        }
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void AllArgumentsMeetOneFunction(bool own)
    {
        var g = Start(own);
        var (byX, byY) = JacFwd(((Tensor X, Tensor Y) p) => (p.X + p.Y).Dropout(.5, true, g))((Ones, Ones));
        Check.Close(byX, byY);
    }

    [Fact]
    public void ThePlanOfAJacobianLeavesGeneratorsAlone()
    {
        var (w, x) = (Tensor.Ones([300, 20], DType.Float64), Tensor.Ones([20], DType.Float64));
        Func<Tensor, Tensor> f = v => w.Mv(v).Dropout(.5);
        Tensor.ManualSeed(3);
        var before = Generator.Default.GetState();
        var plan = PlanJacobian(f, x, 40_000);
        Assert.True(plan.Passes > 1);
        Assert.Equal(before, Generator.Default.GetState());
        var j = Jacobian(f, x, 40_000);
        Tensor.ManualSeed(3);
        Check.Close(JacFwd(f)(x), j);
        var after = Generator.Default.GetState();
        Tensor.ManualSeed(3);
        _ = f(x);
        Assert.Equal(Generator.Default.GetState(), after);
    }

    /// <summary>The trace of 2 m m^T is 2 m.m, 8 for each that stays.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(4)]
    public void LaplaciansAreOfOneFunction(int? chunk)
    {
        var g = Start(true);
        var trace = Laplacian(x => x.Dropout(.5, true, g).Sum().Square(), chunk)(Ones);
        var m = Mask(true, g);
        Check.Close(2 * m.Square().Sum(), trace);
    }

    [Fact]
    public void EveryGeneratorGoesOnAsAfterOneRun()
    {
        var (a, b) = (new Generator(1), new Generator(2));
        Tensor.ManualSeed(3);
        Tensor Draw(Tensor z) => z + Tensor.Rand([2], DType.Float64, a) + Tensor.Randn([2], DType.Float64, b) + Tensor.Rand([2], DType.Float64);
        var rows = Vmap<Tensor, Tensor>(Draw, randomness: Randomness.Same, chunkSize: 1)(Tensor.Zeros([3, 2], DType.Float64));
        Check.Close(rows[0], rows[1]);
        Check.Close(rows[0], rows[2]);
        byte[][] states = [a.GetState(), b.GetState(), Generator.Default.GetState()];
        a.ManualSeed(1);
        b.ManualSeed(2);
        Tensor.ManualSeed(3);
        Check.Close(Draw(Tensor.Zeros([2], DType.Float64)), rows[0]);
        Assert.Equal(states, [a.GetState(), b.GetState(), Generator.Default.GetState()]);
    }

    private static Generator? Start(bool own, Generator? g = null)
    {
        Tensor.ManualSeed(17);
        return own ? (g ?? new Generator()).ManualSeed(17) : null;
    }

    private static Generator Used(bool own, Generator? g) => own ? g! : Generator.Default;

    /// <summary>The mask that the first draw after the seed gave; the generator then stands behind it, as after one run.</summary>
    private static Tensor Mask(bool own, Generator? g)
    {
        var after = Used(own, g).GetState();
        Start(own, g);
        var mask = Ones.Dropout(.5, true, g);
        if (!after.AsSpan().SequenceEqual(new Generator(17).GetState()))
        {
            Assert.Equal(Used(own, g).GetState(), after);
        }

        return mask;
    }

    private static void After(bool own, int draws)
    {
        if (!own)
        {
            var after = Generator.Default.GetState();
            Tensor.ManualSeed(17);
            _ = Tensor.Rand([draws], DType.Float64);
            Assert.Equal(Generator.Default.GetState(), after);
        }
    }
}

file static class Matrices
{
    /// <summary>The diagonal of a square matrix.</summary>
    public static Tensor Diagonalised(this Tensor x) => (x * Tensor.Eye(x.Shape[0], dtype: x.DType)).Sum(1);
}
