using System.Text.Json.Nodes;

namespace Adjoint.GradBench.Checks;

/// <summary>The Gaussian mixture against GradBench's definition, term by term on plain numbers: densities, not their simplified logarithms.</summary>
public static class MixtureChecks
{
    private const int D = 2;
    private const int K = 3;
    private const int N = 4;
    private const int M = 1;
    private const double Gamma = 0.8;

    public static void Run(Answers answers)
    {
        var alpha = Answers.Uniform(K, 1);
        var mu = Answers.Uniform(K * D, 2);
        var q = Answers.Uniform(K * D, 3);
        var l = Answers.Uniform(K, 4);
        var x = Answers.Uniform(N * D, 5);
        var input = new JsonObject
        {
            ["d"] = D,
            ["k"] = K,
            ["n"] = N,
            ["m"] = M,
            ["gamma"] = Gamma,
            ["alpha"] = Answers.Json(alpha),
            ["mu"] = Answers.Json(mu, D),
            ["q"] = Answers.Json(q, D),
            ["l"] = Answers.Json(l, 1),
            ["x"] = Answers.Json(x, D),
        };
        double Value(double[] p) => LogPosterior(p[..K], p[K..(K + (K * D))], p[(K + (K * D))..(K + (2 * K * D))], p[(K + (2 * K * D))..], x);

        double[] all = [.. alpha, .. mu, .. q, .. l];
        answers.Near(answers.Output("gmm", "objective", input), [Value(all)], 1e-12, "gmm objective: likelihood times prior");
        var jacobian = answers.Output("gmm", "jacobian", input);
        answers.Near(
            [.. jacobian.Numbers("alpha"), .. jacobian.Numbers("mu"), .. jacobian.Numbers("q"), .. jacobian.Numbers("l")],
            Answers.Differences(Value, all),
            1e-8,
            "gmm jacobian: central differences of that");
        answers.That(jacobian.GetProperty("q").GetArrayLength() == K && jacobian.GetProperty("l")[0].GetArrayLength() == 1, "gmm jacobian: its form");
    }

    private static double LogPosterior(double[] alpha, double[] mu, double[] q, double[] l, double[] x)
    {
        var posterior = 1.0;
        var total = alpha.Sum(Math.Exp);
        for (var i = 0; i < N; i++)
        {
            var density = 0.0;
            for (var k = 0; k < K; k++)
            {
                var (a, b, c) = Precision(q, l, k);
                var (u, v) = (x[2 * i] - mu[2 * k], x[(2 * i) + 1] - mu[(2 * k) + 1]);
                var square = (a * u * u) + (2 * b * u * v) + (c * v * v);
                density += Math.Exp(alpha[k]) / total * Math.Exp(-square / 2) * Math.Sqrt((a * c) - (b * b)) / (2 * Math.PI);
            }

            posterior *= density;
        }

        // Wishart's density with V = I / γ² and n = D + m + 1 degrees of freedom; Γ2(2) = √π Γ(2) Γ(3/2) = π / 2.
        const double n = D + M + 1;
        for (var k = 0; k < K; k++)
        {
            var (a, b, c) = Precision(q, l, k);
            var determinant = (a * c) - (b * b);
            posterior *= Math.Pow(determinant, (n - D - 1) / 2) * Math.Exp(-Gamma * Gamma * (a + c) / 2)
                / (Math.Pow(2, n * D / 2) * Math.Pow(Gamma, -n * D) * Math.PI / 2);
        }

        return Math.Log(posterior);
    }

    /// <summary>QᵀQ for Q = [e^q0, 0; l, e^q1]: its elements (0, 0), (0, 1) and (1, 1).</summary>
    private static (double A, double B, double C) Precision(double[] q, double[] l, int k)
    {
        var (first, second) = (Math.Exp(q[2 * k]), Math.Exp(q[(2 * k) + 1]));
        return ((first * first) + (l[k] * l[k]), l[k] * second, second * second);
    }
}
