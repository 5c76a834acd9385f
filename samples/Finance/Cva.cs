using Adjoint;
using Transforms;
using static Adjoint.Transform;

namespace Finance;

/// <summary>
/// The credit valuation adjustment of a forward contract: what the counterparty's default would cost, by Monte Carlo over 20 quarters, and its
/// sensitivities to 20 default intensities and 20 volatilities. The expected exposure of a forward is a call, so the formula of Black and Scholes
/// tells value and sensitivities.
/// </summary>
public static class Cva
{
    private const int Quarters = 20;
    private const double Quarter = 0.25;
    private const double Spot = 100;
    private const double Strike = 105;
    private const double Rate = 0.03;
    private const double Recovery = 0.4;
    private const int Pairs = 20_000;

    public static void Run(Checks checks)
    {
        var intensities = Tensor.FromArray([.. Enumerable.Range(0, Quarters).Select(i => 0.01 + (0.001 * i))]);
        var volatilities = Tensor.FromArray([.. Enumerable.Range(0, Quarters).Select(i => 0.3 - (0.005 * i))]);
        var normals = new Normals(11).Paths(Quarters, Pairs);
        var z = Tensor.Cat([normals, -normals], 1);

        var (_, (byIntensity, byVolatility)) =
            ValueAndGrad<(Tensor, Tensor)>(market => Adjustment(market, Simulated(market.Item2, z)))((intensities, volatilities));
        var (exact, (exactIntensity, exactVolatility)) =
            ValueAndGrad<(Tensor, Tensor)>(market => Adjustment(market, ClosedForm(market.Item2)))((intensities, volatilities));

        var estimate = Estimate.Of(normals, paths =>
        {
            var (adjustment, slopes) =
                ValueAndGrad<(Tensor, Tensor)>(market => Adjustment(market, Simulated(market.Item2, paths)))((intensities, volatilities));
            return Tensor.Cat([adjustment.Reshape(1), slopes.Item1, slopes.Item2]);
        });
        var off = estimate.Off(Tensor.Cat([exact.Reshape(1), exactIntensity, exactVolatility]));
        checks.That(off < 4, $"value and 40 sensitivities: calls by Black and Scholes, at most {off:F1} standard errors off");

        foreach (var i in new[] { 0, 10, 19 })
        {
            double At(double shift, bool isIntensity)
            {
                var bump = new double[Quarters];
                bump[i] = shift;
                var market = isIntensity
                    ? (intensities + Tensor.FromArray(bump), volatilities)
                    : (intensities, volatilities + Tensor.FromArray(bump));
                return Adjustment(market, Simulated(market.Item2, z)).Item();
            }

            checks.Near((At(1e-5, true) - At(-1e-5, true)) / 2e-5, byIntensity[i].Item(), 1e-7, $"intensity {i}: central difference, same paths");
            checks.Near((At(1e-5, false) - At(-1e-5, false)) / 2e-5, byVolatility[i].Item(), 1e-3, $"volatility {i}: the same");
        }
    }

    /// <summary>(1 - recovery) times the sum over quarters of exposure times the probability that the default falls into the quarter.</summary>
    private static Tensor Adjustment((Tensor Intensities, Tensor Volatilities) market, Tensor exposures)
    {
        var survival = (-market.Intensities * Quarter).CumSum(0).Exp();
        var before = Tensor.Cat([Tensor.Ones([1], DType.Float64), survival[..^1]]);
        return (1 - Recovery) * (exposures * (before - survival)).Sum();
    }

    /// <summary>The discounted mean of what the contract is worth at the end of each quarter, where that is positive.</summary>
    private static Tensor Simulated(Tensor volatilities, Tensor z)
    {
        var asset = Tensor.Full([z.Shape[1]], Spot, DType.Float64);
        var exposures = new Tensor[Quarters];
        for (var i = 0; i < Quarters; i++)
        {
            var spread = volatilities[i] * Math.Sqrt(Quarter);
            asset = asset * ((Rate * Quarter) - (spread.Square() / 2) + (spread * z[i])).Exp();
            var time = Quarter * (i + 1);
            var owed = Strike * Math.Exp(-Rate * ((Quarter * Quarters) - time));
            exposures[i] = Math.Exp(-Rate * time) * (asset - owed).ClampMin(0).Mean();
        }

        return Tensor.Stack(exposures);
    }

    /// <summary>The same without chance: a call for each quarter, with the mean variance until then.</summary>
    private static Tensor ClosedForm(Tensor volatilities)
    {
        var times = Tensor.FromArray([.. Enumerable.Range(1, Quarters).Select(i => Quarter * i)]);
        var mean = ((volatilities.Square() * Quarter).CumSum(0) / times).Sqrt();
        var strikes = Strike * (-Rate * ((Quarter * Quarters) - times)).Exp();
        return BlackScholes.Price((Tensor.Full([Quarters], Spot, DType.Float64), times, mean, Tensor.Full([Quarters], Rate, DType.Float64)), strikes);
    }
}
