namespace Adjoint.Bench.Rows;

/// <summary>
/// Predators and prey, x' = a x - b x y, y' = d x y - c y, by 100 steps of the classical Runge-Kutta method; the gradient of the last x + y by the
/// four parameters. About 3,000 operators on single numbers, float64.
/// </summary>
[Row("ode-lotka-volterra")]
public sealed class LotkaVolterra : Row
{
    public const int Steps = 100;
    public const double Step = 0.05;

    private readonly Func<(Tensor, Tensor, Tensor, Tensor), (Tensor Value, (Tensor, Tensor, Tensor, Tensor) Gradient)> _gradient =
        Transform.ValueAndGrad<(Tensor, Tensor, Tensor, Tensor)>(Last);

    private readonly (Tensor, Tensor, Tensor, Tensor) _parameters =
        (Tensor.Scalar(Parameters[0]), Tensor.Scalar(Parameters[1]), Tensor.Scalar(Parameters[2]), Tensor.Scalar(Parameters[3]));

    /// <summary>a, b, c and d.</summary>
    public static double[] Parameters { get; } = [1.5, 1.0, 3.0, 1.0];

    /// <summary>The first x and y.</summary>
    public static double[] Start { get; } = [1.0, 1.0];

    public override string Unit => "ms";

    public override void Ours() => _gradient(_parameters);

    public override double[][] Results()
    {
        var (value, (a, b, c, d)) = _gradient(_parameters);
        return [[value.Item()], [a.Item(), b.Item(), c.Item(), d.Item()]];
    }

    /// <summary>The same steps on plain numbers, with derivatives by central differences of fourth order.</summary>
    public override double[][] Expected()
    {
        var slopes = new double[4];
        for (var i = 0; i < 4; i++)
        {
            double At(double shift)
            {
                var p = (double[])Parameters.Clone();
                p[i] += shift;
                return Plain(p);
            }

            const double h = 1e-3;
            slopes[i] = (At(-2 * h) - (8 * At(-h)) + (8 * At(h)) - At(2 * h)) / (12 * h);
        }

        return [[Plain(Parameters)], slopes];
    }

    private static Tensor Last((Tensor A, Tensor B, Tensor C, Tensor D) p)
    {
        (Tensor, Tensor) Slope(Tensor x, Tensor y)
        {
            var xy = x * y;
            return ((p.A * x) - (p.B * xy), (p.D * xy) - (p.C * y));
        }

        Tensor x = Tensor.Scalar(Start[0]), y = Tensor.Scalar(Start[1]);
        for (var i = 0; i < Steps; i++)
        {
            var (x1, y1) = Slope(x, y);
            var (x2, y2) = Slope(x + (0.5 * Step * x1), y + (0.5 * Step * y1));
            var (x3, y3) = Slope(x + (0.5 * Step * x2), y + (0.5 * Step * y2));
            var (x4, y4) = Slope(x + (Step * x3), y + (Step * y3));
            x = x + (Step / 6 * (x1 + (2 * x2) + (2 * x3) + x4));
            y = y + (Step / 6 * (y1 + (2 * y2) + (2 * y3) + y4));
        }

        return x + y;
    }

    private static double Plain(double[] p)
    {
        (double, double) Slope(double x, double y) => ((p[0] * x) - (p[1] * x * y), (p[3] * x * y) - (p[2] * y));
        var (x, y) = (Start[0], Start[1]);
        for (var i = 0; i < Steps; i++)
        {
            var (x1, y1) = Slope(x, y);
            var (x2, y2) = Slope(x + (0.5 * Step * x1), y + (0.5 * Step * y1));
            var (x3, y3) = Slope(x + (0.5 * Step * x2), y + (0.5 * Step * y2));
            var (x4, y4) = Slope(x + (Step * x3), y + (Step * y3));
            x += Step / 6 * (x1 + (2 * x2) + (2 * x3) + x4);
            y += Step / 6 * (y1 + (2 * y2) + (2 * y3) + y4);
        }

        return x + y;
    }
}
