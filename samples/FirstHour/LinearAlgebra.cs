using Adjoint;
using Transforms;

namespace FirstHour;

/// <summary>Section 2.3 of Dive into Deep Learning, with the numbers that the book prints.</summary>
public static class LinearAlgebra
{
    public static void Run(Checks checks)
    {
        Tensor x = 3.0;
        Tensor y = 2.0;
        checks.That((x + y).Item() == 5 && (x * y).Item() == 6 && (x / y).Item() == 1.5 && x.Pow(y).Item() == 9, "scalars");

        x = Tensor.Arange(3);
        checks.That(x[2].Item<long>() == 2 && x.Shape[0] == 3, "a vector");
        var A = Tensor.Arange(6).Reshape(3, 2);
        checks.That(A.T.Equal([[0, 2, 4], [1, 3, 5]]), "a transpose");
        Tensor symmetric = [[1, 2, 3], [2, 0, 4], [3, 4, 5]];
        checks.That((bool)(symmetric == symmetric.T).All(), "a symmetric matrix");

        A = Tensor.Arange(6, dtype: DType.Float32).Reshape(2, 3);
        var B = A.Clone();
        checks.That((A + B)[1].Equal([6f, 8f, 10f]) && (A * B)[1].Equal([9f, 16f, 25f]), "element by element");
        const int two = 2;
        var X = Tensor.Arange(24).Reshape(2, 3, 4);
        checks.That((two * X).Shape == new[] { 2, 3, 4 } && (two + X)[0, 0, 0].Item() == 2, "a number and a tensor");

        checks.That(A.Sum().Item() == 15 && A.Sum(0).Equal([3f, 5f, 7f]) && A.Sum(1).Equal([3f, 12f]), "sums over dimensions");
        checks.That((bool)(A.Sum(0, 1) == A.Sum()) && A.Mean().Item() == 2.5 && A.Mean(0)[0].Item() == 1.5, "means");
        var sums = A.Sum(1, keepDim: true);
        checks.That(sums.Shape == new[] { 2, 1 } && (A / sums).Sum(1).AllClose([1f, 1f]), "with the dimension kept");
        checks.That(A.CumSum(0)[1].Equal([3f, 5f, 7f]), "running sums");

        var v = Tensor.Arange(3, dtype: DType.Float32);
        var ones = Tensor.Ones(3);
        checks.That(Tensor.Dot(v, ones).Item() == 3 && (v * ones).Sum().Item() == 3, "a dot product");
        checks.That(A.Mv(v).Equal([5f, 14f]) && A.MatMul(v).Equal([5f, 14f]), "a matrix and a vector");
        checks.That(A.Mm(Tensor.Ones(3, 4)).Equal([[3f, 3f, 3f, 3f], [12f, 12f, 12f, 12f]]), "two matrices");
        Tensor u = [3.0, -4.0];
        checks.That(u.Norm().Item() == 5 && u.Abs().Sum().Item() == 7 && Tensor.Ones(4, 9).Norm().Item() == 6, "norms");
    }
}
