namespace Transforms;

/// <summary>A symmetric positive definite matrix as L times L transposed, to solve equations with.</summary>
public sealed class Cholesky
{
    private readonly double[,] _l;

    private Cholesky(double[,] l) => _l = l;

    /// <summary>Factors a matrix; null if it is not positive definite.</summary>
    public static Cholesky? Of(double[,] a)
    {
        var n = a.GetLength(0);
        var l = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = a[i, j];
                for (var k = 0; k < j; k++)
                {
                    rest -= l[i, k] * l[j, k];
                }

                if (i == j && !(rest > 0))
                {
                    return null;
                }

                l[i, j] = i == j ? Math.Sqrt(rest) : rest / l[j, j];
            }
        }

        return new Cholesky(l);
    }

    /// <summary>The x of A x = b.</summary>
    public double[] Solve(double[] b)
    {
        var n = b.Length;
        var x = (double[])b.Clone();
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++)
            {
                x[i] -= _l[i, k] * x[k];
            }

            x[i] /= _l[i, i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++)
            {
                x[i] -= _l[k, i] * x[k];
            }

            x[i] /= _l[i, i];
        }

        return x;
    }
}
