using Adjoint.Algebra;
using CsCheck;

namespace Adjoint.Tests.Laws;

/// <summary>
/// A reduction over any set of dimensions of any layout is a double loop over its elements; sums of a million float32 are as exact as sums by
/// halves.
/// </summary>
public class FoldLaw
{
    private static readonly Gen<int[]> Sizes = Gen.OneOf(
        Gen.Int[0, 4].Array[0, 5],
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 300], (rows, columns) => new[] { rows, columns }),
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 20], Gen.Int[1, 150], (a, b, c) => new[] { a, b, c }));

    [Fact]
    public void SumsAreADoubleLoop() => Gen.Select(Sizes, Gen.Int).Sample(
        (sizes, seed) =>
        {
            var draw = new Draw(seed);
            var x = Strided.Of(Random(sizes, draw), draw);
            var values = x.ToArray<double>();
            foreach (var dims in Subsets(sizes.Length))
            {
                var expected = Loop(values, sizes, dims, group => group.Sum());
                foreach (var keepDim in new[] { false, true })
                {
                    Near(expected, Kept(sizes, dims, keepDim), x.Sum(dims, keepDim), 1e-12);
                    Near(expected, Kept(sizes, dims, keepDim), x.To(DType.Float32).Sum(dims, keepDim), 1e-4);
                    Near(expected, Kept(sizes, dims, keepDim), x.To(DType.Float32).Sum(dims, keepDim, DType.Float64), 1e-12);
                    foreach (var dtype in new[] { DType.Bool, DType.UInt8, DType.Int32, DType.Int64 })
                    {
                        var whole = x.Abs().To(dtype);
                        var sum = whole.Sum(dims, keepDim);
                        Assert.Equal(DType.Int64, sum.DType);
                        Near(Loop(whole.ToArray<double>(), sizes, dims, group => group.Sum()), Kept(sizes, dims, keepDim), sum, 0);
                    }
                }
            }
        },
        iter: Draw.Times(60),
        threads: 1);

    [Fact]
    public void MeansAreADoubleLoop() => Gen.Select(Sizes, Gen.Int).Sample(
        (sizes, seed) =>
        {
            var draw = new Draw(seed);
            var x = Strided.Of(Random(sizes, draw), draw);
            foreach (var dims in Subsets(sizes.Length))
            {
                // The mean of nothing is NaN, as in PyTorch.
                var expected = Loop(x.ToArray<double>(), sizes, dims, group => group.Count == 0 ? double.NaN : group.Average());
                Near(expected, Kept(sizes, dims, keepDim: true), x.Mean(dims, keepDim: true), 1e-12);
            }
        },
        iter: Draw.Times(40),
        threads: 1);

    [Fact]
    public void ExtremesAreADoubleLoop() => Gen.Select(Sizes, Gen.Int).Sample(
        (sizes, seed) =>
        {
            var draw = new Draw(seed);
            var x = Strided.Of(Random(sizes, draw), draw);
            foreach (var dims in Subsets(sizes.Length))
            {
                if (dims.Any(dim => sizes[dim] == 0) || (dims.Length == 0 && sizes.Contains(0)))
                {
                    Assert.Throws<TensorException>(() => x.Amax(dims));
                    Assert.Throws<TensorException>(() => x.Amin(dims));
                    continue;
                }

                foreach (var dtype in DType.All.Where(dtype => dtype != DType.UInt64))
                {
                    var typed = x.Abs().To(dtype);
                    var values = typed.ToArray<double>();
                    foreach (var keepDim in new[] { false, true })
                    {
                        var (largest, least) = (typed.Amax(dims, keepDim), typed.Amin(dims, keepDim));
                        Assert.Equal(dtype, largest.DType);
                        Assert.Equal(dtype, least.DType);
                        Near(Loop(values, sizes, dims, group => group.Max()), Kept(sizes, dims, keepDim), largest, 0);
                        Near(Loop(values, sizes, dims, group => group.Min()), Kept(sizes, dims, keepDim), least, 0);
                    }
                }
            }
        },
        iter: Draw.Times(40),
        threads: 1);

    [Theory]
    [MemberData(nameof(Operators.ReductionNames), MemberType = typeof(Operators))]
    public void EveryReductionIsALoopOverItsFold(string name)
    {
        var op = Operators.Reductions[name];
        Draw.Check(draw =>
        {
            var sizes = draw.Shape(0, 5);
            var x = Strided.Of(draw.Tensor(sizes, op.Domain), draw);
            var reduced = draw.Mask(sizes.Length);
            var dims = Enumerable.Range(0, sizes.Length).Where(d => reduced[d]).ToArray();
            double Fold(List<double> group) => op.F<One<double>>([.. group.Select(value => new One<double>(value))]).Value;
            var expected = dims.Length == 0 ? [.. x.ToArray<double>().Select(value => Fold([value]))] : Loop(x.ToArray<double>(), sizes, dims, Fold);
            Near(expected, Kept(sizes, dims, keepDim: false, allIfNone: false), op.Run(x, reduced, keepDim: false), 1e-12);
            Near(expected, Kept(sizes, dims, keepDim: true, allIfNone: false), op.Run(x, reduced, keepDim: true), 1e-12);
        });
    }

    /// <summary>Equal largest elements share the gradient evenly, and a gradient that the caller passes in stays as it was.</summary>
    [Theory]
    [MemberData(nameof(Operators.ReductionNames), MemberType = typeof(Operators))]
    public void TiesShareTheGradient(string name)
    {
        var op = Operators.Reductions[name];
        if (!op.SharesTies)
        {
            return;
        }

        foreach (var recorded in new[] { false, true })
        {
            foreach (var keepDim in new[] { false, true })
            {
                var x = Tensor.FromArray([2.0, 2, 2, 5, 5, 5, 5, 5], 2, 4);
                x[0, 3] = 2;
                x.RequiresGrad = true;
                var y = op.Run(x, [false, true], keepDim);
                var g = Tensor.FromArray([1.0, 10]).Reshape(y.Shape.ToArray());
                var gradient = Autograd.Grad([y], [x], [g], createGraph: recorded)[0]!;
                Assert.Equal([0.25, 0.25, 0.25, 0.25, 2.5, 2.5, 2.5, 2.5], gradient.Detach().ToArray<double>());
                Assert.Equal([1.0, 10], g.ToArray<double>());
            }
        }
    }

    /// <summary>
    /// Error at most depth * u * sum |x|, where depth counts the additions that an element takes part in (Higham, Accuracy and Stability of
    /// Numerical Algorithms, 2nd ed., section 4.2): 64 within a block of 1,024 in the narrowest lanes, and one for each halving above.
    /// Adding one after the other would be off by up to a million.
    /// </summary>
    [Theory]
    [InlineData("constant")]
    [InlineData("uniform")]
    [InlineData("alternating")]
    [InlineData("large first")]
    public void AMillionFloatsAddUp(string what)
    {
        const int n = 1_000_000;
        var depth = 64 + 4 + Math.Log2(n);
        var random = new Random(1);
        var values = new float[n];
        for (var i = 0; i < n; i++)
        {
            values[i] = what switch
            {
                "constant" => 0.1f,
                "uniform" => random.NextSingle(),
                "alternating" => (i % 2 == 0 ? 1 : -1) * random.NextSingle(),
                _ => i == 0 ? 1e6f : 0.01f,
            };
        }

        var exact = values.Sum(value => (double)value);
        var bound = depth * Math.ScaleB(1, -24) * values.Sum(value => (double)Math.Abs(value));
        var x = Tensor.FromArray(values);
        Assert.InRange(x.Sum().Item(), exact - bound, exact + bound);
        Assert.InRange(x.Mean().Item() * n, exact - (2 * bound), exact + (2 * bound));
        Assert.InRange(x.Reshape(1000, 1000).Sum(0).Sum().Item(), exact - (2 * bound), exact + (2 * bound));
        Assert.InRange(x.Reshape(1000, 1000).Sum(1).Sum().Item(), exact - (2 * bound), exact + (2 * bound));
        Assert.InRange(x.Reshape(n / 4, 4).T.Sum().Item(), exact - bound, exact + bound);
        Assert.InRange(x.Reshape(n, 1).Expand(n, 3).Sum(0)[1].Item(), exact - bound, exact + bound);
    }

    private static Tensor Random(int[] sizes, Draw draw)
    {
        var values = new double[Adjoint.Shape.Product(sizes)];
        foreach (ref var value in values.AsSpan())
        {
            value = draw.Number(-40, 40) / 8.0;
        }

        return Tensor.FromArray(values).Reshape(sizes);
    }

    /// <summary>Every set of dimensions. The empty one stands for all, as in PyTorch.</summary>
    private static IEnumerable<int[]> Subsets(int rank) =>
        Enumerable.Range(0, 1 << rank).Select(set => Enumerable.Range(0, rank).Where(d => ((set >> d) & 1) != 0).ToArray());

    private static int[] Kept(int[] sizes, int[] dims, bool keepDim, bool allIfNone = true)
    {
        bool Gone(int d) => (allIfNone && dims.Length == 0) || dims.Contains(d);
        return keepDim
            ? [.. sizes.Select((size, d) => Gone(d) ? 1 : size)]
            : [.. sizes.Where((_, d) => !Gone(d))];
    }

    private static double[] Loop(double[] values, int[] sizes, int[] dims, Func<List<double>, double> reduce)
    {
        var kept = Kept(sizes, dims, keepDim: true);
        var groups = Enumerable.Range(0, (int)Adjoint.Shape.Product(kept)).Select(_ => new List<double>()).ToArray();
        var index = new int[sizes.Length];
        foreach (var value in values)
        {
            var at = 0;
            for (var d = 0; d < sizes.Length; d++)
            {
                at = (at * kept[d]) + (kept[d] == 1 ? 0 : index[d]);
            }

            groups[at].Add(value);
            for (var d = sizes.Length - 1; d >= 0 && ++index[d] == sizes[d]; d--)
            {
                index[d] = 0;
            }
        }

        return Array.ConvertAll(groups, group => reduce(group));
    }

    private static void Near(double[] expected, int[] shape, Tensor actual, double tolerance)
    {
        Assert.Equal(shape, actual.Shape.ToArray());
        Assert.Equal(
            expected,
            actual.ToArray<double>(),
            (a, b) => a.Equals(b) || Math.Abs(a - b) <= tolerance * Math.Max(1, Math.Abs(a)));
    }
}
