using Adjoint;
using Transforms;
using static Adjoint.Transform;

namespace Finance;

/// <summary>
/// The SABR model fitted to a smile of 15 quotes: implied volatilities by the expansion of P. Hagan et al., "Managing smile risk" (2002), formula
/// 2.17; Gauss-Newton steps with Jacobians from forward mode; and what each quote does to the fitted parameters.
/// </summary>
public static class Sabr
{
    private const double Forward = 0.03;
    private const double Time = 5;
    private const double Beta = 0.5;

    public static void Run(Checks checks)
    {
        // At the money the expansion has a form of its own, formula 2.18, which the general one has to approach.
        var truth = Tensor.FromArray([0.035, -0.3, 0.45]);
        var (alpha, rho, nu) = (0.035, -0.3, 0.45);
        var power = Math.Pow(Forward, 1 - Beta);
        var correction = (Math.Pow((1 - Beta) * alpha / power, 2) / 24) + (rho * Beta * nu * alpha / (4 * power)) +
            ((2 - (3 * rho * rho)) * nu * nu / 24);
        checks.Near(
            alpha / power * (1 + (correction * Time)),
            Volatility(truth, Tensor.FromArray([Forward * (1 + 1e-7)])).Item(),
            1e-6,
            "at the money: Hagan's formula for it");

        var strikes = Tensor.FromArray([.. Enumerable.Range(0, 15).Select(i => 0.0101 + (0.004 * i))]);
        var quotes = Volatility(truth, strikes);
        var fitted = Fit(strikes, quotes, out var steps);
        checks.That((fitted - truth).Abs().Max().Item() < 1e-10, $"the parameters that made the quotes are found, in {steps} steps");

        // Where the fit is exact, the parameters move with the quotes by the pseudo-inverse of the Jacobian.
        var jacobian = JacFwd((Tensor p) => Volatility(p, strikes))(fitted);
        var sensitivities = Linalg.Solve(jacobian.T.MatMul(jacobian), jacobian.T);
        const double h = 1e-5;
        foreach (var quote in new[] { 0, 7, 14 })
        {
            var bump = new double[15];
            bump[quote] = h;
            var up = Fit(strikes, quotes + Tensor.FromArray(bump), out _);
            var down = Fit(strikes, quotes - Tensor.FromArray(bump), out _);
            var difference = ((up - down) / (2 * h)).ToArray<double>();
            for (var p = 0; p < 3; p++)
            {
                checks.Near(difference[p], sensitivities[p, quote].Item(), 1e-4, $"{"αρν"[p]} by quote {quote}: two more fits");
            }
        }
    }

    /// <summary>α, ρ and ν by Gauss-Newton steps from a rough guess; a step that does not lower the error is halved.</summary>
    private static Tensor Fit(Tensor strikes, Tensor quotes, out int steps)
    {
        Tensor Errors(Tensor p) => Volatility(p, strikes) - quotes;
        var jacobian = JacFwd((Tensor p) => Errors(p));
        var parameters = Tensor.FromArray([0.03, 0.0, 0.3]);
        for (steps = 0; steps < 50; steps++)
        {
            var errors = Errors(parameters);
            var j = jacobian(parameters);
            var step = Linalg.Solve(j.T.MatMul(j), j.T.MatMul(errors));
            if (step.Abs().Max().Item() < 1e-13)
            {
                break;
            }

            while (!(Errors(parameters - step).Square().Sum().Item() <= errors.Square().Sum().Item()) && step.Abs().Max().Item() > 1e-13)
            {
                step = step / 2;
            }

            parameters = parameters - step;
        }

        return parameters;
    }

    private static Tensor Volatility(Tensor parameters, Tensor strikes)
    {
        var (alpha, rho, nu) = (parameters[0], parameters[1], parameters[2]);
        var log = (Forward / strikes).Log();
        var mean = (Forward * strikes).Pow((1 - Beta) / 2);
        var z = nu / alpha * mean * log;
        var chi = (((1 - (2 * rho * z) + z.Square()).Sqrt() + z - rho) / (1 - rho)).Log();
        var bend = log.Square() * (1 - Beta) * (1 - Beta);
        var correction = ((1 - Beta) * (1 - Beta) / 24 * (alpha / mean).Square()) + (rho * Beta * nu * alpha / (4 * mean)) +
            ((2 - (3 * rho.Square())) / 24 * nu.Square());
        return alpha / (mean * (1 + (bend / 24) + (bend.Square() / 1920))) * (z / chi) * (1 + (correction * Time));
    }
}
