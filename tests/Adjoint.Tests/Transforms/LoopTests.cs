using Adjoint.Tests.Memory;
using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>
/// Batches whose function looks at numbers: the run goes on as that of the first sample, and the others follow, so that everything happens once for
/// each sample. Right values are those of a C# loop over the samples, or closed forms.
/// </summary>
[Collection(Alone.Name)]
public class LoopTests
{
    private static readonly Tensor Rows = Tensor.FromArray([1.0, -2, 3, -4, 5, 6], 3, 2);

    private static Tensor V(params double[] values) => Tensor.FromArray(values);

    [Fact]
    public void SideEffectsHappenOnceForEachSample()
    {
        var (before, after, mean) = (0, 0, Tensor.Scalar(1.0));
        var sums = new List<double>();
        var y = Vmap((Tensor row) =>
        {
            before++;
            mean.Mul_(.5).Add_(1);
            sums.Add(row.Sum().Item());
            after++;
            return row * sums[^1];
        })(Rows);
        Assert.Equal((3, 3), (before, after));
        Assert.Equal([-1.0, -1, 11], sums);
        Assert.Equal(1.875, mean.Item());
        Check.Close(Rows * V(-1, -1, 11).Unsqueeze(1), y);
    }

    [Fact]
    public void WhatWasCollectedBeforeIsTheSamplesOwn()
    {
        var rows = new List<Tensor>();
        Vmap((Tensor row) =>
        {
            rows.Add(row * 2);
            return row.Sum() > 0 ? row : -row;
        })(Rows);
        Check.Close(Rows * 2, Tensor.Stack([.. rows]));
    }

    [Fact]
    public void SamplesAddUpInATensorFromOutside()
    {
        var total = Tensor.Zeros([2], DType.Float64);
        Vmap((Tensor row) =>
        {
            var twice = row * 2;
            if (row.Sum() > -5)
            {
                total.Add_(twice);
                total[0] = total[0] + row[1];
            }

            return row;
        })(Rows);
        Check.Close(V(18 + 0, 0), total);
    }

    [Fact]
    public void WhatTheFunctionMadeMayBeChangedInPlace()
    {
        var calls = 0;
        var y = Vmap((Tensor row) =>
        {
            calls++;
            var z = row * 2;
            if (row.Sum() > -5)
            {
                z.Mul_(3);
                z[0] = z[1] + 1;
            }

            return z;
        })(Rows);
        Assert.Equal(3, calls);
        Check.Close(Tensor.Stack([(Rows[.., 1] * 6) + 1, Rows[.., 1] * 6], 1), y);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void AndWhateverSharesItsMemoryFollows(int? chunk)
    {
        Tensor F(Tensor rows) => Vmap(
            (Tensor row) =>
            {
                var z = row * 2;
                var head = z[..1];
                var turned = z.Reshape(2, 1).T;
                if (row.Sum() > -5)
                {
                    z.Mul_(3);
                    head += 1;
                }

                return z + turned[0] + head;
            },
            chunkSize: chunk)(rows);
        Check.Close((Rows * 12) + V(2, 0) + (Rows[.., ..1] * 6) + 1, F(Rows));
        Check.Close(V(12, 12).Expand(3, 2) + V(12, 0), Grad((Tensor rows) => F(rows).Sum())(Rows));
    }

    /// <summary>y = 2 row w, changed in place to 6 row w where the sum is positive; its gradient by w is 6 row there and 2 row elsewhere.</summary>
    [Fact]
    public void GradientsFromOutsideThroughAChangeInPlace()
    {
        Tensor F(Tensor w) => Vmap((Tensor row) =>
        {
            var z = row * w * 2;
            return row.Sum() > 0 ? z.Mul_(3) : z;
        })(Rows).Sum();
        var expected = (Rows * V(2, 2, 6).Unsqueeze(1)).Sum(0);
        Check.Close(expected, Grad<Tensor>(F)(V(1, 1)));
        var leaf = V(1, 1).RequiresGrad_();
        F(leaf).Backward();
        Check.Close(expected, leaf.Grad!);
    }

    /// <summary>f(w, row) = sin(w . row) times the sign of the row's sum, with what is computed before the look at the sum and after it.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(2)]
    public void GradientsOfBothSidesOfTheLook(int? chunk)
    {
        var w = V(.3, -.2);
        var signs = V(-1, -1, 1);
        var calls = 0;

        Tensor Sample(Tensor w, Tensor row)
        {
            calls++;
            var dot = (w * row).Sum();
            var sign = row.Sum() > 0 ? 1.0 : -1.0;
            return dot.Sin() * sign;
        }

        Tensor Batched(Tensor w) => Vmap((Tensor row) => Sample(w, row), chunkSize: chunk)(Rows);
        var angles = (Rows * w).Sum(1);
        var slopes = (angles.Cos() * signs).Unsqueeze(1) * Rows;
        Check.Close(angles.Sin() * signs, Batched(w));
        Assert.Equal(3, calls);
        Check.Close(slopes.Sum(0), Grad((Tensor w) => Batched(w).Sum())(w));
        Check.Close(slopes, JacRev<Tensor>(Batched)(w));
        Check.Close(slopes, JacFwd<Tensor>(Batched)(w));
        var curvature = (-angles.Sin() * signs).Reshape(3, 1, 1) * Rows.Unsqueeze(2) * Rows.Unsqueeze(1);
        Check.Close(curvature.Sum(0), Hessian(w => Batched(w).Sum())(w));
        Check.Close(curvature.Sum(0), JacRev(Grad((Tensor w) => Batched(w).Sum()))(w));

        // By the rows: the angle's slope is w.
        var byRow = (angles.Cos() * signs).Unsqueeze(1) * w;
        var leaf = Rows.Clone().RequiresGrad_();
        Vmap((Tensor row) => Sample(w, row), chunkSize: chunk)(leaf).Sum().Backward();
        Check.Close(byRow, leaf.Grad!);
    }

    /// <summary>The gradient inside, and the gradient of that from outside.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void GradientsInsideOfABatch(int? chunk)
    {
        var w = V(.3, -.2);
        var signs = V(-1, -1, 1);
        var calls = 0;
        Tensor Inner(Tensor w) => Vmap(
            (Tensor row) => Grad((Tensor x) =>
            {
                calls++;
                var before = (w * x).Sum();
                var sign = x.Sum() > 0 ? 1.0 : -1.0;
                return before.Sin() * sign + (x * x * before).Sum() * 0;
            })(row),
            chunkSize: chunk)(Rows);
        var angles = (Rows * w).Sum(1);
        Check.Close((angles.Cos() * signs).Unsqueeze(1) * w, Inner(w));
        Assert.Equal(3, calls);

        // d/dw_k of s cos(w.r) w_i: s (cos delta_ik - sin r_k w_i).
        var expected = ((angles.Cos() * signs).Reshape(3, 1, 1) * Tensor.Eye(2, dtype: DType.Float64))
            - ((angles.Sin() * signs).Reshape(3, 1, 1) * w.Unsqueeze(1) * Rows.Unsqueeze(1));
        Check.Close(expected, JacRev<Tensor>(Inner)(w));
        Check.Close(expected, JacFwd<Tensor>(Inner)(w));
        var leaf = w.Clone().RequiresGrad_();
        Inner(leaf).Sum().Backward();
        Check.Close(expected.Sum(0).Sum(0), leaf.Grad!);
    }

    [Fact]
    public void SecondDerivativesInsideOfABatch()
    {
        var h = Vmap(Hessian(x =>
        {
            var cube = x * x * x;
            return x.Sum() > 0 ? cube.Sum() : -cube.Sum();
        }))(Rows);
        var signs = V(-1, -1, 1).Reshape(3, 1, 1);
        Check.Close(6 * signs * Rows.Unsqueeze(1) * Tensor.Eye(2, dtype: DType.Float64), h);
    }

    /// <summary>A change in place of what an inner gradient follows: y = 2x made 6x where the sum is positive.</summary>
    [Fact]
    public void GradientsInsideThroughAChangeInPlace()
    {
        Tensor Inner(Tensor w) => Vmap((Tensor row) => Grad((Tensor x) =>
        {
            var y = x * 2;
            var head = y[..1];
            if (x.Sum() > 0)
            {
                y.Mul_(3);
            }

            return (y * y * w).Sum() + head.Sum();
        })(row))(Rows);
        var factors = V(2, 2, 6).Unsqueeze(1);
        var w = V(.5, 2);
        Check.Close((2 * factors.Square() * Rows * w) + (factors * V(1, 0)), Inner(w));
        Check.Close(2 * factors.Square() * Rows, JacRev<Tensor>(w => Inner(w).Sum(1))(w) * 1);
    }

    [Fact]
    public void NestedBatchesGoOnEachForItself()
    {
        var (outer, inner) = (0, 0);
        var x = Tensor.Arange(12).To(DType.Float64).Reshape(2, 3, 2);
        var y = Vmap((Tensor rows) =>
        {
            outer++;
            return Vmap((Tensor row) =>
            {
                inner++;
                var twice = row * 2;
                return row.Sum() > 6 ? twice : -twice;
            })(rows);
        })(x);
        Assert.Equal((2, 6), (outer, inner));
        Check.Close(Tensor.Where(x.Sum(2, keepDim: true) > 6, x * 2, x * -2), y);
    }

    [Fact]
    public void JacobiansInsideABatch()
    {
        var j = Vmap(JacFwd((Tensor x) => x.Sum() > 0 ? x * x : x))(Rows);
        var expected = Tensor.Where(
            (Rows.Sum(1) > 0).Reshape(3, 1, 1),
            2 * Rows.Unsqueeze(1) * Tensor.Eye(2, dtype: DType.Float64),
            Tensor.Eye(2, dtype: DType.Float64));
        Check.Close(expected, j);
    }

    [Fact]
    public void StridedSamplesAndOtherAxes()
    {
        var leaf = Rows.T.Contiguous().RequiresGrad_();
        var y = Vmap((Tensor column) => column.Max().Item() > 2 ? column.Square() : column, 1, 1)(leaf);
        Check.Close(Tensor.Where(Rows.T.Amax([0]) > 2, Rows.T.Square(), Rows.T), y);
        y.Sum().Backward();
        Check.Close(Tensor.Where(Rows.T.Amax([0]) > 2, 2 * Rows.T, Tensor.OnesLike(Rows.T)), leaf.Grad!);
    }

    [Fact]
    public void DrawsAfterTheLookAreRefusedToo() => Assert.StartsWith(
        "vmap: called random operation while in randomness error mode.",
        Assert.Throws<TensorException>(() => Vmap((Tensor row) => row * row.Sum().Item() * Tensor.Rand([2], DType.Float64))(Rows)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void DrawsOnBothSidesFollowTheRule(int? chunk)
    {
        var g = new Generator(4);
        Tensor F(Tensor row)
        {
            var before = Tensor.Rand([2], DType.Float64, g);
            return (row * row.Sum().Item() * 0) + before + Tensor.Rand([2], DType.Float64, g);
        }

        var same = Vmap<Tensor, Tensor>(F, randomness: Randomness.Same, chunkSize: chunk)(Rows);
        g.ManualSeed(4);
        var one = F(V(1, 1));
        Check.Close(one.Expand(3, 2) * 1, same);
        var different = Vmap<Tensor, Tensor>(F, randomness: Randomness.Different, chunkSize: chunk)(Rows);
        Assert.Equal(6, different.ToArray<double>().Distinct().Count());
    }

    [Fact]
    public void GeneratorsGoOnAsAfterOneRun()
    {
        var g = new Generator(4);
        Vmap((Tensor row) => row.Dropout(.5, true, g) * row.Sum().Item() + Tensor.Rand([2], DType.Float64, g), randomness: Randomness.Same)(Rows);
        var after = g.GetState();
        g.ManualSeed(4);
        _ = V(1, 1).Dropout(.5, true, g);
        _ = Tensor.Rand([2], DType.Float64, g);
        Assert.Equal(g.GetState(), after);
    }

    [Fact]
    public void NoSamplesHaveNoNumbers() =>
        Assert.StartsWith(
            "vmap: there are no samples",
            Assert.Throws<TensorException>(() => Vmap((Tensor row) => row * row.Sum().Item())(Tensor.Zeros([0, 2]))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void CheckedWithoutRecording()
    {
        using (Autograd.NoGrad())
        {
            Check.Close(Rows * Rows.Sum(1, keepDim: true), Vmap((Tensor row) => row * row.Sum().Item())(Rows));
        }

        // A look inside of NoGrad does not cut off what was recorded before it.
        var leaf = V(1, 1).RequiresGrad_();
        Vmap((Tensor row) =>
        {
            var y = row * leaf;
            double sum;
            using (Autograd.NoGrad())
            {
                sum = y.Sum().Item();
                _ = y * 2;
            }

            return y * sum;
        })(Rows).Sum().Backward();
        Check.Close((Rows * V(-1, -1, 11).Unsqueeze(1)).Sum(0), leaf.Grad!);
    }
}
