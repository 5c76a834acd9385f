using Adjoint;
using ScottPlot;
using Transforms;
using static Adjoint.Transform;

namespace LinearAlgebra;

/// <summary>
/// Gaussian-process regression (C. Rasmussen, C. Williams, Gaussian Processes for Machine Learning, 2006, algorithm 2.1) with a squared exponential
/// kernel whose length, height and noise are learned: the marginal likelihood is minimised by Newton's method, with the Hessian through the Cholesky
/// factor. Expected numbers are those of mpmath 1.3 at 30 digits: determinant, inverse, the gradient by formula 5.9 of the book, and the minimum.
/// </summary>
/// <remarks>
/// Prints: 9 steps, length 1.324751, height 0.815867, noise 0.139359, negative log marginal likelihood 3.567702.
/// </remarks>
public static class GaussianProcess
{
    private static readonly Tensor X = Tensor.FromArray(
        [
            0.2, 0.5, 0.9, 1.1, 1.6, 1.9, 2.3, 2.8, 3.0, 3.7, 4.1, 4.2, 4.9, 5.3, 5.5, 6.0, 6.4, 7.0, 7.1, 7.7, 8.2, 8.6, 8.8, 9.4, 9.9,
        ]);

    private static readonly Tensor Y = Tensor.FromArray(
        [
            0.22, 0.39, 0.96, 0.64, 1.2, 0.97, 0.51, 0.47, 0.35, -0.65, -1.06, -0.95, -0.84, -0.59, -0.47, -0.09, 0.28, 0.81, 0.92, 1.22, 1.19, 0.9,
            0.55, -0.21, -0.62,
        ]);

    public static void Run(Checks checks, string folder)
    {
        // Logarithms of length, height and noise, so that all stay positive.
        var point = Tensor.FromArray([0.0, 0.0, Math.Log(0.5)]);
        var (value, gradient) = ValueAndGrad(Loss)(point);
        checks.Near(18.538314295379426, value.Item(), 1e-12, "loss at the start");
        checks.Near(-4.6523280589129083, gradient[0].Item(), 1e-11, "its derivative by the length");
        checks.Near(4.5891071745853375, gradient[1].Item(), 1e-11, "its derivative by the height");
        checks.Near(15.164705077338511, gradient[2].Item(), 1e-11, "its derivative by the noise");

        point = Learn(point);
        var learned = point.Exp().ToArray<double>();
        Console.WriteLine($"  length {learned[0]:F6}, height {learned[1]:F6}, noise {learned[2]:F6}, loss {Loss(point).Item():F6}");
        checks.Near(1.3247507787166112, learned[0], 1e-10, "learned length");
        checks.Near(0.81586713050619559, learned[1], 1e-10, "learned height");
        checks.Near(0.13935852063837903, learned[2], 1e-10, "learned noise");
        checks.Near(3.5677019619974211, Loss(point).Item(), 1e-12, "loss at the minimum");

        var (mean, deviation) = Predict(point, Tensor.FromArray([3.35, 5.75, 12.0]));
        checks.Near(-0.23904015564777242, mean[0].Item(), 1e-9, "prediction at 3.35");
        checks.Near(0.08373754073043403, deviation[0].Item(), 1e-9, "its standard deviation");
        checks.Near(-0.27061149087586119, mean[1].Item(), 1e-9, "prediction at 5.75");
        checks.Near(-0.25543043252409172, mean[2].Item(), 1e-9, "prediction at 12, beyond the data");
        checks.Near(0.74922560195986149, deviation[2].Item(), 1e-9, "its standard deviation");

        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "gaussian-process.png");
        File.WriteAllBytes(file, Draw(point));
        checks.That(new FileInfo(file).Length > 1000, $"a plot in {Path.GetFullPath(file)}");
    }

    private static Tensor Kernel(Tensor p, Tensor a, Tensor b) =>
        (2 * p[1]).Exp() * ((a.Unsqueeze(1) - b).Square() / (-2 * (2 * p[0]).Exp())).Exp();

    private static Factorization Factor(Tensor p) =>
        Linalg.Factor(Kernel(p, X, X) + ((2 * p[2]).Exp() * Tensor.Eye((int)X.Count, dtype: DType.Float64)), Assume.PositiveDefinite);

    /// <summary>The negative logarithm of the marginal likelihood.</summary>
    private static Tensor Loss(Tensor p)
    {
        var factor = Factor(p);
        return 0.5 * ((Y * factor.Solve(Y)).Sum() + factor.LogDet() + (X.Count * Math.Log(2 * Math.PI)));
    }

    /// <summary>Newton's method with the sizes of the Hessian's eigenvalues, so that it goes downhill everywhere, in steps of at most 1.</summary>
    private static Tensor Learn(Tensor point)
    {
        var (gradient, hessian) = (Grad(Loss), Hessian(Loss));
        var length = 1.0;
        var steps = 0;
        for (; length > 1e-12 && steps < 50; steps++)
        {
            var (values, vectors) = Linalg.Eigh(hessian(point));
            var step = vectors.MatMul(vectors.T.MatMul(gradient(point)) / values.Abs());
            length = step.Abs().Max().Item();
            point = point - (step / Math.Max(1, length));
        }

        Console.WriteLine($"  {steps} steps");
        return point;
    }

    /// <summary>The mean of the function at places, and the standard deviation that the data leave it.</summary>
    private static (Tensor Mean, Tensor Deviation) Predict(Tensor p, Tensor places)
    {
        var (factor, across) = (Factor(p), Kernel(p, X, places));
        return (across.T.MatMul(factor.Solve(Y)), ((2 * p[1]).Exp() - (across * factor.Solve(across)).Sum(0)).Sqrt());
    }

    private static byte[] Draw(Tensor p)
    {
        var places = Tensor.Linspace(-1, 12, 261, DType.Float64);
        var (mean, deviation) = Predict(p, places);
        var (x, y) = (places.ToArray<double>(), mean.ToArray<double>());
        double[] Shifted(double count) => (mean + (count * deviation)).ToArray<double>();

        using var plot = new Plot();
        if (OperatingSystem.IsLinux())
        {
            plot.Font.Set("DejaVu Sans");
        }

        plot.Add.FillY(x, Shifted(-2), Shifted(2)).FillColor = Colors.Blue.WithAlpha(0.15);
        plot.Add.FillY(x, Shifted(-1), Shifted(1)).FillColor = Colors.Blue.WithAlpha(0.2);
        plot.Add.ScatterLine(x, y).LegendText = "mean, with bands of one and two deviations";
        plot.Add.ScatterPoints(X.ToArray<double>(), Y.ToArray<double>()).LegendText = "data";
        plot.Title("Gaussian process with learned length, height and noise");
        plot.ShowLegend(Alignment.LowerLeft);
        return plot.GetImageBytes(800, 500, ImageFormat.Png);
    }
}
