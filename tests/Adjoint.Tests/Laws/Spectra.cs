namespace Adjoint.Tests.Laws;

/// <summary>
/// Calls of eigenvalues, singular values and what stands on them. Values are far from each other and from zero, and vectors are squared, as their
/// signs are open.
/// </summary>
internal static class Spectra
{
    /// <summary>Methods of tensors with calls here alone: any matrix would not do.</summary>
    public static IReadOnlySet<string> OwnPoints { get; } = new HashSet<string> { nameof(Tensor.Pinverse) };

    public static IEnumerable<Call> Calls() => [.. Eigenvalues(), .. SingularValues(), .. Inverses(), .. MatrixNorms()];

    private static IEnumerable<Call> Eigenvalues() =>
    [
        One("Eigh", [3, 3], a => Linalg.Eigh(Symmetric(a)) is var (l, v) ? v.Square().MatMul(l.Sin()) : a),
        One("Eigh(batch of five, U)", [5, 2, 2], a => Linalg.Eigh(Symmetric(a), "U") is var (l, v) ? v.Square() * l.Unsqueeze(-1) : a),
        One("Eigh, vectors alone", [2, 3, 3], a => Linalg.Eigh(Symmetric(a)).Eigenvectors.Square()),
        One("Eigvalsh", [2, 3, 3], a => Linalg.Eigvalsh(Symmetric(a))),
        One("Symeig", [3, 3], a => Symmetric(a).Symeig(eigenvectors: true) is var (l, v) ? v.Square().MatMul(l.Sin()) : a),
    ];

    private static IEnumerable<Call> SingularValues() =>
    [
        One("Svd, square", [3, 3], a => Product(Linalg.Svd(Apart(a)))),
        One("Svd, tall", [2, 4, 2], a => Product(Linalg.Svd(Apart(a), fullMatrices: false))),
        One("Svd, wide", [2, 4], a => Product(Linalg.Svd(Apart(a), fullMatrices: false))),
        One("Svd, tall and full", [4, 2], a => Linalg.Svd(Apart(a)) is var (u, s, vh)
            ? Product((u.Narrow(-1, 0, 2), s, vh)) + Space(u.Narrow(-1, 2, 2)).Sum()
            : a),
        One("Svd, wide and full", [2, 3], a => Linalg.Svd(Apart(a)) is var (u, s, vh) ? Product((u, s, vh.Narrow(-2, 0, 2))) * vh[2, 1].Square() : a),
        One("Svd, left vectors alone", [3, 2], a => Linalg.Svd(Apart(a), fullMatrices: false).U.Square()),
        One("Svd, right vectors alone", [2, 3], a => Linalg.Svd(Apart(a), fullMatrices: false).Vh.Square()),
        One("x.Svd()", [3, 2], a => Apart(a).Svd() is var (u, s, v) ? Product((u, s, v.T)) : a),
        One("Svdvals", [2, 3, 2], a => Linalg.Svdvals(Apart(a))),
    ];

    private static IEnumerable<Call> Inverses() =>
    [
        One("Pinv, tall", [2, 3, 2], a => Linalg.Pinv(Apart(a))),
        One("Pinv, wide", [2, 3], a => Linalg.Pinv(Apart(a))),
        One("Pinv of rank 1", [3, 1], a => Linalg.Pinv((a + 2).MatMul(a.T.Tanh() + 2))),
        One("Pinv(hermitian)", [3, 3], a => Linalg.Pinv(Symmetric(a), hermitian: true)),
        One("Pinverse", [3, 2], a => Apart(a).Pinverse()),
        One("Cond", [3, 2], a => Linalg.Cond(Apart(a))),
        One("Cond(1)", [3, 3], a => Linalg.Cond(Apart(a), 1)),
        One("Cond(nuc)", [2, 2], a => Linalg.Cond(Apart(a), "nuc")),
        One("MatrixExp", [2, 2, 2], a => a.MatrixExp()),
        One("MatrixExp, scaled", [2, 2], a => Linalg.MatrixExp(3 * a) * 1e-2),
    ];

    private static IEnumerable<Call> MatrixNorms()
    {
        yield return One("MatrixNorm(nuc)", [2, 4, 3], a => Linalg.MatrixNorm(Apart(a), "nuc", [-1, 0], keepDim: true));
        yield return One("MatrixNorm(fro)", [2, 3], a => Linalg.MatrixNorm(a));
        yield return One("Norm(nuc)", [3, 3], a => Apart(a).Norm("nuc"));
        foreach (var ord in (double[])[1, -1, 2, -2, double.PositiveInfinity, double.NegativeInfinity])
        {
            yield return One($"MatrixNorm({ord})", [2, 3, 2], a => Linalg.MatrixNorm(Apart(a), ord));
        }
    }

    /// <summary>A function of singular values and vectors that does not depend on signs.</summary>
    private static Tensor Product((Tensor U, Tensor S, Tensor Vh) parts) => (parts.U * parts.S.Sin().Unsqueeze(-2)).MatMul(parts.Vh);

    private static Tensor Space(Tensor v) => v.MatMul(v.Transpose(-2, -1));

    /// <summary>A symmetric matrix with eigenvalues near 1, 4, 9.</summary>
    private static Tensor Symmetric(Tensor x) => Apart(0.5 * (x + x.Transpose(-2, -1)));

    /// <summary>A matrix whose diagonal holds values apart.</summary>
    private static Tensor Apart(Tensor x)
    {
        var (m, n) = (x.Shape[x.Rank - 2], x.Shape[x.Rank - 1]);
        var diagonal = Tensor.FromArray([.. Enumerable.Range(0, m * n).Select(i => i / n == i % n ? (1.0 + (i / n)) * (1 + (i / n)) : 0)], m, n);
        return (0.3 * x.Tanh()) + diagonal;
    }

    private static Call One(string name, int[] shape, Func<Tensor, Tensor> run) =>
        new(name, draw => new(x => run(x[0]), draw.Tensor(shape)), IsLoose: true);
}
