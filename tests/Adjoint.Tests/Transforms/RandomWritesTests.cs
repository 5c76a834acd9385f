using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>
/// Random programs that make tensors, views of views and buffers, and change them in place in any order: in batches and in forward mode they give
/// what they give eagerly, where memory really changes; values, and gradients from outside and from inside.
/// </summary>
public class RandomWritesTests
{
    private const string OldView = "of which an older view is used afterwards";

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 12)];

    private static Tensor Samples => Tensor.Linspace(0.2, 1.3, 12).To(DType.Float64).View(2, 2, 3);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ProgramsDoWhatTheyDoEagerly(int seed)
    {
        var compared = 0;
        for (var i = 0; i < 25; i++)
        {
            var program = (seed * 1000) + i;
            Tensor F(Tensor x) => Program(program, x.Clone());
            compared += Agree(() => Loop(F, Samples), () => Vmap(F)(Samples), $"program {program}, values");
            compared += Agree(() => Tape(x => Loop(F, x), Samples), () => Tape(x => Vmap(F)(x), Samples), $"program {program}, outside");
            compared += Agree(() => Loop(row => Tape(F, row), Samples), () => Vmap(Grad(F))(Samples), $"program {program}, inside");
            var t = Samples[1].Cos();
            compared += Agree(() => (Tape(F, Samples[0]) * t).Sum(), () => Jvp(F, Samples[0], t).Tangent, $"program {program}, tangent");
            compared += Agree(
                () => Jvp(Grad(F), Samples[0], t).Tangent, () => Vmap((Tensor x) => Jvp(Grad(F), x, t).Tangent)(Samples)[0],
                $"program {program}, second order in a batch");
        }

        // Not all are refused: a tape sees that what it saved was changed, and buffers have older views.
        Assert.True(compared > 60, $"{compared} of 125 compared");
    }

    /// <summary>1 if both agree, 0 where one of them may refuse the program.</summary>
    private static int Agree(Func<Tensor> eager, Func<Tensor> transformed, string what)
    {
        Tensor expected;
        try
        {
            expected = eager();
        }
        catch (AutogradException refusal) when (IsAllowed(refusal))
        {
            return 0;
        }

        try
        {
            Check.Close(expected, transformed(), 1e-9, what);
            return 1;
        }
        catch (AutogradException refusal) when (IsAllowed(refusal))
        {
            return 0;
        }
        catch (TensorException exception)
        {
            throw new InvalidOperationException($"{what}: {exception.Message}", exception);
        }
    }

    private static bool IsAllowed(AutogradException refusal) =>
        refusal.Message.Contains("modified by an inplace operation", StringComparison.Ordinal)
        || refusal.Message.Contains(OldView, StringComparison.Ordinal);

    private static Tensor Loop(Func<Tensor, Tensor> f, Tensor x) => Tensor.Stack([.. Enumerable.Range(0, x.Shape[0]).Select(i => f(x[i]))]);

    private static Tensor Tape(Func<Tensor, Tensor> f, Tensor x)
    {
        var leaf = x.Detach().Clone().RequiresGrad_();
        return Autograd.Grad([f(leaf).Sum()], [leaf], allowUnused: true, materializeGrads: true)[0]!;
    }

    private static Tensor Program(int seed, Tensor x)
    {
        var random = new Random(seed);
        var pool = new List<Tensor> { x * 1, x * x };
        for (var step = 0; step < 10; step++)
        {
            var (a, b) = (pool[random.Next(pool.Count)], pool[random.Next(pool.Count)]);
            switch (random.Next(8))
            {
                case 0:
                    pool.Add(random.Next(2) == 0 ? Tensor.Zeros([2, 3], DType.Float64) : Tensor.Full([3, 2], 0.5, DType.Float64));
                    break;
                case 1 or 2:
                    pool.Add(View(random, a));
                    break;
                case 3:
                    pool.Add((a * 0.5).Sin());
                    break;
                default:
                    Change(random, a, b);
                    break;
            }
        }

        var sum = x.Sum();
        for (var i = 0; i < pool.Count; i++)
        {
            sum += (pool[i] * pool[i]).Sum() * (0.1 * (i + 1));
        }

        return sum;
    }

    private static Tensor View(Random random, Tensor a) => random.Next(7) switch
    {
        0 when a.Rank > 0 => a[random.Next(a.Shape[0])],
        1 when a.Rank > 1 => a.T,
        2 when a.Rank > 0 && a.Shape[0] > 1 => a[1..],
        3 when a.Rank > 1 => a[.., random.Next(a.Shape[1])],
        4 => a.Unsqueeze(0),
        5 when a.Rank == 2 => a.Diagonal(),
        _ => a.Rank > 0 ? a.Narrow(0, 0, 1) : a.View(1),
    };

    private static void Change(Random random, Tensor a, Tensor b)
    {
        switch (random.Next(8))
        {
            case 0:
                a.Mul_(b.Sum().Sin());
                break;
            case 1:
                a.Add_(b.Mean() * 0.3);
                break;
            case 2:
                a.Tanh_();
                break;
            case 3:
                a.Fill_(b.Sum() * 0.1);
                break;
            case 4 when a.Shape.ToArray().SequenceEqual(b.Shape.ToArray()):
                a.Copy_(b.Clone());
                break;
            case 5 when a.Rank > 0:
                a[random.Next(a.Shape[0])] = b.Mean();
                break;
            case 6 when a.Rank > 0:
                a[Tensor.FromArray([0L])] = b.Sum() * 0.2;
                break;
            default:
                a.Sub_(0.1);
                break;
        }
    }
}
