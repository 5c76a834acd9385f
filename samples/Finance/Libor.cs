using Adjoint;
using Transforms;
using static Adjoint.Transform;

namespace Finance;

/// <summary>
/// A book of 15 swaptions in the LIBOR market model, by Monte Carlo, and all its 161 sensitivities: to the accrual period, to 80 volatilities and to
/// 80 forward rates. The test case of M. Giles and P. Glasserman, "Smoking adjoints" (2006): 80 forward rates, 40 steps.
/// </summary>
public static class Libor
{
    public const int Rates = 80;
    public const int Steps = 40;
    private const int Paths = 8000;
    private const int Together = 500;

    private static readonly int[] s_maturities = [4, 8, 20, 28, 40];
    private static readonly double[] s_swapRates = [0.045, 0.05, 0.055];

    public static void Run(Checks checks)
    {
        var book = (
            Period: Tensor.Scalar(0.05),
            Volatilities: Tensor.Full([Rates], 0.2, DType.Float64),
            Forwards: Tensor.Full([Rates], 0.05, DType.Float64));
        var normals = new Normals(91672912);
        var (price, period, volatilities, forwards) = (0.0, 0.0, new double[Rates], new double[Rates]);

        // Some hundred paths at a time, so that what the steps save for the backward pass stays small.
        for (var done = 0; done < Paths; done += Together)
        {
            var z = normals.Paths(Steps, Together);
            var (value, (byPeriod, byVolatilities, byForwards)) =
                ValueAndGrad<(Tensor, Tensor, Tensor)>(p => Price(p, z).Sum() / (double)Paths)(book);
            price += value.Item();
            period += byPeriod.Item();
            volatilities = [.. volatilities.Zip(byVolatilities.ToArray<double>(), (a, b) => a + b)];
            forwards = [.. forwards.Zip(byForwards.ToArray<double>(), (a, b) => a + b)];
        }

        // From a program in C++ for the same paths, whose adjoint is written by hand.
        checks.Near(7.609890057, price, 1e-9, "price");
        checks.Near(200.83455, period, 1e-7, "by the accrual period");
        checks.Near(712.28702, forwards.Sum(), 1e-7, "by all forward rates together");
        checks.Near(34.641055, volatilities.Sum(), 1e-7, "by all volatilities together");

        // One of each kind again, by a central difference on the first paths.
        var some = new Normals(91672912).Paths(Steps, Together);
        double At(double shift, int volatility, int forward)
        {
            double[] sigma = [.. book.Volatilities.ToArray<double>()], rates = [.. book.Forwards.ToArray<double>()];
            sigma[volatility] += shift;
            rates[forward] += shift;
            return Price((book.Period, Tensor.FromArray(sigma), Tensor.FromArray(rates)), some).Mean().Item();
        }

        var both = (At(1e-5, 7, 45) - At(-1e-5, 7, 45)) / 2e-5;
        var (_, someVolatilities, someForwards) = Grad<(Tensor, Tensor, Tensor)>(p => Price(p, some).Mean())(book);
        checks.Near(both, someVolatilities[7].Item() + someForwards[45].Item(), 1e-5, "volatility 7 and forward 45: central difference");
        checks.That(volatilities[^1] == 0, "the last volatility moves nothing: no rate is that far from its fixing");
    }

    /// <summary>The discounted payoff of each path.</summary>
    /// <param name="book">Accrual period, volatilities by time to fixing, forward rates.</param>
    /// <param name="z">Normal numbers, [steps, paths].</param>
    public static Tensor Price((Tensor Period, Tensor Volatilities, Tensor Forwards) book, Tensor z)
    {
        var (period, root) = (book.Period, book.Period.Sqrt());
        var rates = book.Forwards.Unsqueeze(1).Expand(Rates, z.Shape[1]);
        var discount = Tensor.Ones([z.Shape[1]], DType.Float64);
        for (var step = 0; step < Steps; step++)
        {
            // The first rate is fixed now; the others go on, each with a drift that adds up over the rates before it.
            discount = discount * (1 + (period * rates[0]));
            rates = rates[1..];
            var sigma = book.Volatilities[..rates.Shape[0]].Unsqueeze(1);
            var spread = period * sigma;
            var drift = (spread * rates / (1 + (period * rates))).CumSum(0);
            rates = rates * ((spread * drift) + (sigma * ((root * z[step]) - (spread / 2)))).Exp();
        }

        var bonds = (1 / (1 + (period * rates))).CumProd(0);
        var annuities = period * bonds.CumSum(0);
        var payoff = Tensor.Zeros([z.Shape[1]], DType.Float64);
        foreach (var maturity in s_maturities)
        {
            foreach (var rate in s_swapRates)
            {
                payoff = payoff - (100 * (bonds[maturity - 1] + (rate * annuities[maturity - 1]) - 1).ClampMax(0));
            }
        }

        return payoff / discount;
    }
}
