using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace Adjoint.Tests.LinearAlgebra;

/// <summary>
/// How exact results are for matrices of growing condition number, beside MathNet.Numerics. The matrices are Hilbert's times the least common
/// multiple of its denominators, which are whole numbers and exact, as are right-hand sides whose solution is 1; inverses have a closed form (M.
/// Choi, Tricks or treats with the Hilbert matrix, 1983), and singular values are those of mpmath 1.3 at 60 digits. The table is printed, and stands
/// in docs/linalg-accuracy.md.
/// </summary>
public class AccuracyTests(ITestOutputHelper output)
{
    private static readonly (int Order, double Multiple, double[] Values)[] s_matrices =
    [
        (3, 60, [1.408318927123654, 0.12232706585390585, 0.0026873403557735292]),
        (6, 27720,
        [
            1.6188998589243391, 0.24236087057520955, 0.016321521319875822, 0.0006157483541826577, 1.2570757122625195e-5, 1.0827994845655498e-7,
        ]),
        (9, 12252240,
        [
            1.7258826609018466, 0.32163312229920675, 0.031038925781268331, 0.001978933860215924, 8.7580850514597566e-5, 2.673013410599414e-6,
            5.3856133485224942e-8, 6.4609054226385824e-10, 3.4996764029114932e-12,
        ]),
        (12, 5354228880,
        [
            1.7953720595619973, 0.3802752459550371, 0.044738548752181075, 0.0037223122378911663, 0.00023308908902178066, 1.1163357483224428e-5,
            4.0823761103861773e-7, 1.122861066751703e-8, 2.2519645534900769e-10, 3.1113548972269167e-12, 2.6490214934448867e-14,
            1.0479463979622267e-16,
        ]),
    ];

    [Fact]
    public void Table()
    {
        List<string> lines = ["| operator | n | condition | here | MathNet |", "|---|---|---|---|---|"];
        foreach (var (n, multiple, values) in s_matrices)
        {
            var a = Tensor.FromArray([.. Enumerable.Range(0, n * n).Select(i => multiple / ((i / n) + (i % n) + 1))], n, n);
            var other = SpectralIdentityTests.MathNet(a);
            var one = Tensor.Ones([n, 1], DType.Float64);
            var (b, right) = (a.MatMul(one), other * Matrix<double>.Build.Dense(n, 1, 1));
            var exact = Tensor.FromArray(Inverse(n, multiple), n, n);
            var exactValues = Tensor.FromArray(values) * multiple;
            var condition = values[0] / values[^1];

            // Errors of solutions and inverses grow with the condition number; those of singular values are roundings of the largest.
            Add("Solve", condition, Error(one, Linalg.Solve(a, b)), Error(one, Of(other.Solve(right))));
            Add("Factor(PositiveDefinite).Solve", condition, OrRefused(() => Error(one, Linalg.Factor(a, Assume.PositiveDefinite).Solve(b))),
                OrRefused(() => Error(one, Of(other.Cholesky().Solve(right)))));
            Add("Inv", condition, Error(exact, Linalg.Inv(a)), Error(exact, Of(other.Inverse())));
            Add("LstSq", condition, Error(one, Linalg.LstSq(a, b, rcond: 0).Solution), Error(one, Of(other.QR().Solve(right))));
            Add("Pinv", condition, Error(exact, Linalg.Pinv(a, rtol: 0.0)), Error(exact, Of(other.PseudoInverse())));
            Add("Svdvals", 1, Error(exactValues, Linalg.Svdvals(a)), Error(exactValues, Vector(other.Svd(computeVectors: false).S)));
            var ascending = Tensor.FromArray([.. values.Reverse()]) * multiple;
            Add("Eigvalsh", 1, Error(ascending, Linalg.Eigvalsh(a)),
                Error(ascending, Vector(other.Evd(Symmetricity.Symmetric).EigenValues.Map(value => value.Real))));

            void Add(string name, double growth, double? here, double? there)
            {
                lines.Add(string.Create(
                    CultureInfo.InvariantCulture, $"| {name} | {n} | {condition:0.0e+0} | {Text(here)} | {Text(there)} |"));
                if (here is { } error)
                {
                    Assert.True(error <= 20 * growth * n * Math.Pow(2, -53), $"{name} of order {n}: {error}");
                }
            }
        }

        foreach (var line in lines)
        {
            output.WriteLine(line);
        }
    }

    /// <summary>An error, or null where an algorithm refuses the matrix.</summary>
    private static double? OrRefused(Func<double> error)
    {
        try
        {
            return error();
        }
        catch (Exception refused) when (refused is LinalgException or ArgumentException)
        {
            return null;
        }
    }

    private static string Text(double? error) =>
        error is { } number ? number.ToString("0.0e+0", CultureInfo.InvariantCulture) : "refused";

    private static double Error(Tensor exact, Tensor found) => ((exact - found).Norm() / exact.Norm()).Item();

    private static Tensor Of(Matrix<double> a) => Tensor.FromArray(a.Transpose().ToColumnMajorArray(), a.RowCount, a.ColumnCount);

    private static Tensor Vector(Vector<double> x) => Tensor.FromArray(x.ToArray());

    /// <summary>(-1)^(i+j) (i+j-1) C(n+i-1, n-j) C(n+j-1, n-i) C(i+j-2, i-1)^2, counted from 1, over the multiple.</summary>
    private static double[] Inverse(int n, double multiple)
    {
        var result = new double[n * n];
        for (var i = 1; i <= n; i++)
        {
            for (var j = 1; j <= n; j++)
            {
                result[((i - 1) * n) + j - 1] = ((i + j) % 2 == 0 ? 1 : -1) * (i + j - 1) * Binomial(n + i - 1, n - j) * Binomial(n + j - 1, n - i)
                    * Binomial(i + j - 2, i - 1) * Binomial(i + j - 2, i - 1) / multiple;
            }
        }

        return result;
    }

    private static double Binomial(int n, int k)
    {
        var result = 1.0;
        for (var i = 1; i <= k; i++)
        {
            result = result * (n - k + i) / i;
        }

        return Math.Round(result);
    }
}
