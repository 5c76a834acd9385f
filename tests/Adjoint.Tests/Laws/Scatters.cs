using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.Tests.Laws;

/// <summary>Samples of operators that write or pick at positions; ties of extremes have tests of their own.</summary>
internal static class Scatters
{
    public static IEnumerable<Call> Calls() =>
    [
        new("x.Scatter(1, index, y)", draw =>
        {
            var at = Different(draw, 3, 5, 4);
            return new(x => x[0].Scatter(1, at, x[1]), draw.Tensor(3, 5), draw.Tensor(3, 4));
        }),
        new("x.Scatter(0, index, y), repeated, y larger", draw =>
        {
            var at = draw.Positions(3, 4, 2);
            return new(x => x[0].Scatter(0, at, x[1]), draw.Tensor(3, 3), draw.Tensor(5, 2));
        }),
        new("PutLast", draw =>
        {
            var at = draw.Positions(3, 4, 2);
            return new(x => Op.Indexed(new PutLast(0, [3, 2], AlongCall.Scatter), x[0], at), draw.Tensor(4, 2));
        }),
        new("x.Scatter(0, index, 2)", draw =>
        {
            var at = draw.Positions(4, 2, 3);
            return new(x => x[0].Scatter(0, at, 2), draw.Tensor(4, 3));
        }),
        new("x.Scatter of scalars", draw => new(x => x[0].Scatter(0, Tensor.Zeros([], DType.Int64), x[1]), draw.Tensor(), draw.Tensor())),
        new(
            "x.ScatterAdd(1, index, y)",
            draw =>
            {
                var at = draw.Positions(4, 3, 6);
                return new(x => x[0].ScatterAdd(1, at, x[1]), draw.Tensor(3, 4), draw.Tensor(3, 6));
            },
            IsLoose: true),
        new(
            "x.ScatterAdd of scalars",
            draw => new(x => x[0].ScatterAdd(0, Tensor.Zeros([], DType.Int64), x[1]), draw.Tensor(), draw.Tensor())),
        .. Reduced(),
        new(
            "x.IndexAdd(1, index, y, 0.5)",
            draw =>
            {
                var at = draw.Positions(4, 6);
                return new(x => x[0].IndexAdd(1, at, x[1], 0.5), draw.Tensor(3, 4, 2), draw.Tensor(3, 6, 2));
            },
            IsLoose: true),
        new("x.IndexCopy(1, index, y)", draw =>
        {
            var at = Tensor.FromArray(new long[] { 2, 0 });
            return new(x => x[0].IndexCopy(1, at, x[1]), draw.Tensor(2, 3, 2), draw.Tensor(2, 2, 2));
        }),
        new("x.IndexCopy(0, repeated, y)", draw =>
        {
            var at = draw.Positions(3, 5);
            return new(x => x[0].IndexCopy(0, at, x[1]), draw.Tensor(3, 2), draw.Tensor(5, 2));
        }),
        new("x.IndexFill(0, index, 3)", draw =>
        {
            var at = draw.Positions(4, 2) - 4;
            return new(x => x[0].IndexFill(0, at, 3), draw.Tensor(4, 3));
        }),
        new("x.IndexFill(1, index, y)", draw =>
        {
            var at = draw.Positions(4, 3);
            return new(x => x[0].IndexFill(1, at, x[1]), draw.Tensor(2, 4), draw.Tensor());
        }),
        new("x.IndexSelect(1, index)", draw =>
        {
            var at = draw.Positions(4, 5);
            return new(x => x[0].IndexSelect(1, at), draw.Tensor(3, 4, 2));
        }),
        new("x.IndexSelect of a scalar", draw => new(x => x[0].IndexSelect(0, Tensor.Zeros([1], DType.Int64)), draw.Tensor())),
        new("x.TakeAlongDim(index, 1)", draw =>
        {
            var at = draw.Positions(4, 1, 5);
            return new(x => x[0].TakeAlongDim(at, 1), draw.Tensor(3, 4));
        }),
        new("x.TakeAlongDim(index)", draw =>
        {
            var at = draw.Positions(12, 5);
            return new(x => x[0].TakeAlongDim(at), draw.Tensor(3, 4));
        }),
        new("x.Take(index)", draw =>
        {
            var at = draw.Positions(24, 2, 3) - 12;
            return new(x => x[0].Take(at), draw.Tensor(3, 4));
        }),
        new("x.Put(index, y)", draw =>
        {
            var at = draw.Positions(6, 2, 4);
            return new(x => x[0].Put(at, x[1]), draw.Tensor(2, 3), draw.Tensor(8));
        }),
        new(
            "x.Put(index, y, accumulate)",
            draw =>
            {
                var at = draw.Positions(6, 2, 4) - 6;
                return new(x => x[0].Put(at, x[1], accumulate: true), draw.Tensor(2, 3), draw.Tensor(2, 4));
            },
            IsLoose: true),
        new("x.IndexPut([i, j], y)", draw =>
        {
            var (i, j) = (draw.Positions(3, 5), draw.Positions(4, 5));
            return new(x => x[0].IndexPut([i, j], x[1]), draw.Tensor(3, 4, 2), draw.Tensor(2));
        }),
        new(
            "x.IndexPut([null, i], y, accumulate)",
            draw =>
            {
                var i = draw.Positions(4, 2, 3);
                return new(x => x[0].IndexPut([null, i], x[1], accumulate: true), draw.Tensor(3, 4, 2), draw.Tensor(3, 2, 3, 2));
            },
            IsLoose: true),
        new("x.IndexPut([mask], y)", draw =>
        {
            Tensor mask = [[true, false, true], [false, true, true]];
            return new(x => x[0].IndexPut([mask], x[1]), draw.Tensor(2, 3, 2), draw.Tensor(4, 2));
        }),
        new("x.MaskedSelect(mask)", draw =>
        {
            Tensor mask = [[true], [false]];
            return new(x => x[0].MaskedSelect(mask), draw.Tensor(3));
        }),
        new("x.MaskedScatter(mask, y)", draw =>
        {
            Tensor mask = [[true, false, true], [false, true, true]];
            return new(x => x[0].MaskedScatter(mask, x[1]), draw.Tensor(3), draw.Tensor(3, 2));
        }),
        new("x.MaskedFill_(mask, y)", draw =>
        {
            Tensor mask = [[true], [false]];
            return new(x => (x[0] * 2).MaskedFill_(mask, x[1]) * x[0], draw.Tensor(2, 3), draw.Tensor());
        }),
        new("x.ScatterReduce_(prod), a view", draw =>
        {
            var at = draw.Positions(3, 4);
            return new(
                x =>
                {
                    var copy = x[0] * 2;
                    copy[1].ScatterReduce_(0, at, x[1], ScatterReduction.Prod);
                    return copy * x[0];
                },
                draw.Tensor(2, 3),
                draw.Tensor(4));
        }, IsLoose: true),
        .. Bags(),
    ];

    private static IEnumerable<Call> Reduced()
    {
        foreach (var reduction in Enum.GetValues<ScatterReduction>())
        {
            foreach (var includeSelf in new[] { true, false })
            {
                // Extremes are taken of numbers that are all apart.
                yield return new(
                    $"x.ScatterReduce(0, index, y, {reduction}, {includeSelf})",
                    draw =>
                    {
                        var at = draw.Positions(3, 5, 2);
                        return new(
                            x => x[0].ScatterReduce(0, at, x[1], reduction, includeSelf),
                            draw.Tensor([3, 2], Domain.Real, 0, 2),
                            draw.Tensor([5, 2], Domain.Real, 1, 2));
                    },
                    IsLoose: true);
                if (reduction != ScatterReduction.Sum)
                {
                    yield return new(
                        $"x.IndexReduce(1, index, y, {reduction}, {includeSelf})",
                        draw =>
                        {
                            var at = draw.Positions(3, 4);
                            return new(
                                x => x[0].IndexReduce(1, at, x[1], reduction, includeSelf),
                                draw.Tensor([2, 3], Domain.Real, 0, 2),
                                draw.Tensor([2, 4], Domain.Real, 1, 2));
                        },
                        IsLoose: true);
                }
            }
        }
    }

    private static IEnumerable<Call> Bags()
    {
        foreach (var mode in Enum.GetValues<EmbeddingBagMode>())
        {
            yield return new(
                $"positions.EmbeddingBag(x, {mode})",
                draw =>
                {
                    var at = draw.Positions(5, 7);
                    var offsets = Tensor.FromArray(new long[] { 0, 3, 3 });
                    return new(x => at.EmbeddingBag(x[0], offsets, mode: mode, paddingIdx: 4), draw.Tensor(5, 3));
                },
                IsLoose: true);
        }

        yield return new(
            "positions.EmbeddingBag(x, factors)",
            draw =>
            {
                var at = draw.Positions(5, 3, 4);
                return new(x => at.EmbeddingBag(x[0], mode: EmbeddingBagMode.Sum, perSampleWeights: x[1]), draw.Tensor(5, 2), draw.Tensor(3, 4));
            },
            IsLoose: true);
    }

    /// <summary>Rows of positions, different within each row.</summary>
    private static Tensor Different(Draw draw, int rows, int size, int count) => Tensor.FromArray(
        Enumerable.Range(0, rows).SelectMany(_ => draw.Order(size)[..count]).Select(place => (long)place).ToArray(), rows, count);
}
