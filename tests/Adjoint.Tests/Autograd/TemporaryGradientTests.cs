using CsCheck;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// The sweep overwrites and gives back the memory of gradients that it alone can name. Random programs of views, copies, products, joins, indexing
/// and changes in place, over values that are used again and again, must give the same gradients as with <c>createGraph</c>, which never gives
/// anything back, and as central differences. Tensors are larger than 16 KB, so that they are blocks of the pool
/// and a block given back too early is soon someone else's.
/// </summary>
public class TemporaryGradientTests
{
    private const int N = 48;

    private static readonly int[] Turn = [.. Enumerable.Range(0, N).Select(i => i * 7 % 40)];

    private static readonly Tensor Columns = Tensor.FromArray([.. Enumerable.Range(0, N * N).Select(i => (long)(i * 11 % N))], N, N);

    private static readonly Tensor Mask = Tensor.FromArray([.. Enumerable.Range(0, N * N).Select(i => i % 3 == 0)], N, N);

    /// <summary>What a step of a program does with two values; all values are 48 x 48, and all steps are smooth.</summary>
    private static readonly Func<Tensor, Tensor, Tensor, Tensor>[] Steps =
    [
        // a and b are earlier values, c a row
        (a, b, c) => a + b,
        (a, b, c) => a - b,
        (a, b, c) => (a * b).Tanh(),
        (a, b, c) => a * 2,
        (a, b, c) => -a,
        (a, b, c) => a + c,
        (a, b, c) => c * a,
        (a, b, c) => a.Sin(),
        (a, b, c) => a.Sigmoid() * b,
        (a, b, c) => a / (2 + (b * b)),
        (a, b, c) => a.T,
        (a, b, c) => a.T + b,
        (a, b, c) => a.Reshape(24, 96).Reshape(N, N),
        (a, b, c) => a.T.Reshape(24, 96).T.Reshape(N, N),
        (a, b, c) => a.Unsqueeze(0).Expand(3, N, N).Sum(0),
        (a, b, c) => a.Expand(2, N, N)[1],
        (a, b, c) => Tensor.Cat([a[24..], b[..24]]),
        (a, b, c) => Tensor.Cat([a[.., ..10], b[.., 10..]], 1),
        (a, b, c) => Tensor.Cat([a, b, a])[20..68],
        (a, b, c) => Tensor.Stack([a, b, a], 1)[.., 1],
        (a, b, c) => Tensor.Stack([a, b]).Permute(2, 0, 1)[.., 0].T,
        (a, b, c) => Tensor.Cat([a[TensorIndex.Slice(null, null, 2)], b[TensorIndex.Slice(1, null, 2)]]),
        (a, b, c) => a.Mm(b) / N,
        (a, b, c) => a.T.Mm(b) / N,
        (a, b, c) => (a.Reshape(2, 24, N).MatMul(b) / N).Reshape(N, N),
        (a, b, c) => (a.Reshape(3, 16, N).MatMul(b.Reshape(3, N, 16)) / N).Permute(1, 0, 2).Reshape(16, N).Expand(3, 16, N).Reshape(N, N),
        (a, b, c) => a.Mv(c).Unsqueeze(1).Expand(N, N) / N,
        (a, b, c) => a.Sum(0, keepDim: true).Tanh() + b,
        (a, b, c) => a.Mean(1, keepDim: true).Expand(N, N) * b,
        (a, b, c) => a.Sum() / (N * N) * b,
        (a, b, c) => a.Softmax(1) + b,
        (a, b, c) => a.LogSoftmax(0),
        (a, b, c) => a.LogSumExp(1, keepDim: true) - b,
        (a, b, c) => a / (1 + a.Norm()),
        (a, b, c) => a.Clone(),
        (a, b, c) => a[TensorIndex.Ellipsis] + b[..],
        (a, b, c) => a[Turn],
        (a, b, c) => a[.., Turn],
        (a, b, c) => a.Gather(1, Columns),
        (a, b, c) => Tensor.Where(Mask, a, b),
        (a, b, c) => a.MaskedFill(Mask, 0.5),
        (a, b, c) => a[0].Expand(N, N) + b[5..6],
        (a, b, c) => a.SumToSize(N, 1) / N * b.Sigmoid(),
        (a, b, c) => (a * 1).Add_(b),
        (a, b, c) => a.Clone().Mul_(b).Tanh_(),
        (a, b, c) => (a + 1).Copy_(b.T),
        (a, b, c) => After(a.Clone(), t => t[..10].Mul_(b[..10])),
        (a, b, c) => After(a.Clone(), t => t.T[3] = b[3]),
        (a, b, c) => After(a * 1, t => t[Mask] = c[0]),
        (a, b, c) => After(a * 1, t => t[new[] { 3, 1 }] = b[7..9]),
    ];

    private static readonly Gen<(int Step, int A, int B)> Step = Gen.Select(Gen.Int[0, Steps.Length - 1], Gen.Int[0, 100], Gen.Int[0, 100]);

    private static readonly Gen<((int Step, int A, int B)[] Program, int Seed)> Programs = Gen.Select(Step.Array[1, 14], Gen.Int[0, 1000]);

    [Fact]
    public void EveryStepAlone()
    {
        for (var step = 0; step < Steps.Length; step++)
        {
            Check([(step, 0, 1)], step);
            Check([(step, 1, 1), (step, 3, 0)], step);
            Check([(step, 0, 0), (0, 3, 3), (step, 3, 4)], step);
        }
    }

    [Fact]
    public void RandomProgramsAgreeWithPassesThatGiveNothingBack() =>
        Programs.Sample(program => Check(program.Program, program.Seed), iter: 150, threads: 1);

    [Fact]
    public void GradientsThatHooksKeepStayAsTheyWere() => Programs.Sample(
        program =>
        {
            var (leaves, values, loss) = Run(program.Program, program.Seed);
            var kept = new List<(Tensor Gradient, double[] Values)>();
            foreach (var value in values)
            {
                if (value.RequiresGrad)
                {
                    value.RegisterHook(gradient => kept.Add((gradient, Of(gradient))));
                }
            }

            loss.Backward();
            Churn();
            Assert.NotEmpty(kept);
            Assert.All(kept, pair => Holds(pair.Gradient, pair.Values));
            Assert.All(leaves, leaf => Assert.NotNull(leaf.Grad));
        },
        iter: 40,
        threads: 1);

    private static void Check((int Step, int A, int B)[] program, int seed)
    {
        var (leaves, values, loss) = Run(program, seed);
        var before = values.Select(Of).ToArray();

        // Some results are asked for as well, and some keep their gradients.
        var inputs = leaves.Concat(values.Skip(leaves.Length).Where((value, i) => value.RequiresGrad && i % 3 == 0)).ToArray();
        var kept = values.Skip(leaves.Length).Where((value, i) => value is { RequiresGrad: true, IsLeaf: false } && i % 2 == 0).ToArray();
        var recorded = Autograd.Grad([loss], inputs, createGraph: true, materializeGrads: true);
        var expected = recorded.Select(Of).ToArray();

        Array.ForEach(kept, value => value.RetainGrad());
        var first = Autograd.Grad([loss], inputs, retainGraph: true, materializeGrads: true);
        var retained = kept.Select(value => value.Grad is null ? [] : Of(value.Grad)).ToArray();
        Churn();
        var second = Autograd.Grad([loss], inputs, retainGraph: true, materializeGrads: true);
        for (var i = 0; i < inputs.Length; i++)
        {
            IsClose(first[i], expected[i], 1e-11);
            Holds(second[i], Of(first[i]));
        }

        // Once more into Grad, in the end without retaining the graph.
        loss.Backward(retainGraph: true);
        loss.Backward();
        Churn();
        for (var i = 0; i < leaves.Length; i++)
        {
            IsClose(leaves[i].Grad, [.. Of(first[i]).Select(value => 2 * value)], 1e-13);
        }

        for (var i = 0; i < kept.Length; i++)
        {
            if (retained[i].Length > 0)
            {
                IsClose(kept[i].Grad, [.. retained[i].Select(value => 4 * value)], 1e-13);
            }
        }

        for (var i = 0; i < values.Count; i++)
        {
            Holds(values[i], before[i]);
        }

        Differences(program, seed, expected);
    }

    /// <summary>The derivative along one direction, by a central difference.</summary>
    private static void Differences((int Step, int A, int B)[] program, int seed, double[][] gradients)
    {
        const double step = 1e-6;
        var directions = Leaves(seed + 1);
        double Moved(double by)
        {
            var leaves = Leaves(seed).Select((leaf, i) => leaf.Detach() + (by * directions[i].Detach())).ToArray();
            return Run(program, leaves).Loss.Item();
        }

        var expected = (Moved(step) - Moved(-step)) / (2 * step);
        double actual = 0, scale = 1;
        for (var i = 0; i < directions.Length; i++)
        {
            foreach (var (gradient, direction) in gradients[i].Zip(Of(directions[i])))
            {
                actual += gradient * direction;
                scale += Math.Abs(gradient * direction);
            }
        }

        Assert.True(Math.Abs(actual - expected) <= 1e-5 * scale, $"The derivative is {actual:R}, differences give {expected:R}.");
    }

    private static (Tensor[] Leaves, List<Tensor> Values, Tensor Loss) Run((int Step, int A, int B)[] program, int seed)
    {
        var leaves = Leaves(seed);
        var (values, loss) = Run(program, leaves);
        return (leaves, values, loss);
    }

    private static (List<Tensor> Values, Tensor Loss) Run((int Step, int A, int B)[] program, Tensor[] leaves)
    {
        List<Tensor> values = [.. leaves];
        foreach (var (step, a, b) in program)
        {
            // The row stands at index 2.
            values.Add(Steps[step](Pick(values, a), Pick(values, b), leaves[2]));
        }

        // Every value counts, so that each has uses on several levels.
        var loss = values.Select((value, i) => (value * value * (i % 3 == 0 ? 0.5 : 0.25)).Mean()).Aggregate((x, y) => x + y);
        return (values, loss);
    }

    private static Tensor Pick(List<Tensor> values, int index)
    {
        var picked = index % values.Count;
        return values[picked == 2 ? 0 : picked];
    }

    private static Tensor[] Leaves(int seed)
    {
        var random = new Random(seed);
        return [.. new int[][] { [N, N], [N, N], [N] }.Select(
            shape => Tensor.FromArray([.. Enumerable.Range(0, (int)((Shape)shape).Count).Select(_ => (random.NextDouble() * 2) - 1)], shape)
                .RequiresGrad_())];
    }

    /// <summary>Takes blocks from the pool and writes to them: whatever was given back has other contents now.</summary>
    private static void Churn()
    {
        for (var i = 0; i < 64; i++)
        {
            Tensor.Full([N, N], double.NaN, DType.Float64);
            Tensor.Full([N], double.NaN, DType.Float64);
        }
    }

    private static Tensor After(Tensor x, Action<Tensor> change)
    {
        change(x);
        return x;
    }
}
