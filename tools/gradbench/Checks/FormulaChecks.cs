using System.Text.Json.Nodes;

namespace Adjoint.GradBench.Checks;

/// <summary>Functions that have a closed form, or that a plain loop over numbers tells.</summary>
public static class FormulaChecks
{
    public static void Run(Answers answers)
    {
        answers.Near(answers.Output("hello", "square", 3.5), [12.25], 0, "hello square: 3.5²");
        answers.Near(answers.Output("hello", "double", 3.5), [7], 0, "hello double: 2 · 3.5");

        var x = Answers.Uniform(200, 3);
        var input = new JsonObject { ["x"] = Answers.Json(x) };
        var sum = x.Sum(Math.Exp);
        answers.Near(answers.Output("lse", "primal", input), [Math.Log(sum)], 1e-14, "lse primal: log Σ exp x");
        answers.Near(answers.Output("lse", "gradient", input), [.. x.Select(e => Math.Exp(e) / sum)], 1e-14, "lse gradient: softmax");

        LeastSquares(answers);
        KMeans(answers);
        Ode(answers);
        Determinants(answers);
    }

    private static void LeastSquares(Answers answers)
    {
        const int n = 33;
        var x = Answers.Uniform(7, 5);
        var (value, gradient) = (0.0, new double[x.Length]);
        for (var i = 0; i < n; i++)
        {
            var t = -1 + (i * 2.0 / (n - 1));
            var left = Math.Sign(t) - x.Select((e, j) => e * Math.Pow(t, j)).Sum();
            value += left * left / 2;
            for (var j = 0; j < x.Length; j++)
            {
                gradient[j] -= left * Math.Pow(t, j);
            }
        }

        var input = new JsonObject { ["x"] = Answers.Json(x), ["n"] = n };
        answers.Near(answers.Output("llsq", "primal", input), [value], 1e-12, "llsq primal: the sum of squares");
        answers.Near(answers.Output("llsq", "gradient", input), gradient, 1e-12, "llsq gradient: -Σ (s - p(t)) tʲ");
    }

    /// <summary>Newton's direction leads to the means of the clusters.</summary>
    private static void KMeans(Answers answers)
    {
        const int k = 3, d = 2;
        var points = Answers.Uniform(60, 11);
        var centroids = points[^(k * d)..];
        var (cost, sums, counts) = (0.0, new double[k * d], new int[k]);
        foreach (var point in points.Chunk(d))
        {
            double Distance(int j) => Math.Pow(point[0] - centroids[j * d], 2) + Math.Pow(point[1] - centroids[(j * d) + 1], 2);
            var nearest = Enumerable.Range(0, k).MinBy(Distance);
            cost += Distance(nearest);
            counts[nearest]++;
            sums[nearest * d] += point[0];
            sums[(nearest * d) + 1] += point[1];
        }

        var input = new JsonObject { ["points"] = Answers.Json(points, d), ["centroids"] = Answers.Json(centroids, d) };
        answers.Near(answers.Output("kmeans", "cost", input), [cost], 1e-12, "kmeans cost: squared distances");
        answers.Near(
            answers.Output("kmeans", "dir", input),
            [.. centroids.Select((c, i) => c - (sums[i] / counts[i / d]))],
            1e-12,
            "kmeans dir: from the means of the clusters");
    }

    /// <summary>yi(t) is x0 ... xi t^(i + 1) / (i + 1)!, which the method of fourth order has exactly for i up to 3.</summary>
    private static void Ode(Answers answers)
    {
        double[] x = [0.9, 1.3, 0.7, 1.1];
        var input = new JsonObject { ["x"] = Answers.Json(x), ["s"] = 5 };
        var solution = new double[x.Length];
        var product = 1.0;
        for (var i = 0; i < x.Length; i++)
        {
            solution[i] = product *= x[i] * 2 / (i + 1);
        }

        answers.Near(answers.Output("ode", "primal", input), solution, 1e-13, "ode primal: x0 ... xi 2^(i + 1) / (i + 1)!");
        answers.Near(answers.Output("ode", "gradient", input), [.. x.Select(e => solution[^1] / e)], 1e-13, "ode gradient: the last y over each x");
    }

    /// <summary>Gauss's elimination, and the cofactors by it, also at the size where C#'s recursion begins.</summary>
    private static void Determinants(Answers answers)
    {
        foreach (var n in new[] { 1, 2, 5, 9 })
        {
            var a = Answers.Uniform(n * n, 17 * n);
            var input = new JsonObject { ["A"] = Answers.Json(a), ["ell"] = n };
            answers.Near(answers.Output("det", "primal", input), [Determinant(a, n)], 1e-12, $"det primal, {n} rows: Gauss's elimination");

            // The determinant is linear in each element, so that a difference with a whole step is exact.
            double Cofactor(int i)
            {
                double[] more = [.. a], none = [.. a];
                (more[i], none[i]) = (1, 0);
                return Determinant(more, n) - Determinant(none, n);
            }

            answers.Near(
                answers.Output("det", "gradient", input),
                [.. Enumerable.Range(0, n * n).Select(Cofactor)],
                1e-11,
                $"det gradient, {n} rows: cofactors");
        }
    }

    private static double Determinant(double[] a, int n)
    {
        var m = (double[])a.Clone();
        var result = 1.0;
        for (var column = 0; column < n; column++)
        {
            var pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(m[(row * n) + column]));
            for (var c = 0; c < n && pivot != column; c++)
            {
                (m[(pivot * n) + c], m[(column * n) + c]) = (m[(column * n) + c], m[(pivot * n) + c]);
            }

            result *= pivot == column ? m[(column * n) + column] : -m[(column * n) + column];
            for (var row = column + 1; row < n && m[(column * n) + column] != 0; row++)
            {
                var factor = m[(row * n) + column] / m[(column * n) + column];
                for (var c = column; c < n; c++)
                {
                    m[(row * n) + c] -= factor * m[(column * n) + c];
                }
            }
        }

        return result;
    }
}
