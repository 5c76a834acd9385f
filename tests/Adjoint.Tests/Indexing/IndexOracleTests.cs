using CsCheck;
using Adjoint.Tests.Engine;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Indexing;

/// <summary>Random index expressions against the brute-force oracle: reading, writing, and the gradients of both.</summary>
public class IndexOracleTests
{
    private static readonly Gen<(int Kind, int A, int B, int C)> Item =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.Int[0, 1000]);

    private static readonly Gen<(int[] Shape, (int Kind, int A, int B, int C)[] Items)> Expressions =
        Gen.Select(Gen.Int[0, 4].Array[0, 4], Item.Array[1, 5]);

    [Fact]
    public void ReadingIsWhatTheOracleSays() => Expressions.Sample(
        expression =>
        {
            var (shape, indices) = Expression(expression);
            var oracle = new IndexOracle(shape, indices);
            var x = Counting(shape);
            var y = x[Library(indices)];
            Assert.Equal(oracle.Shape, y.Shape.ToArray());
            Assert.Equal(oracle.Sources.Select(source => Number(shape, source)), y.ToArray<double>());

            // Views share memory; index tensors copy.
            Assert.Equal(indices.TrueForAll(IsView), Share(x, y));
            Assert.NotSame(x, y);
        },
        iter: 3000,
        threads: 1);

    /// <summary>The same through a view whose elements lie elsewhere.</summary>
    [Fact]
    public void ReadingThroughViewsIsTheSame() => Expressions.Sample(
        expression =>
        {
            var (shape, indices) = Expression(expression);
            var x = Counting(shape);
            var expected = x[Library(indices)];
            foreach (var view in Views(x))
            {
                var actual = view[Library(indices)];
                Assert.Equal(expected.Shape, actual.Shape);
                Assert.Equal(expected.ToArray<double>(), actual.ToArray<double>());
            }
        },
        iter: 500,
        threads: 1);

    [Fact]
    public void WritingIsWhatTheOracleSays() => Gen.Select(Expressions, Gen.Int[0, 15]).Sample(
        (expression, ones) =>
        {
            var (shape, indices) = Expression(expression);
            var oracle = new IndexOracle(shape, indices);
            var x = Counting(shape);
            var expected = x.ToArray<double>();

            // The value broadcasts: some of its dimensions are 1, some in front are missing or too many.
            var sizes = oracle.Shape.Select((size, d) => ((ones >> d) & 1) == 0 ? size : Math.Min(size, 1)).ToArray();
            var value = -1 - Counting(sizes);
            var full = value.Expand(oracle.Shape).ToArray<double>();
            for (var i = 0; i < full.Length; i++)
            {
                expected[(int)Number(shape, oracle.Sources[i])] = full[i];
            }

            foreach (var same in new[] { value, value.Unsqueeze(0), value.Unsqueeze(0).Unsqueeze(0) })
            {
                foreach (var view in Views(x.Clone()))
                {
                    view[Library(indices)] = same;
                    Assert.Equal(expected, view.ToArray<double>());
                    Assert.True(view.Version > 0);
                }
            }
        },
        iter: 1500,
        threads: 1);

    [Fact]
    public void TheGradientOfReadingGoesBackToWhereItWasRead() => Expressions.Sample(
        expression =>
        {
            var (shape, indices) = Expression(expression);
            var oracle = new IndexOracle(shape, indices);
            var x = Counting(shape).RequiresGrad_();
            var weights = Counting(oracle.Shape) + 1;
            var expected = new double[x.Count];
            for (var i = 0; i < oracle.Sources.Count; i++)
            {
                expected[(int)Number(shape, oracle.Sources[i])] += i + 1;
            }

            var gradient = Autograd.Grad((x[Library(indices)] * weights).Sum(), x);
            Assert.Equal(expected, Of(gradient));
            Assert.Equal(x.Shape, gradient.Shape);
        },
        iter: 1000,
        threads: 1);

    [Fact]
    public void TheGradientOfWritingIsThatOfWhatRemains() => Expressions.Sample(
        expression =>
        {
            var (shape, indices) = Expression(expression);
            var oracle = new IndexOracle(shape, indices);
            var numbers = oracle.Sources.Select(source => (int)Number(shape, source)).ToArray();
            if (numbers.Distinct().Count() < numbers.Length)
            {
                return; // PyTorch leaves open which write wins
            }

            var x = Counting(shape).RequiresGrad_();
            var value = Counting(oracle.Shape).RequiresGrad_();
            var weights = Counting(shape) + 1;
            var y = x * 1;
            y[Library(indices)] = value;
            var gradients = Autograd.Grad([(y * weights).Sum()], [x, value], allowUnused: true);
            var expected = Of(weights);
            Assert.Equal(numbers.Select(n => expected[n]), Of(gradients[1]));
            foreach (var n in numbers)
            {
                expected[n] = 0;
            }

            Assert.Equal(expected, gradients[0] is null ? new double[expected.Length] : Of(gradients[0]));
        },
        iter: 1000,
        threads: 1);

    private static TensorIndex[] Library(List<OracleIndex> indices) => [.. indices.Select(index => index.Library)];

    private static bool IsView(OracleIndex index) =>
        index.Kind is OracleIndex.Kinds.Position or OracleIndex.Kinds.Slice or OracleIndex.Kinds.NewAxis;

    private static Tensor Counting(int[] shape) =>
        Tensor.FromArray([.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => (double)i)]).Reshape(shape);

    private static double Number(int[] shape, int[] at)
    {
        var n = 0;
        for (var d = 0; d < shape.Length; d++)
        {
            n = (n * shape[d]) + at[d];
        }

        return n;
    }

    /// <summary>The same elements in other layouts: reversed dimensions, gaps, an offset.</summary>
    private static List<Tensor> Views(Tensor x)
    {
        List<Tensor> views = [x];
        if (x.Rank > 0)
        {
            views.Add(x.T.Contiguous().T);
            var gaps = Tensor.Stack([x.Clone(), x + 100], x.Rank).Select(x.Rank, 0);
            views.Add(gaps);
            var behind = Tensor.Cat([x + 200, x], 0)[x.Shape[0]..];
            views.Add(behind);
        }

        return views;
    }

    /// <summary>Turns drawn numbers into an expression that fits the shape.</summary>
    private static (int[] Shape, List<OracleIndex> Indices) Expression((int[] Shape, (int Kind, int A, int B, int C)[] Items) drawn)
    {
        var (shape, items) = drawn;
        List<OracleIndex> indices = [];
        var dim = 0;
        int[] broadcast = [items[0].A % 3, items[0].B % 4];
        foreach (var (kind, a, b, c) in items)
        {
            if (kind == 9)
            {
                indices.Add(new OracleIndex(OracleIndex.Kinds.NewAxis, TensorIndex.NewAxis));
                continue;
            }

            if (dim == shape.Length)
            {
                continue;
            }

            var size = shape[dim];
            if (kind <= 1 && size > 0)
            {
                var position = (a % (2 * size)) - size;
                indices.Add(new OracleIndex(
                    OracleIndex.Kinds.Position,
                    kind == 0 ? position : position < 0 ? ^-position : Tensor.Scalar((long)position),
                    position));
            }
            else if (kind <= 4)
            {
                indices.Add(Slice(size, a, b, c));
            }
            else if (kind <= 6)
            {
                int[] own = (c % 4) switch
                {
                    0 => broadcast,
                    1 => [broadcast[1]],
                    2 => [1, broadcast[1]],
                    _ => [broadcast[0], 1],
                };
                var count = own.Aggregate(1, (x, y) => x * y);
                if (size == 0 && count > 0)
                {
                    indices.Add(Slice(size, a, b, c));
                }
                else
                {
                    var values = Enumerable.Range(0, count).Select(i => (long)((((i + 1) * (a + 7)) % Math.Max(2 * size, 1)) - size)).ToArray();
                    var tensor = Tensor.FromArray(values).Reshape(own);
                    indices.Add(new OracleIndex(
                        OracleIndex.Kinds.Positions, b % 2 == 0 ? tensor : tensor.To(DType.Int32), Shape: own, Values: values));
                }
            }
            else if (indices.Exists(index => index.Kind is OracleIndex.Kinds.Mask or OracleIndex.Kinds.Positions))
            {
                // A mask's number of places seldom fits other index tensors.
                indices.Add(Slice(size, a, b, c));
            }
            else
            {
                var own = shape[dim..Math.Min(shape.Length, dim + 1 + (a % 2))];
                var values = Enumerable.Range(0, own.Aggregate(1, (x, y) => x * y)).Select(i => (long)(((b >> (i % 10)) + i) & 1)).ToArray();
                var mask = Tensor.FromArray(values).Reshape(own);
                indices.Add(new OracleIndex(
                    OracleIndex.Kinds.Mask, c % 2 == 0 ? mask.To(DType.Bool) : mask.To(DType.UInt8), Shape: own, Values: values));

                // Only slices after a mask; see above.
                broadcast = [1, 1];
                dim += own.Length;
                break;
            }

            dim++;
        }

        if (items.Length % 2 == 0)
        {
            indices = WithEllipsis(shape, indices);
        }

        return (shape, indices);
    }

    /// <summary>Replaces whole slices at the end by an ellipsis and repeats the last named one behind it, so that it is used.</summary>
    private static List<OracleIndex> WithEllipsis(int[] shape, List<OracleIndex> indices)
    {
        var named = indices.Sum(index => index.Consumes);
        if (named >= shape.Length)
        {
            return indices;
        }

        // For the oracle: whole slices over all but the last dimension, then a position or a slice.
        var result = new List<OracleIndex>(indices);
        for (var d = named; d < shape.Length - 1; d++)
        {
            result.Add(new OracleIndex(OracleIndex.Kinds.Slice, default, 0, shape[d]));
        }

        result.Add(new OracleIndex(OracleIndex.Kinds.Slice, 1.., Math.Min(1, shape[^1]), Math.Max(shape[^1] - 1, 0)));
        return result;
    }

    private static OracleIndex Slice(int size, int a, int b, int c)
    {
        // Python's rule: clamp, count from the end, step.
        var start = (a % ((2 * size) + 5)) - size - 2;
        var stop = (b % ((2 * size) + 5)) - size - 2;
        var step = 1 + (c % 3);
        var first = Math.Clamp(start < 0 ? start + size : start, 0, size);
        var end = Math.Clamp(stop < 0 ? stop + size : stop, first, size);
        return new OracleIndex(
            OracleIndex.Kinds.Slice, TensorIndex.Slice(start, stop, step), first, (end - first + step - 1) / step, step);
    }
}
