using Adjoint.Tests.Transforms;
using static Adjoint.Transform;

namespace Adjoint.Tests.Attention;

/// <summary>
/// Attention with queries whose masks leave nothing to see: zeros and no gradient, as PyTorch from 2.5 on has it, while the other queries are what
/// they are without those; by the fused kernel and in operators, in each mode.
/// </summary>
public class NothingSeenTests
{
    /// <summary>Queries, keys: below and above the width of a kernel's registers. Query 1 of each head sees nothing.</summary>
    public static TheoryData<DType, int, int> Cases => new()
    {
        { DType.Float32, 3, 3 }, { DType.Float64, 3, 3 }, { DType.Float32, 5, 40 }, { DType.Float64, 40, 17 }, { DType.Float32, 33, 300 },
    };

    private static Tensor Draw(DType dtype, params int[] shape) =>
        Tensor.Arange(shape.Aggregate(1, (a, b) => a * b), dtype: DType.Float64).Mul(shape[^2]).Sin().Reshape(shape).To(dtype);

    /// <summary>True where a key is seen: each query but 1 sees some.</summary>
    private static Tensor Seen(int queries, int keys)
    {
        var seen = Tensor.Arange(queries * keys).Reshape(queries, keys).Sin() > -0.5f;
        seen[.., 0] = true;
        seen[1] = false;
        return seen;
    }

    /// <summary>Everything that a mask may be.</summary>
    private static IEnumerable<(string Name, Tensor Mask)> Masks(DType dtype, int queries, int keys)
    {
        var seen = Seen(queries, keys);
        var added = Tensor.Zeros([queries, keys], dtype).MaskedFill(seen.LogicalNot(), double.NegativeInfinity);
        yield return ("truth values", seen);
        yield return ("numbers", added);
        yield return ("truth values of four dimensions", seen.Unsqueeze(0).Unsqueeze(0).Expand(2, 1, queries, keys));
        yield return ("numbers that require grad", added.Detach().RequiresGrad_());
    }

    private static double[] Numbers(Tensor x) => x.Detach().To(DType.Float64).ToArray<double>();

    private static void Zero(Tensor x, string what) => Assert.All(Numbers(x), value => Assert.True(value == 0, $"{what}: {value} and not 0."));

    [Theory]
    [MemberData(nameof(Cases))]
    public void AQueryThatSeesNothingGetsZeros(DType dtype, int queries, int keys)
    {
        var tolerance = dtype == DType.Float32 ? 1e-5 : 1e-12;
        Tensor q = Draw(dtype, 2, 2, queries, 4), k = Draw(dtype, 2, 2, keys, 4), v = Draw(dtype, 2, 2, keys, 3);
        Tensor w = Draw(dtype, 2, 2, queries, 3) + 2;
        long[] others = [.. Enumerable.Range(0, queries).Where(i => i != 1)];
        var rest = Tensor.FromArray(others, others.Length);
        foreach (var (name, mask) in Masks(dtype, queries, keys))
        {
            // The queries without that one, with masks that show each of them something, are what is right.
            var restMask = mask.Detach().IndexSelected(rest);
            var expected = Gradients(
                z => (z[0].ScaledDotProductAttention(z[1], z[2], restMask) * w.IndexSelected(rest)).Sum(),
                [q.IndexSelected(rest), k, v]);
            foreach (var dimensions in new[] { 4, 3 })
            {
                Tensor Attend(Tensor[] z) => dimensions == 4
                    ? z[0].ScaledDotProductAttention(z[1], z[2], mask)
                    : Tensor.Stack([.. Enumerable.Range(0, 2)
                        .Select(n => z[0][n].ScaledDotProductAttention(z[1][n], z[2][n], mask.Rank == 4 ? mask[n] : mask))]);

                var y = Attend([q, k, v]);
                Zero(y[.., .., 1], name);
                Check.Close(
                    q.IndexSelected(rest).ScaledDotProductAttention(k, v, restMask),
                    y.Detach().IndexSelected(rest),
                    tolerance,
                    $"{name}, other queries");
                foreach (var createGraph in new[] { false, true })
                {
                    var gradients = Gradients(z => (Attend(z) * w).Sum(), [q, k, v], createGraph);
                    Zero(gradients[0][.., .., 1], $"{name}, gradient of the query");
                    Check.Close(expected[0], gradients[0].IndexSelected(rest), tolerance, $"{name}, gradient of other queries");
                    Check.Close(expected[1], gradients[1], tolerance, $"{name}, gradient of keys");
                    Check.Close(expected[2], gradients[2], tolerance, $"{name}, gradient of values");
                }
            }

            if (mask.RequiresGrad)
            {
                var ofMask = Autograd.Grad([(q.ScaledDotProductAttention(k, v, mask) * w).Sum()], [mask])[0]!;
                Zero(ofMask[1], "gradient of the mask");
                Assert.All(Numbers(ofMask), value => Assert.True(double.IsFinite(value)));
            }
        }
    }

    private static Tensor[] Gradients(Func<Tensor[], Tensor> f, Tensor[] x, bool createGraph = false)
    {
        var leaves = Array.ConvertAll(x, z => z.Detach().RequiresGrad_());
        return Array.ConvertAll(Autograd.Grad([f(leaves)], leaves, createGraph: createGraph), g => g!.Detach());
    }

    /// <summary>Forward mode, batches and second derivatives, against the same without the query that sees nothing.</summary>
    [Theory]
    [InlineData(nameof(DType.Float32))]
    [InlineData(nameof(DType.Float64))]
    public void EachModeHasZeros(string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        var tolerance = dtype == DType.Float32 ? 1e-5 : 1e-12;
        Tensor q = Draw(dtype, 1, 1, 3, 2), k = Draw(dtype, 1, 1, 4, 2), v = Draw(dtype, 1, 1, 4, 2);
        var rest = Tensor.FromArray(new long[] { 0, 2 }, 2);
        foreach (var (name, mask) in Masks(dtype, 3, 4))
        {
            if (mask.Rank == 4)
            {
                continue;
            }

            var constant = mask.Detach();
            var restMask = constant.IndexSelected(rest);
            Func<Tensor, Tensor> all = z =>
                (z + q).ScaledDotProductAttention(z + k[.., .., ..3].Sum(2, keepDim: true), (z * v[.., .., ..3]), constant[.., ..3]);
            Func<Tensor, Tensor> some = z => (z + q).IndexSelected(rest).ScaledDotProductAttention(
                z + k[.., .., ..3].Sum(2, keepDim: true), z * v[.., .., ..3], restMask[.., ..3]);
            var x = Draw(dtype, 1, 1, 3, 2) * 0.5;
            var t = Draw(dtype, 1, 1, 3, 2) + 1;
            var (value, tangent) = Jvp(all, x, t);
            var expected = Jvp(some, x, t);
            Zero(value[.., .., 1], name);
            Zero(tangent[.., .., 1], $"{name}, tangent");
            Check.Close(expected.Tangent, tangent.IndexSelected(rest), tolerance, $"{name}, tangent");

            Check.Close(some(x), Vmap(all)(x.Unsqueeze(0))[0].IndexSelected(rest), tolerance, $"{name}, Vmap");
            Zero(Vmap(all)(x.Unsqueeze(0))[0, .., .., 1], $"{name}, Vmap");
            var masked = Vmap<Tensor, Tensor, Tensor>((z, m) => (z + q).ScaledDotProductAttention(z + q, z, m))(
                x.Unsqueeze(0), constant[.., ..3].Unsqueeze(0));
            Zero(masked[0, .., .., 1], $"{name}, a mask for each of a batch");
            Assert.All(Numbers(masked), number => Assert.True(double.IsFinite(number)));

            Tensor Loss(Tensor z) => all(z).Square().Sum();
            Tensor RestLoss(Tensor z) => some(z).Square().Sum();
            var second = Hessian(RestLoss)(x);
            Check.Close(second, Hessian(Loss)(x), tolerance * 10, $"{name}, Hessian");
            Check.Close(second, JacRev<Tensor>(Grad<Tensor>(Loss))(x), tolerance * 10, $"{name}, JacRev of Grad");
            Check.Close(second, JacFwd<Tensor>(JacFwd<Tensor>(Loss))(x), tolerance * 10, $"{name}, JacFwd of JacFwd");
            Check.Close(second, Vmap(Hessian(Loss))(x.Unsqueeze(0))[0], tolerance * 10, $"{name}, Vmap of Hessian");
        }
    }

    /// <summary>Dropout leaves zeros, and no NaN in gradients.</summary>
    [Fact]
    public void DropoutLeavesZeros()
    {
        Tensor q = Draw(DType.Float64, 1, 2, 3, 4), k = Draw(DType.Float64, 1, 2, 20, 4);
        var y = q.ScaledDotProductAttention(k, k, Seen(3, 20), dropoutP: 0.5, generator: new Generator(3));
        Zero(y[.., .., 1], "result");
        var gradients = Gradients(
            z => z[0].ScaledDotProductAttention(z[1], z[1], Seen(3, 20), dropoutP: 0.5, generator: new Generator(3)).Sum(), [q, k]);
        Zero(gradients[0][.., .., 1], "gradient");
        Assert.All(gradients, gradient => Assert.All(Numbers(gradient), value => Assert.True(double.IsFinite(value))));
    }

    /// <summary>Scores that are negative infinity by themselves, without a mask, show nothing either (PyTorch's _safe_softmax);
    /// softmax alone is NaN there.</summary>
    [Fact]
    public void InfiniteScoresShowNothing()
    {
        Tensor q = Tensor.Ones([1, 1, 2, 1]), k = Tensor.Full([1, 1, 3, 1], double.NegativeInfinity), v = Tensor.Ones([1, 1, 3, 2]);
        Zero(q.ScaledDotProductAttention(k, v), "fused");
        Zero(q[0].ScaledDotProductAttention(k[0], v[0]), "in operators");
        Assert.All(Numbers(Tensor.Full([2, 3], double.NegativeInfinity).Softmax(-1)), value => Assert.Equal(double.NaN, value));
    }

    /// <summary>Tied scores of any size share evenly in the gradients too: 1/n of the gradient to each value.</summary>
    [Theory]
    [InlineData(nameof(DType.Float32), 1e4)]
    [InlineData(nameof(DType.Float32), 1e8)]
    [InlineData(nameof(DType.Float64), 1e8)]
    [InlineData(nameof(DType.Float64), 1e17)]
    public void LargeScoresKeepTheirShares(string dtypeName, double score)
    {
        var dtype = DType.Parse(dtypeName);
        foreach (var keys in new[] { 2, 5, 16, 37 })
        {
            Tensor q = Tensor.Ones([1, 1, 3, 1], dtype), k = Tensor.Full([1, 1, keys, 1], score, dtype), v = Draw(dtype, 1, 1, keys, 2);
            foreach (var createGraph in new[] { false, true })
            {
                foreach (var mask in new Tensor?[]
                         {
                             null, Tensor.Full([3, keys], -score / 2, dtype), Tensor.Full([3, keys], (double)float.MinValue, dtype),
                         })
                {
                    var gradients = Gradients(z => z[0].ScaledDotProductAttention(z[1], z[2], mask, scale: 1).Sum(), [q, k, v], createGraph);
                    Assert.All(Numbers(gradients[2]), value => Assert.Equal(3.0 / keys, value, 1e-6));
                }
            }
        }
    }

    /// <summary>Scores of 1e7 that differ: gradients against those of the same scores moved to zero, which are as exact.</summary>
    [Fact]
    public void LargeScoresHaveTheGradientsOfSmallOnes()
    {
        Tensor q = Tensor.Ones([1, 1, 4, 1]), v = Draw(DType.Float32, 1, 1, 30, 3), w = Draw(DType.Float32, 1, 1, 4, 3);
        var k = (Draw(DType.Float32, 1, 1, 30, 1) * 3).Round4();
        var near = Gradients(z => (z[0].ScaledDotProductAttention(z[1], z[2], scale: 1) * w).Sum(), [q, k, v]);
        var far = Gradients(z => (z[0].ScaledDotProductAttention(z[1], z[2], scale: 1) * w).Sum(), [q, k + 1048576, v]);
        Check.Close(near[1], far[1], 1e-5, "keys");
        Check.Close(near[2], far[2], 1e-5, "values");
    }
}

/// <summary>What these tests do to tensors.</summary>
internal static class Chosen
{
    /// <summary>Some of the last dimension but one: queries.</summary>
    public static Tensor IndexSelected(this Tensor x, Tensor rows) => x.Rank == 2 ? x[rows] : x[.., .., rows];

    /// <summary>Multiples of 1/4, which large numbers in float32 keep.</summary>
    public static Tensor Round4(this Tensor x) => (x * 4).Floor() / 4;
}
