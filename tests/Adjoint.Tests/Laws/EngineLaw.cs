using CsCheck;

namespace Adjoint.Tests.Laws;

/// <summary>What is done at once is what would be done one by one: batches of matrices, joined tensors, moved dimensions.</summary>
public class EngineLaw
{
    private static readonly Gen<(int Batch, int M, int K, int N, int Seed)> Products =
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 40], Gen.Int[0, 40], Gen.Int[0, 40], Gen.Int);

    [Fact]
    public void ABatchOfProductsIsALoopOfProducts() => Products.Sample(
        (batch, m, k, n, seed) =>
        {
            var draw = new Draw(seed);
            foreach (var dtype in new[] { DType.Float32, DType.Float64, DType.Int64, DType.Int32, DType.UInt8 })
            {
                var x = Strided.Of(Whole(draw, batch, m, k).To(dtype), draw);
                var y = Strided.Of(Whole(draw, batch, k, n).To(dtype), draw);
                var product = x.Bmm(y);
                Assert.Equal([batch, m, n], product.Shape.ToArray());
                Assert.Equal(dtype, product.DType);
                for (var i = 0; i < batch; i++)
                {
                    Assert.Equal(x[i].Mm(y[i]).ToArray<double>(), product[i].ToArray<double>());
                }

                Assert.Equal(product.ToArray<double>(), x.MatMul(y).ToArray<double>());
            }
        },
        iter: Draw.Times(30),
        threads: 1);

    /// <summary>Products of small whole numbers are exact in every dtype, so that a triple loop has the same bits.</summary>
    [Fact]
    public void AProductIsATripleLoop() => Products.Sample(
        (_, m, k, n, seed) =>
        {
            var draw = new Draw(seed);
            var x = Strided.Of(Whole(draw, m, k), draw);
            var y = Strided.Of(Whole(draw, k, n), draw);
            var (a, b) = (x.ToArray<double>(), y.ToArray<double>());
            var expected = new double[m * n];
            for (var i = 0; i < m; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    for (var l = 0; l < k; l++)
                    {
                        expected[(i * n) + j] += a[(i * k) + l] * b[(l * n) + j];
                    }
                }
            }

            foreach (var dtype in new[] { DType.Float32, DType.Float64, DType.Int64, DType.Int32 })
            {
                Assert.Equal(expected, x.To(dtype).Mm(y.To(dtype)).ToArray<double>());
                if (n > 0)
                {
                    Assert.Equal(
                        Enumerable.Range(0, m).Select(i => expected[i * n]), x.To(dtype).Mv(y.To(dtype)[.., 0]).ToArray<double>());
                }
            }
        },
        iter: Draw.Times(30),
        threads: 1);

    [Fact]
    public void BatchesBroadcast() => Draw.Check(draw =>
    {
        var shapes = draw.Broadcast(2, highRank: 3);
        var x = draw.Tensor([.. shapes[0].Select(size => Math.Min(size, 3)), 2, 3]);
        var y = draw.Tensor([.. shapes[1].Select(size => Math.Min(size, 3)), 3, 2]);
        var product = x.MatMul(y);
        var batch = product.Shape.ToArray()[..^2];
        var (left, right) = (x.Expand([.. batch, 2, 3]).Reshape(-1, 2, 3), y.Expand([.. batch, 3, 2]).Reshape(-1, 3, 2));
        Assert.Equal(left.Bmm(right).ToArray<double>(), product.ToArray<double>(), (a, b) => Math.Abs(a - b) <= 1e-12);
    });

    [Fact]
    public void CatUndoesSlicing() => Draw.Check(draw =>
    {
        var x = Strided.Of(draw.Tensor(draw.Shape(1, 4, 5)), draw);
        var dim = draw.Number(0, x.Rank - 1);
        var cuts = new[] { 0, draw.Number(0, x.Shape[dim]), draw.Number(0, x.Shape[dim]), x.Shape[dim] }.Order().ToArray();
        var parts = cuts.Zip(cuts.Skip(1), (from, to) => x.Narrow(dim, from, to - from)).ToArray();
        Same(x, Tensor.Cat(parts, dim));
        Same(x, Tensor.Cat(parts, dim - x.Rank));
    });

    [Fact]
    public void StackUndoesSelecting() => Draw.Check(draw =>
    {
        var x = Strided.Of(draw.Tensor(draw.Shape(1, 4, 5)), draw);
        var dim = draw.Number(0, x.Rank - 1);
        Same(x, Tensor.Stack([.. Enumerable.Range(0, x.Shape[dim]).Select(i => x.Select(dim, i))], dim));
    });

    [Fact]
    public void IndexingUndoesPermuting() => Draw.Check(draw =>
    {
        var x = Strided.Of(draw.Tensor(draw.Shape(1, 4, 5)), draw);
        var order = draw.Order(x.Shape[0]);
        var inverse = order.Select((place, i) => (place, i)).OrderBy(pair => pair.place).Select(pair => pair.i).ToArray();
        Same(x, x[order][inverse]);
        Same(Tensor.Stack([.. order.Select(i => x[i])]), x[order]);
    });

    [Fact]
    public void ReshapingKeepsTheOrder() => Draw.Check(draw =>
    {
        var x = Strided.Of(draw.Tensor(draw.Shape(0, 5)), draw);
        var flat = x.Reshape(-1);
        Assert.Equal(x.ToArray<double>(), flat.ToArray<double>());
        Same(x, flat.Reshape(x.Shape.ToArray()));

        // Taking dimensions of size 1 out and merging neighbours is the same as going through the flat form.
        Same(flat.Reshape([.. x.Shape.Where(size => size != 1)]), x.Squeeze());
        if (x.Rank > 1)
        {
            int[] merged = [x.Shape[0] * x.Shape[1], .. x.Shape.ToArray()[2..]];
            Same(flat.Reshape(merged), x.Reshape(merged));
            Same(flat.Reshape(merged), x.Flatten(0, 1));
        }
    });

    private static Tensor Whole(Draw draw, params int[] shape)
    {
        var values = new double[Adjoint.Shape.Product(shape)];
        foreach (ref var value in values.AsSpan())
        {
            value = draw.Number(0, 4);
        }

        return Tensor.FromArray(values).Reshape(shape);
    }

    private static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.ToArray<double>(), actual.ToArray<double>());
    }
}
