using Adjoint.Families;
using static Adjoint.Transform;

namespace Adjoint.Tests.LinearAlgebra;

/// <summary>Factors of matrices with few diagonals, against those of the same matrix as a full one and against closed forms.</summary>
public class BandedTests
{
    private const double Tolerance = 1e-11;

    public static TheoryData<int, int, int, int> Sizes =>
    [
        (1, 0, 0, 1), (2, 1, 0, 2), (5, 1, 1, 1), (6, 5, 5, 3), (33, 4, 0, 2), (40, 0, 4, 1), (40, 2, 3, 1), (41, 3, 1, 17), (90, 12, 20, 5),
    ];

    /// <summary>Elements are of any size, so that rows are exchanged.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void IsTheFullMatrix(int n, int below, int above, int columns)
    {
        var (a, b) = (Banded(n, below, above), Random(n + 1, n, columns));
        var dense = Results(m => Linalg.Factor(m), a, b);
        var found = Results(m => Linalg.Factor(m, Assume.Banded), a, b);
        var given = Results(m => Linalg.Factor(m, below, above), a, b);
        for (var i = 0; i < dense.Length; i++)
        {
            Near(dense[i], found[i]);

            // What is not read has no gradient.
            Near(i == dense.Length - 2 ? Op.Linear(new Band(-below, above), dense[i]) : dense[i], given[i]);
        }

        var residual = a.MatMul(found[0]) - b;
        Assert.InRange(Families.Size(residual), 0, 1e-13 * n * Families.Size(a) * Math.Max(1, Families.Size(found[0])));
    }

    /// <summary>-u'' = 1 with u = 0 at both ends: differences have the solution x (1 - x) / 2 exactly, and the determinant n + 1.</summary>
    [Fact]
    public void PoissonsEquation()
    {
        const int n = 400;
        var a = Op.Linear(new Band(-1, 1), Tensor.Full([n, n], -1.0, DType.Float64)) + (3 * Tensor.Eye(n, dtype: DType.Float64));
        foreach (var factors in (Factorization[])[Linalg.Factor(a, 1, 1), Linalg.Factor(a, Assume.Banded)])
        {
            var u = factors.Solve(Tensor.Ones([n], DType.Float64)).ToArray<double>();
            Assert.All(Enumerable.Range(0, n), i => Assert.Equal((i + 1) * (n - i) / 2.0, u[i], 1e-8));
            Assert.Equal(Math.Log(n + 1), factors.LogDet().Item(), 1e-11);
        }
    }

    [Fact]
    public void NothingElseIsReadOrHasAGradient()
    {
        var clean = Banded(7, 1, 2);
        var outside = Tensor.Ones([7, 7], DType.Bool).Tril(-2) | Tensor.Ones([7, 7], DType.Bool).Triu(3);
        var a = Tensor.Where(outside, double.NaN, clean);
        a.RequiresGrad = true;
        var factors = Linalg.Factor(a, 1, 2);
        Near(Linalg.Solve(clean, Tensor.Ones([7], DType.Float64)), factors.Solve(Tensor.Ones([7], DType.Float64)));
        (factors.Solve(Tensor.Ones([7], DType.Float64)).Sum() + factors.LogAbsDet()).Backward();
        Assert.All(a.Grad!.ToArray<double>(), value => Assert.True(double.IsFinite(value)));
        Assert.Equal(0.0, Tensor.Where(outside, a.Grad!, 0.0).Abs().Max().Item());
    }

    /// <summary>Members have diagonals of their own, and a batch of a transform is one more of them.</summary>
    [Fact]
    public void Batches()
    {
        var a = Tensor.Stack([Banded(9, 1, 1), Banded(9, 3, 0), Banded(9, 0, 0), Random(4, 9, 9)]);
        var b = Random(5, 4, 9, 2);
        var together = Linalg.Factor(a, Assume.Banded);
        var mapped = Vmap((m, right) => Linalg.Factor(m, Assume.Banded).SolveTransposed(right))(a, b);
        for (var i = 0; i < 4; i++)
        {
            Near(Linalg.Solve(a[i], b[i]), together.Solve(b)[i]);
            Near(Linalg.Solve(a[i].T, b[i]), mapped[i]);
            Assert.Equal(Linalg.SlogDet(a[i]).LogAbsDet.Item(), together.LogAbsDet()[i].Item(), 1e-10);
        }

        Near(Linalg.Solve(a[0], b), Linalg.Factor(a[0], 1, 1).Solve(b));
    }

    [Fact]
    public void Float32AndEmptyMatrices()
    {
        var a = Banded(50, 2, 1).To(DType.Float32) + (4 * Tensor.Eye(50));
        var b = Random(1, 50).To(DType.Float32);
        Assert.InRange((Linalg.Solve(a, b) - Linalg.Factor(a, 2, 1).Solve(b)).Abs().Max().Item(), 0, 1e-5);
        Assert.Equal([0, 2], Linalg.Factor(Tensor.Zeros([0, 0]), Assume.Banded).Solve(Tensor.Zeros([0, 2])).Shape.ToArray());
        Assert.Equal([3, 0, 2], Linalg.Factor(Tensor.Zeros([3, 0, 0]), 1, 1).Solve(Tensor.Zeros([3, 0, 2])).Shape.ToArray());
        Assert.Equal(0f, Linalg.Factor(Tensor.Zeros([0, 0]), 5, 5).LogDet().Item());
    }

    [Fact]
    public void Refusals()
    {
        Assert.Throws<LinalgException>(() => Linalg.Factor(Tensor.Ones([2, 2]), Assume.Banded));
        Assert.Throws<LinalgException>(() => Linalg.Factor(Tensor.Ones([3, 2, 2]), 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Linalg.Factor(Tensor.Ones([2, 2]), -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Linalg.Factor(Tensor.Ones([2, 2]), 1, -1));
        Assert.Throws<ShapeException>(() => Linalg.Factor(Tensor.Ones([2, 3]), 1, 1));
        Assert.Throws<DTypeException>(() => Linalg.Factor(Tensor.Ones([2, 2], DType.Int32), 1, 1));
        Assert.Throws<ShapeException>(() => Linalg.Factor(Tensor.Eye(2), int.MaxValue, int.MaxValue).Solve(Tensor.Ones([3])));
    }

    /// <summary>Solutions, determinants, and the gradients of a loss of all of them.</summary>
    private static Tensor[] Results(Func<Tensor, Factorization> factor, Tensor a, Tensor b)
    {
        (a, b) = (a.Clone(), b.Clone());
        (a.RequiresGrad, b.RequiresGrad) = (true, true);
        var factors = factor(a);
        var (x, y, (sign, log)) = (factors.Solve(b), factors.SolveTransposed(b), factors.SlogDet());
        ((x * b.Sin()).Sum() + (y * b.Cos()).Sum() + log).Backward();
        return [x.Detach(), y.Detach(), sign.Detach(), log.Detach(), a.Grad!, b.Grad!];
    }

    private static Tensor Banded(int n, int below, int above) => Op.Linear(new Band(-below, above), Random(n + below, n, n));

    private static Tensor Random(int seed, params int[] shape)
    {
        var random = new Random(seed);
        return Tensor.FromArray([.. Enumerable.Range(0, shape.Aggregate(1, (x, y) => x * y)).Select(_ => (2 * random.NextDouble()) - 1)], shape);
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.InRange(Families.Size(expected - actual), 0, Tolerance * Math.Max(1, Families.Size(expected)));
    }
}
