using Adjoint.Families;

namespace Adjoint.Tests.Laws;

/// <summary>Calls of what solves and factors matrices. Points are far from singular ones, where differences say nothing.</summary>
internal static class LinearSystems
{
    /// <summary>Methods of tensors with calls here alone: any matrix would not do.</summary>
    public static IReadOnlySet<string> OwnPoints { get; } = new HashSet<string>
    {
        nameof(Tensor.Inverse), nameof(Tensor.Det), nameof(Tensor.LogDet), nameof(Tensor.Cholesky), nameof(Tensor.CholeskySolve),
        nameof(Tensor.CholeskyInverse),
    };

    public static IEnumerable<Call> Calls() => [.. Triangles(), .. Systems(), .. Factors(), .. Determinants(), .. Kept(), .. Shapes()];

    private static IEnumerable<Call> Triangles()
    {
        (bool, bool, bool)[] kinds = [(true, true, false), (false, true, true), (true, false, true), (false, false, false)];
        foreach (var (upper, left, unit) in kinds)
        {
            yield return new(
                $"SolveTriangular({(upper ? "upper" : "lower")}, {(left ? "left" : "right")}{(unit ? ", unit" : string.Empty)})",
                draw => new(
                    x => Linalg.SolveTriangular(Dominant(x[0]), x[1], upper, left, unit),
                    draw.Tensor(3, 3),
                    draw.Tensor(left ? [2, 3, 2] : [2, 2, 3])),
                IsLoose: true);
        }

        yield return Two("TriangularSolve(transpose)", [3, 3], [3, 2], (a, b) => b.TriangularSolve(Dominant(a), transpose: true).Solution);
    }

    private static IEnumerable<Call> Systems() =>
    [
        Two("Solve(matrix, vector)", [3, 3], [3], (a, b) => Linalg.Solve(Dominant(a), b)),
        Two("Solve(batch, matrix)", [2, 3, 3], [3, 2], (a, b) => Linalg.Solve(Dominant(a), b)),
        Two("Solve(right)", [3, 3], [2, 2, 3], (a, b) => Linalg.Solve(Dominant(a), b, left: false)),
        Two("SolveEx(batch of four)", [4, 2, 2], [4, 2, 1], (a, b) => Linalg.SolveEx(Dominant(a), b).Result),
        One("Inv", [2, 3, 3], a => Linalg.Inv(Dominant(a))),
        Two("LuSolve", [3, 3], [3, 2], (a, b) => Linalg.LuFactor(Dominant(a)) is var (lu, pivots) ? Linalg.LuSolve(lu, pivots, b) : b),
        Two("LuSolve(right, adjoint)", [3, 3], [2, 3], (a, b) =>
            Linalg.LuFactor(Dominant(a)) is var (lu, pivots) ? Linalg.LuSolve(lu, pivots, b, left: false, adjoint: true) : b),
        Two("CholeskySolve", [3, 3], [3, 2], (a, b) => b.CholeskySolve(Band.Lower(Dominant(a)))),
        One("CholeskyInverse(upper)", [3, 3], a => Band.Upper(Dominant(a)).CholeskyInverse(upper: true)),
        Two("LstSq, tall", [4, 2], [4, 2], (a, b) => Linalg.LstSq(Dominant(a), b).Solution),
        Two("LstSq, wide", [2, 4], [2], (a, b) => Linalg.LstSq(Dominant(a), b).Solution),
        Two("LstSq of rank 1", [3, 1], [3, 2], (a, b) => Linalg.LstSq(Dominant(a).MatMul(a.T.Tanh() + 2), b).Solution),
    ];

    private static IEnumerable<Call> Factors() =>
    [
        One("Lu", [3, 3], a => Linalg.Lu(Dominant(a)) is var (_, l, u) ? l.Sin().MatMul(u) : a),
        One("LuFactor, tall", [2, 4, 3], a => Linalg.LuFactor(Dominant(a)).LU),
        One("LuFactor, wide", [2, 4], a => Linalg.LuFactor(Dominant(a)).LU),
        One("LuFactorEx without pivots", [3, 3], a => Linalg.LuFactorEx(Dominant(a), pivot: false).LU),
        One("LuUnpack", [4, 3], a => Tensor.LuUnpack(a, Tensor.FromArray(new[] { 2, 3, 3 })) is var (p, l, u) ? p.MatMul(l).MatMul(u) : a),
        One("Cholesky", [2, 3, 3], a => Linalg.Cholesky(Definite(a))),
        One("Cholesky(upper)", [3, 3], a => Linalg.Cholesky(Definite(a), upper: true)),
        One("Qr, tall", [4, 3], a => Linalg.Qr(Dominant(a)) is var (q, r) ? q.Sin().MatMul(r) : a),
        One("Qr, wide", [2, 3, 4], a => Linalg.Qr(Dominant(a)) is var (q, r) ? q.Sin().MatMul(r) : a),
        One("Qr, R alone", [3, 3], a => Linalg.Qr(Dominant(a), QrMode.R).R),
        One("Qr, Q alone", [2, 3], a => Linalg.Qr(Dominant(a)).Q),
        One("Geqrf", [4, 3], a => Dominant(a).Geqrf() is var (packed, tau) ? packed * tau : a),
        Two("HouseholderProduct", [4, 3], [2], (a, tau) => Linalg.HouseholderProduct(a, tau)),
        new(
            "Ormqr",
            draw => new(x => x[0].Ormqr(x[1], x[2], left: false, transpose: true), draw.Tensor(3, 2), draw.Tensor(2), draw.Tensor(2, 3)),
            IsLoose: true),
    ];

    private static IEnumerable<Call> Determinants() =>
    [
        One("Det", [2, 3, 3], Linalg.Det),
        new("Det of a singular matrix", draw => new(x => Linalg.Det(x[0]), draw.Tensor(3, 2).MatMul(draw.Tensor(2, 3))), IsLoose: true),
        new("Det of a matrix of rank 1", draw => new(x => Linalg.Det(x[0]), draw.Tensor(3, 1).MatMul(draw.Tensor(1, 3))), IsLoose: true),
        new(
            "The third derivative of Det",
            draw =>
            {
                var singular = draw.Tensor(3, 2).MatMul(draw.Tensor(2, 3));
                return new(x => CofactorCurvature.Of(singular, x[0], x[1]), draw.Tensor(3, 3), draw.Tensor(3, 3));
            },
            IsLoose: true),
        new(
            "The third derivative of Det, in the matrix too",
            draw => new(
                x => CofactorCurvature.Of(x), draw.Tensor(4, 2).MatMul(draw.Tensor(2, 4)), draw.Tensor(4, 4), draw.Tensor(4, 4)),
            IsLoose: true),
        One("SlogDet", [2, 3, 3], a => Linalg.SlogDet(Dominant(a)) is var (sign, log) ? sign * log : a),
        One("LogDet", [3, 3], a => Dominant(a).LogDet()),
    ];

    private static IEnumerable<Call> Kept()
    {
        foreach (var assume in Enum.GetValues<Assume>())
        {
            yield return Two($"Factor({assume})", [3, 3], [3, 2], (a, b) =>
            {
                var matrix = assume switch
                {
                    Assume.Symmetric => Dominant(a) is var m ? m + m.T : a,
                    Assume.PositiveDefinite => Definite(a),
                    _ => Dominant(a),
                };
                var factors = Linalg.Factor(matrix, assume);
                return factors.Solve(b) + (factors.SolveTransposed(b.Sin()) * factors.LogDet());
            });
        }

        yield return Two("Factor(two diagonals)", [2, 4, 4], [4, 2], (a, b) =>
        {
            var factors = Linalg.Factor(Dominant(a), below: 1, above: 0);
            return factors.Solve(b) + (factors.SolveTransposed(b.Sin()) * factors.LogDet().Unsqueeze(-1).Unsqueeze(-1));
        });
    }

    private static IEnumerable<Call> Shapes() =>
    [
        One("MatrixPower(3)", [2, 3, 3], a => Linalg.MatrixPower(a, 3)),
        One("MatrixPower(-2)", [3, 3], a => Linalg.MatrixPower(Dominant(a), -2)),
        new("MultiDot", draw => new(x => Linalg.MultiDot(x), draw.Tensor(2), draw.Tensor(2, 3), draw.Tensor(3, 2), draw.Tensor(2, 4)), IsLoose: true),
        One("Vander", [2, 3], a => Linalg.Vander(a, 4)),
        Two("TensorSolve", [4, 2, 2], [4], (a, b) => Linalg.TensorSolve(Dominant(a.Reshape(4, 4)).Reshape(4, 2, 2), b)),
        One("TensorInv", [4, 4], a => Linalg.TensorInv(Dominant(a).Reshape(4, 2, 2), ind: 1)),
    ];

    /// <summary>A matrix whose diagonal outweighs its rows.</summary>
    private static Tensor Dominant(Tensor x) => x.Tanh() + (4.0 * Tensor.Eye(x.Shape[x.Rank - 2], x.Shape[x.Rank - 1], DType.Float64));

    private static Tensor Definite(Tensor x) => x.MatMul(x.Transpose(-2, -1)) + (3.0 * Tensor.Eye(x.Shape[x.Rank - 1], dtype: DType.Float64));

    private static Call One(string name, int[] shape, Func<Tensor, Tensor> run) =>
        new(name, draw => new(x => run(x[0]), draw.Tensor(shape)), IsLoose: true);

    private static Call Two(string name, int[] left, int[] right, Func<Tensor, Tensor, Tensor> run) =>
        new(name, draw => new(x => run(x[0], x[1]), draw.Tensor(left), draw.Tensor(right)), IsLoose: true);
}
