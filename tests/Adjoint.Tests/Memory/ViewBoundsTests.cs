using CsCheck;

namespace Adjoint.Tests.Memory;

/// <summary>
/// No chain of public views leads outside the memory of its base, whatever the arguments: kernels trust layouts and check nothing. What cannot be is
/// refused with one of the library's exceptions.
/// </summary>
public class ViewBoundsTests
{
    private static readonly long[] Extremes = [0, 1, -1, 2, 3, -4, 7, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, 1L << 33];

    private static readonly Gen<(int Kind, int A, int B, int C)> Step = Gen.Select(Gen.Int[0, 16], Gen.Int[-4, 15], Gen.Int[-4, 15], Gen.Int[-4, 15]);

    private static readonly Gen<(int[] Shape, (int Kind, int A, int B, int C)[] Steps)> Chains =
        Gen.Select(Gen.Int[0, 5].Array[0, 4], Step.Array[1, 8]);

    [Fact]
    public void ChainsOfViewsStayInside() => Chains.Sample(
        chain =>
        {
            var x = Tensor.Zeros(chain.Shape);
            foreach (var step in chain.Steps)
            {
                try
                {
                    x = View(x, step);
                }
                catch (TensorException)
                {
                    continue;
                }

                Assert.True(IsInside(x), $"{x.Shape} with strides [{string.Join(", ", x.Layout.Strides)}] and offset {x.Layout.Offset}");
                Assert.All(x.Shape.ToArray(), size => Assert.True(size >= 0));
                Assert.Equal(x.Count, x.Shape.ToArray().Aggregate(1L, (a, b) => a * b));
            }
        },
        iter: 20_000,
        threads: 1);

    /// <summary>The gate: a layout that is one element too long, or begins one too late, makes no tensor.</summary>
    [Fact]
    public void NothingIsSeenOutside()
    {
        var x = Tensor.Zeros(2, 3);
        Assert.True(IsInside(x));
        Assert.Throws<ShapeException>(() => x.View(new Layout([7], [1], 0)));
        Assert.Throws<ShapeException>(() => x.View(new Layout([2, 3], [3, 1], 1)));
        Assert.Throws<ShapeException>(() => x.View(new Layout([2], [-1], 0)));
        Assert.True(IsInside(x.View(new Layout([2], [-1], 1))));
        Assert.True(IsInside(x.View(new Layout([0, 3], [3, 1], 100))));
    }

    private static bool IsInside(Tensor x)
    {
        var layout = x.Layout;
        if (layout.Count == 0)
        {
            return true;
        }

        Int128 low = layout.Offset, high = layout.Offset;
        for (var d = 0; d < layout.Rank; d++)
        {
            var reach = (Int128)(layout.Sizes[d] - 1) * layout.Strides[d];
            low += Int128.Min(reach, 0);
            high += Int128.Max(reach, 0);
        }

        return low >= 0 && (high + 1) * x.DType.ItemSize <= x.Storage.ByteLength;
    }

    private static Tensor View(Tensor x, (int Kind, int A, int B, int C) step)
    {
        var (kind, a, b, c) = step;
        switch (kind)
        {
            case 0:
                return x.Slice(a, Wild(b), Wild(c), Wild((a + b) & 15));
            case 1:
                return x.Select(a, (int)Math.Clamp(Wild(b), int.MinValue, int.MaxValue));
            case 2:
                return x.Narrow(a, (int)Math.Clamp(Wild(b), int.MinValue, int.MaxValue), (int)Math.Clamp(Wild(c), int.MinValue, int.MaxValue));
            case 3:
                return x.Expand([.. Enumerable.Repeat(c, Math.Max(a % 2, 0)), .. x.Shape.ToArray().Select(size => size == 1 ? b : size)]);
            case 4:
                return x.Transpose(a, b);
            case 5:
                return x.T;
            case 6:
                return x.Movedim(a, b);
            case 7:
                return x.Reshape(-1, Math.Max(a, 1));
            case 8:
                return x.View(a, b, c);
            case 9:
                return x.View(Math.Max(b, 1), -1);
            case 10:
                return x.Squeeze();
            case 11:
                return x.Squeeze(a);
            case 12:
                return x.Unsqueeze(a);
            case 13:
                return x.Flatten(a, b);
            case 14:
                return x[(TensorIndex)Wild(a), TensorIndex.NewAxis];
            case 15:
                return x[TensorIndex.Ellipsis, TensorIndex.Slice(Wild(a), Wild(b), Math.Max(Wild(c), 1))];
            default:
                return x.Permute([.. Enumerable.Range(0, x.Rank).Select(d => (d + Math.Abs(a)) % Math.Max(x.Rank, 1))]);
        }
    }

    private static long Wild(int drawn) => drawn >= 4 ? Extremes[drawn - 4] : drawn;
}
