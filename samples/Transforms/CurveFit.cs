using Adjoint;
using ScottPlot;
using static Adjoint.Transform;

namespace Transforms;

/// <summary>
/// Nonlinear regression with NIST's data set Misra1a (Statistical Reference Datasets, https://www.itl.nist.gov/div898/strd): y = b1 (1 - exp(-b2 x)),
/// fitted by the method of Levenberg and Marquardt with the exact Jacobian. The covariance of the parameters comes from the same Jacobian.
/// Parameters, their standard deviations and the residual are compared with the certified values.
/// </summary>
public static class CurveFit
{
    private static readonly Tensor X = Tensor.FromArray(
        [77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0]);

    private static readonly Tensor Y = Tensor.FromArray(
        [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78]);

    /// <summary>NIST's harder start, far from the solution.</summary>
    private static readonly double[] Start = [500, 0.0001];

    public static void Run(Checks checks, string folder)
    {
        // Parameters of very different size: the fit works with each in units of its start.
        var scale = Tensor.FromArray(Start);
        Tensor Residuals(Tensor p) => Model(X, p * scale) - Y;

        var (point, steps) = Fit(Residuals, Tensor.Ones([2], DType.Float64));
        var residuals = Residuals(point);
        var sum = residuals.Square().Sum().Item();
        var variance = sum / (X.Count - 2);

        // Covariance = s² (J' J)⁻¹, where J is the Jacobian at the solution.
        var jacobian = JacFwd((Tensor p) => Model(X, p))(point * scale).ToArray<double>();
        var covariance = Covariance(jacobian, variance);
        var b = (point * scale).ToArray<double>();
        Console.WriteLine($"  {steps} steps, y = {b[0]:F6} (1 - exp(-{b[1]:E6} x))");
        Console.WriteLine($"  covariance [[{covariance[0, 0]:E4}, {covariance[0, 1]:E4}], [{covariance[1, 0]:E4}, {covariance[1, 1]:E4}]]");

        checks.Near(238.94212918, b[0], 1e-9, "b1");
        checks.Near(5.5015643181e-4, b[1], 1e-9, "b2");
        checks.Near(2.7070075241, Math.Sqrt(covariance[0, 0]), 1e-8, "standard deviation of b1");
        checks.Near(7.2668688436e-6, Math.Sqrt(covariance[1, 1]), 1e-8, "standard deviation of b2");
        checks.Near(0.12455138894, sum, 1e-9, "residual sum of squares");
        checks.Near(0.10187876330, Math.Sqrt(variance), 1e-9, "residual standard deviation");

        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "misra1a.png");
        File.WriteAllBytes(file, Draw(point * scale, covariance));
        checks.That(new FileInfo(file).Length > 1000, $"a plot in {Path.GetFullPath(file)}");
    }

    private static Tensor Model(Tensor x, Tensor p) => p[0] * (1 - (-p[1] * x).Exp());

    private static (Tensor Point, int Steps) Fit(Func<Tensor, Tensor> residuals, Tensor point)
    {
        var (damping, steps) = (1e-3, 0);
        var value = residuals(point).Square().Sum().Item();
        for (var change = 1.0; change > 1e-13 && steps < 200; steps++)
        {
            var r = residuals(point);
            var j = JacFwd(residuals)(point);
            var normal = j.T.Mm(j).ToArray<double>();
            var slope = j.T.Mv(r).ToArray<double>();
            double[,] damped = { { normal[0] * (1 + damping), normal[1] }, { normal[2], normal[3] * (1 + damping) } };
            var step = Tensor.FromArray(Cholesky.Of(damped)!.Solve(slope));
            change = step.Abs().Max().Item();
            var lower = residuals(point - step).Square().Sum().Item();
            (point, value, damping) = lower < value ? (point - step, lower, damping / 10) : (point, value, damping * 10);
        }

        return (point, steps);
    }

    private static double[,] Covariance(double[] jacobian, double variance)
    {
        var normal = new double[2, 2];
        for (var i = 0; i < jacobian.Length; i++)
        {
            normal[i % 2, 0] += jacobian[i] * jacobian[i - (i % 2)];
            normal[i % 2, 1] += jacobian[i] * jacobian[i - (i % 2) + 1];
        }

        var factor = Cholesky.Of(normal)!;
        var (first, second) = (factor.Solve([variance, 0]), factor.Solve([0, variance]));
        return new[,] { { first[0], second[0] }, { first[1], second[1] } };
    }

    /// <summary>The data, the curve, and the band of two standard deviations that the parameters' covariance leaves it.</summary>
    private static byte[] Draw(Tensor p, double[,] covariance)
    {
        var x = (Tensor.Arange(81) * 10).To(DType.Float64);
        var curve = Model(x, p).ToArray<double>();

        // The variance of the curve at x is g' C g, with g the gradient by the parameters: one per-sample gradient for each x.
        var g = Vmap((Tensor at) => Grad((Tensor q) => Model(at, q))(p))(x);
        var c = Tensor.FromArray(covariance);
        var width = (2 * (g.Mm(c) * g).Sum(1).Sqrt()).ToArray<double>();
        var places = x.ToArray<double>();

        using var plot = new Plot();
        if (OperatingSystem.IsLinux())
        {
            plot.Font.Set("DejaVu Sans");
        }

        plot.Add.FillY(places, [.. curve.Zip(width, (y, w) => y - w)], [.. curve.Zip(width, (y, w) => y + w)]);
        plot.Add.ScatterLine(places, curve).LegendText = "b1 (1 - exp(-b2 x))";
        plot.Add.ScatterPoints(X.ToArray<double>(), Y.ToArray<double>()).LegendText = "Misra1a";
        plot.Title("Monomolecular adsorption, and twice the standard deviation of the fit");
        plot.XLabel("pressure");
        plot.YLabel("volume");
        plot.ShowLegend(Alignment.LowerRight);
        return plot.GetImageBytes(800, 500, ImageFormat.Png);
    }
}
