using Adjoint;
using static Adjoint.Transform;

namespace Transforms;

/// <summary>
/// Newton's method on the chained function of Rosenbrock, with gradient and Hessian by transforms: no derivative is written down. Where the Hessian
/// is not positive definite it is shifted, and a step is halved until the function falls.
/// Near the minimum the number of right digits doubles with each step.
/// </summary>
public static class Newton
{
    public static void Run(Checks checks)
    {
        Minimise(checks, [-1.2, 1]);
        // From positive starts only: with more than three variables there is a second minimum near (-1, 1, 1, ...).
        Minimise(checks, [2, 0.5, 1.2, 0.5, 0.8, 1.5, 0.9, 1.1, 1.3, 0.7]);
    }

    private static Tensor Rosenbrock(Tensor x) => ((100 * (x[1..] - x[..^1].Square()).Square()) + (1 - x[..^1]).Square()).Sum();

    private static void Minimise(Checks checks, double[] start)
    {
        var n = start.Length;
        var x = Tensor.FromArray(start);
        var gradient = ValueAndGrad<Tensor>(Rosenbrock);
        var hessian = Hessian(Rosenbrock);
        checks.That((hessian(x) - ClosedForm(start)).Abs().Max().Item() < 1e-10, $"{n} variables: the Hessian is that of the closed form");

        var lengths = new List<double>();
        for (var step = 0; step <= 60; step++)
        {
            var (value, slope) = gradient(x);
            lengths.Add(slope.Norm().Item());
            Console.WriteLine($"    step {step,2}: f = {value.Item():E6}, |gradient| = {lengths[^1]:E2}");
            if (lengths[^1] < 1e-12)
            {
                break;
            }

            var direction = Tensor.FromArray(Direction(hessian(x), slope.ToArray<double>()));
            var descent = Tensor.Dot(slope, direction).Item();
            var length = 1.0;
            while (Rosenbrock(x + (length * direction)).Item() > value.Item() + (1e-4 * length * descent) && length > 1e-6)
            {
                length /= 2;
            }

            x = x + (length * direction);
        }

        checks.That((x - 1).Abs().Max().Item() < 1e-12, $"{n} variables: the minimum is at 1, found in {lengths.Count - 1} steps");

        // Quadratic convergence: once small, the gradient's length falls like its square.
        var close = lengths.FindIndex(length => length < 1e-2);
        checks.That(close >= 0 && lengths.Count - 1 - close <= 4, $"{n} variables: {lengths.Count - 1 - close} steps from 1e-2 to 1e-12");
    }

    /// <summary>-H⁻¹ g, with a multiple of the identity added to H until it is positive definite.</summary>
    private static double[] Direction(Tensor hessian, double[] slope)
    {
        var n = slope.Length;
        var values = hessian.ToArray<double>();
        for (var shift = 0.0; ; shift = Math.Max(2 * shift, 1e-3))
        {
            var shifted = new double[n, n];
            for (var i = 0; i < values.Length; i++)
            {
                shifted[i / n, i % n] = values[i] + (i / n == i % n ? shift : 0);
            }

            if (Cholesky.Of(shifted) is { } factor)
            {
                return factor.Solve(Array.ConvertAll(slope, g => -g));
            }
        }
    }

    private static Tensor ClosedForm(double[] x)
    {
        var n = x.Length;
        var h = new double[n, n];
        for (var i = 0; i + 1 < n; i++)
        {
            h[i, i] += (1200 * x[i] * x[i]) - (400 * x[i + 1]) + 2;
            h[i + 1, i + 1] += 200;
            h[i, i + 1] = h[i + 1, i] = -400 * x[i];
        }

        return Tensor.FromArray(h);
    }
}
