namespace Adjoint.Tests.Laws;

/// <summary>Operators that move elements, with arguments, for <see cref="Samples"/>.</summary>
internal static class Shapes
{
    public static IEnumerable<Call> Calls() =>
    [
        One("x.Flip(0, 2)", [2, 3, 4], x => x.Flip(0, 2)),
        One("x.Rot90()", [3, 4, 2], x => x.Rot90()),
        One("x.Rot90(2, 1, 2)", [2, 3, 4], x => x.Rot90(2, 1, 2)),
        One("x.Rot90(-1, 2, 0)", [2, 3, 4], x => x.Rot90(-1, 2, 0)),
        One("x.Roll(2)", [2, 3], x => x.Roll(2)),
        One("x.Roll([1, -2], [0, -1])", [2, 3, 5], x => x.Roll([1, -2], [0, -1])),
        One("x.Repeat(2, 1, 3)", [2, 3], x => x.Repeat(2, 1, 3), isLoose: true),
        One("x.Repeat(2), a scalar", [], x => x.Repeat(2), isLoose: true),
        One("x.Tile(2)", [2, 3], x => x.Tile(2), isLoose: true),
        One("x.RepeatInterleave(2)", [2, 3], x => x.RepeatInterleave(2), isLoose: true),
        One("x.RepeatInterleave(3, 1)", [2, 2, 3], x => x.RepeatInterleave(3, 1), isLoose: true),
        One("x.RepeatInterleave([2, 0, 1], 1)", [2, 3], x => x.RepeatInterleave(Tensor.FromArray(new[] { 2L, 0, 1 }), 1), isLoose: true),
        One("x.Diagonal(1)", [3, 4], x => x.Diagonal(1)),
        One("x.Diagonal(-1, 2, 0)", [3, 2, 4], x => x.Diagonal(-1, 2, 0)),
        One("x.DiagEmbed(-1)", [2, 3], x => x.DiagEmbed(-1)),
        One("x.DiagEmbed(1, 2, 0)", [2, 3], x => x.DiagEmbed(1, 2, 0)),
        One("x.Diag(1) of a vector", [3], x => x.Diag(1)),
        One("x.Diagflat(-2)", [2, 2], x => x.Diagflat(-2)),
        One("x.Tril(-1)", [2, 3, 4], x => x.Tril(-1)),
        One("x.Triu(1)", [2, 3, 4], x => x.Triu(1)),
        One("x.Unfold(1, 3, 1), overlapping", [2, 6], x => x.Unfold(1, 3, 1), isLoose: true),
        One("x.Unfold(0, 2, 3)", [8, 2], x => x.Unfold(0, 2, 3)),

        // What memory holds depends on strides, so they are made the same.
        One("x.AsStrided, a diagonal", [4, 4], x => x.Clone().AsStrided([4], [5])),
        One("x.AsStrided, overlapping", [3, 4], x => x.Clone().AsStrided([2, 3, 2], [4, 2, 1], 1), isLoose: true),
        One("x.AsStrided, repeated", [6], x => x.Clone().AsStrided([3, 2], [0, 2]), isLoose: true),
        Two("x.AsStridedScatter(y)", [3, 4], [2, 2], (x, y) => x.Clone().AsStridedScatter(y, [2, 2], [5, 2], 1)),
        Two("x.SelectScatter(y, 1, -1)", [2, 3, 2], [2, 2], (x, y) => x.SelectScatter(y, 1, -1)),
        Two("x.SliceScatter(y, 1, 0, null, 2)", [2, 5], [2, 3], (x, y) => x.SliceScatter(y, 1, 0, null, 2)),
        Two("x.DiagonalScatter(y, 1)", [3, 4, 2], [2, 3], (x, y) => x.DiagonalScatter(y, 1)),
        new("BlockDiag(x, y, z)", draw => new(x => Tensor.BlockDiag(x), draw.Tensor(2, 3), draw.Tensor(2), draw.Tensor())),
        Two("x.Kron(y)", [2, 3], [3, 1, 2], (x, y) => x.Kron(y)),
        new("Hstack", draw => new(x => Tensor.Hstack(x), draw.Tensor(2, 1), draw.Tensor(2, 3))),
        new("Vstack", draw => new(x => Tensor.Vstack(x), draw.Tensor(3), draw.Tensor(2, 3))),
        new("Dstack", draw => new(x => Tensor.Dstack(x), draw.Tensor(3), draw.Tensor(1, 3, 2))),
        new("ColumnStack", draw => new(x => Tensor.ColumnStack(x), draw.Tensor(3), draw.Tensor(3, 2))),
        new("Meshgrid", draw => new(
            x => Tensor.Meshgrid(x, GridIndexing.Xy) is var grid ? grid[0] * grid[1].Exp() : x[0], draw.Tensor(3), draw.Tensor(2)), IsLoose: true),
        new("CartesianProd", draw => new(x => Tensor.CartesianProd(x), draw.Tensor(3), draw.Tensor(2)), IsLoose: true),
        One("x.Combinations(2, true)", [3], x => x.Combinations(2, withReplacement: true), isLoose: true),
        One("x.TensorSplit(3, 1)", [2, 7], x => x.TensorSplit(3, 1) is var parts ? parts[1].Exp() * parts[2] : x),
        One("x.Hsplit([1, 3])", [2, 4], x => x.Hsplit([1, 3]) is var parts ? parts[0] * parts[1] * parts[2] : x, isLoose: true),
        One("x.Unflatten(1, 2, -1)", [2, 6], x => x.Unflatten(1, 2, -1)),
        One("x.MT", [2, 3, 4], x => x.MT),
        new("BroadcastTensors", draw => new(
            x => Tensor.BroadcastTensors(x) is var all ? all[0] * all[1] : x[0], draw.Tensor(3, 1), draw.Tensor(2)), IsLoose: true),
        One("Diagonal().Mul_, a view", [3, 3], x =>
        {
            var copy = x * 2;
            copy.Diagonal(1).Mul_(x[0, ..2]);
            return copy * x;
        }),
        One("Unfold, then its base is changed", [5], x =>
        {
            var copy = x * 2;
            var windows = copy.Unfold(0, 3, 2);
            copy.Mul_(x);
            return windows * windows;
        }, isLoose: true),
        One("AsStrided().Copy_, a view", [3, 4], x =>
        {
            var copy = x * 2;
            copy.AsStrided([2, 2], [5, 2], 1).Copy_(x[..2, ..2]);
            return copy * x;
        }),
    ];

    private static Call One(string name, int[] shape, Func<Tensor, Tensor> run, bool isLoose = false) =>
        new(name, draw => new(x => run(x[0]), draw.Tensor(shape)), isLoose);

    private static Call Two(string name, int[] left, int[] right, Func<Tensor, Tensor, Tensor> run) =>
        new(name, draw => new(x => run(x[0], x[1]), draw.Tensor(left), draw.Tensor(right)), IsLoose: true);
}
