using Adjoint;
using Transforms;

namespace FirstHour;

/// <summary>Section 2.1 of Dive into Deep Learning, with the numbers that the book prints.</summary>
public static class DataManipulation
{
    public static void Run(Checks checks)
    {
        var x = Tensor.Arange(12, dtype: DType.Float32);
        Console.WriteLine(x);
        checks.That(x.Count == 12 && x.Shape == new[] { 12 }, "twelve numbers");
        var X = x.Reshape(3, 4);
        checks.That(X.Shape == new[] { 3, 4 }, "three rows of four");
        Console.WriteLine(Tensor.Zeros(2, 3, 4));
        Console.WriteLine(Tensor.Ones(2, 3, 4));
        Console.WriteLine(Tensor.Randn(3, 4));
        Tensor list = [[2, 1, 4, 3], [1, 2, 3, 4], [4, 3, 2, 1]];
        checks.That(list.Sum().Item() == 30, "a list of lists");

        checks.That(X[^1].Equal([8f, 9f, 10f, 11f]), "the last row");
        checks.That(X[1..3].Equal([[4f, 5f, 6f, 7f], [8f, 9f, 10f, 11f]]), "rows 1 and 2");
        X[1, 2] = 17;
        checks.That(X[1, 2].Item() == 17, "one element is written");
        X[..2, ..] = 12;
        checks.That(X[..2].Sum().Item() == 96, "two rows are written");

        Tensor a = [1.0, 2, 4, 8];
        Tensor b = [2, 2, 2, 2];
        checks.That((a + b).Equal([3.0, 4, 6, 10]) && (a - b).Equal([-1.0, 0, 2, 6]), "sums and differences");
        checks.That((a * b).Equal([2.0, 4, 8, 16]) && (a / b).Equal([0.5, 1, 2, 4]), "products and quotients");
        checks.That(a.Pow(b).Equal([1.0, 4, 16, 64]), "powers");

        X = Tensor.Arange(12, dtype: DType.Float32).Reshape(3, 4);
        Tensor Y = [[2.0, 1, 4, 3], [1, 2, 3, 4], [4, 3, 2, 1]];
        checks.That(Tensor.Cat([X, Y], dim: 0).Shape == new[] { 6, 4 } && Tensor.Cat([X, Y], dim: 1).Shape == new[] { 3, 8 }, "joined both ways");
        checks.That((X == Y).Equal([[false, true, false, true], [false, false, false, false], [false, false, false, false]]), "compared");
        checks.That(X.Sum().Item() == 66, "the sum of all");

        var c = Tensor.Arange(3).Reshape(3, 1);
        var d = Tensor.Arange(2).Reshape(1, 2);
        checks.That((c + d).Equal([[0, 1], [1, 2], [2, 3]]), "broadcasting");

        var Z = Tensor.ZerosLike(Y);
        var before = Z;
        Z[..] = X + Y;
        checks.That(ReferenceEquals(before, Z) && Z[0, 1].Item() == 2, "written into place");
        checks.That((int)Tensor.FromArray([3.5])[0] == 3 && (float)(Tensor)3.5 == 3.5f, "converted to numbers of .NET");
    }
}
