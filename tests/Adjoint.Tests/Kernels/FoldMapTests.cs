using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Kernels;
using Adjoint.Tests.Laws;

namespace Adjoint.Tests.Kernels;

/// <summary>Sums of formulas of several arrays in one pass are what the formula and then the sum give,
/// however the arrays lie and whoever adds up.</summary>
public class FoldMapTests
{
    /// <summary>Rows and columns, on both sides of a lane, a block and a branch.</summary>
    public static TheoryData<int[]> Shapes => new()
    {
        new[] { 0 }, new[] { 1 }, new[] { 3 }, new[] { 17 }, new[] { 2048 }, new[] { 2049 }, new[] { 5000 }, new[] { 3, 0 },
        new[] { 7, 5 }, new[] { 40, 3 }, new[] { 3, 40 }, new[] { 33, 65 }, new[] { 1, 700 }, new[] { 700, 1 },
        new[] { 1100, 3 }, new[] { 2, 3, 520 }, new[] { 520, 3, 2 }, new[] { 4, 1, 5, 6 }, new[] { 70_000 },
        new[] { 40_000, 2 }, new[] { 30, 50, 60 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AreTheFormulaAndThenTheSum(int[] shape)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
        {
            for (var seed = 0; seed < 3; seed++)
            {
                var draw = new Draw(seed);
                var tensors = Enumerable.Range(0, 4).Select(k => Drawn(shape, k == 0 && seed < 2 ? 0 : seed + 1, dtype, draw)).ToArray();
                for (var set = 1; set < 1 << shape.Length; set++)
                {
                    bool[] reduced = [.. shape.Select((_, d) => ((set >> d) & 1) != 0)];
                    Check(default(Two), reduced, tensors);
                    Check(default(Three), reduced, tensors);
                    Check(default(Four), reduced, tensors);
                }
            }
        }
    }

    /// <summary>No bit depends on the number of threads.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void DoNotDependOnTheNumberOfThreads(int[] shape)
    {
        var draw = new Draw(5);
        var tensors = Enumerable.Range(0, 4).Select(_ => Drawn(shape, 0, DType.Float32, draw)).ToArray();
        bool[] reduced = [.. shape.Select((_, d) => d != shape.Length - 1 || d == 0)];
        double[] Run(int threads) => TeamTests.WithThreads(
            threads,
            () => Op.FoldMap(default(Four), reduced, false, tensors[0], tensors[1], tensors[2], tensors[3]).To(DType.Float64).ToArray<double>());
        var alone = Run(1);
        Assert.Equal(alone, Run(2));
        Assert.Equal(alone, Run(5));
    }

    private static void Check<B>(B body, bool[] reduced, Tensor[] x)
        where B : struct, IBody
    {
        int[] dims = [.. Enumerable.Range(0, reduced.Length).Where(d => reduced[d])];
        var sum = Op.FoldMap(body, reduced, keepDim: true, x[0], x[1], B.Arity > 2 ? x[2] : null, B.Arity > 3 ? x[3] : null);
        var values = Array.ConvertAll(x, tensor => tensor.Expand(x[0].Shape.ToArray()).To(DType.Float64).ToArray<double>());
        var products = new double[values[0].Length];
        for (var i = 0; i < products.Length; i++)
        {
            var (a, b, c, d) = (values[0][i], values[1][i], values[2][i], values[3][i]);
            products[i] = body.F(new One<double>(a), new One<double>(b), new One<double>(c), new One<double>(d)).Value;
        }

        var all = Tensor.FromArray(products, x[0].Shape.ToArray());
        var expected = all.Sum(dims, keepDim: true);

        // Terms are at most 8, which rounding takes the share of a last place from.
        var scale = 8 * dims.Aggregate(1.0, (count, d) => count * x[0].Shape[d]);
        Assert.Equal(expected.Shape.ToArray(), sum.Shape.ToArray());
        var (left, right) = (expected.ToArray<double>(), sum.To(DType.Float64).ToArray<double>());
        for (var i = 0; i < left.Length; i++)
        {
            Assert.Equal(left[i], right[i], scale * (x[0].DType == DType.Float32 ? 5e-7 : 1e-15));
        }
    }

    /// <summary>Dense, transposed in memory, with gaps, or broadcast along drawn dimensions.</summary>
    private static Tensor Drawn(int[] shape, int kind, DType dtype, Draw draw)
    {
        int[] sizes = kind == 0 ? shape : [.. shape.Select(size => draw.Coin() ? 1 : size)];
        var x = Uniform(sizes, dtype, draw);
        return kind switch
        {
            0 => x,
            1 => x.Expand(shape),
            2 => Strided.Of(x, draw).Expand(shape),
            _ => Strided.Of(Uniform(shape, dtype, draw), draw),
        };
    }

    private static Tensor Uniform(int[] shape, DType dtype, Draw draw)
    {
        var values = new double[Adjoint.Shape.Product(shape)];
        foreach (ref var value in values.AsSpan())
        {
            value = draw.Uniform(-2, 2);
        }

        return Tensor.FromArray(values, shape).To(dtype);
    }

    private readonly struct Two : IBody
    {
        public static int Arity => 2;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => a * b;

        public V I<V>(V a, V b, V c, V d)
            where V : struct, IRing<V> => a;
    }

    private readonly struct Three : IBody
    {
        public static int Arity => 3;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => (a - b) * c;

        public V I<V>(V a, V b, V c, V d)
            where V : struct, IRing<V> => a;
    }

    private readonly struct Four : IBody
    {
        public static int Arity => 4;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => (a * b) + (c * d);

        public V I<V>(V a, V b, V c, V d)
            where V : struct, IRing<V> => a;
    }
}
