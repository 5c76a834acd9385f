namespace Adjoint.Tests.LinearAlgebra;

/// <summary>Families of matrices that algorithms find hard, by the definitions of N. Higham, Accuracy and Stability of Numerical Algorithms, chapter
/// 28.</summary>
internal static class Families
{
    /// <summary>Names of all, with sizes.</summary>
    public static TheoryData<string, int> Square =>
        new(from name in (string[])["hilbert", "graded", "wilkinson", "clustered", "near-singular", "random", "growth"]
            from n in (int[])[1, 2, 5, 12, 33, 64, 97]
            where name != "growth" || n <= 33
            select (name, n));

    /// <summary>The matrix.</summary>
    public static Tensor Of(string name, int n)
    {
        var random = new Random(7);
        var a = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var noise = (2 * random.NextDouble()) - 1;
                a[(i * n) + j] = name switch
                {
                    "hilbert" => 1.0 / (i + j + 1),

                    // Rows and columns from 1 down to 1e-10.
                    "graded" => noise * Math.Pow(10, -5.0 * (i + j) / Math.Max(1, n - 1)),
                    "wilkinson" => i == j ? Math.Abs(i - ((n - 1) / 2.0)) : Math.Abs(i - j) == 1 ? 1 : 0,
                    "clustered" => (i == j ? 1 : 0) + (1e-9 * noise),

                    // The last row is the sum of the others, but for a little.
                    "near-singular" => noise,

                    // The factors of elimination with exchanges grow as fast as they can.
                    "growth" => j == n - 1 || i == j ? 1 : i > j ? -1 : 0,
                    _ => noise,
                };
            }
        }

        for (var j = 0; j < n && name == "near-singular" && n > 1; j++)
        {
            a[((n - 1) * n) + j] *= 1e-10;
            for (var i = 0; i < n - 1; i++)
            {
                a[((n - 1) * n) + j] += a[(i * n) + j];
            }
        }

        return Tensor.FromArray(a, n, n);
    }

    /// <summary>The largest element.</summary>
    public static double Size(Tensor x) => x.Count == 0 ? 0 : x.Detach().Abs().Max().Item();
}
