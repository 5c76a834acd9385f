using Adjoint;
using Transforms;
using static Adjoint.Transform;

namespace FirstHour;

/// <summary>
/// Black and Scholes' call price as a static method, and its sensitivities by handing that method over: no lambda, no type argument. Compared with
/// the textbook's option (J. Hull, Options, Futures, and Other Derivatives: spot 49, strike 50, rate 5 %, volatility 20 %, 20 weeks).
/// </summary>
public static class Greeks
{
    public static void Run(Checks checks)
    {
        var spot = Tensor.Scalar(49.0);
        checks.Near(2.4005, Price(spot).Item(), 1e-4, "price");
        checks.Near(0.5216, Grad(Price)(spot).Item(), 1e-4, "delta");
        checks.Near(0.0655, Grad(Grad(Price))(spot).Item(), 1e-3, "gamma");

        var (value, delta) = ValueAndGrad(Price)(spot);
        checks.That(value.Item() == Price(spot).Item() && delta.Item() == Grad(Price)(spot).Item(), "both at once");

        Tensor spots = [40.0, 45, 49, 55, 60];
        var prices = Vmap(Price)(spots);
        var deltas = Vmap(Grad(Price))(spots);
        var gammas = Vmap(Grad(Grad(Price)))(spots);
        Console.WriteLine(prices);
        Console.WriteLine(deltas);
        Console.WriteLine(gammas);
        checks.That(gammas[2].AllClose(Grad(Grad(Price))(spot)) && deltas[2].AllClose(delta), "a batch gives what one gives");
        checks.That(JacRev(Price)(spots).AllClose(deltas.Diag()) && JacFwd(Price)(spots).AllClose(deltas.Diag()), "Jacobians are diagonal");
        checks.That(Hessian(Price)(spot).AllClose(gammas[2]), "the Hessian of one number");
        checks.That(Jvp(Price, spot, 1.0).Tangent.AllClose(delta), "forward mode");
        checks.That(Vjp(Price, spot).Pullback(1.0).AllClose(delta), "reverse mode");

        // Two arguments: vega in Hull's unit is 12.1055.
        checks.Near(12.1055, Grad(Call, 1)(spot, 0.2).Item(), 1e-4, "vega");
        var (d, v) = (Vmap(Grad(Call, 0)), Vmap(Grad(Call, 1), inAxes: (0, Axes.None)));
        checks.That(d(spots, Tensor.FullLike(spots, 0.2)).AllClose(deltas), "delta of two arguments");
        checks.Near(12.1055, v(spots, 0.2)[2].Item(), 1e-4, "vega of a batch");
    }

    private static Tensor Price(Tensor spot) => Call(spot, 0.2);

    private static Tensor Call(Tensor spot, Tensor volatility)
    {
        const double strike = 50, rate = 0.05, time = 0.3846;
        var d1 = ((spot / strike).Log() + (rate + volatility * volatility / 2) * time) / (volatility * Math.Sqrt(time));
        var d2 = d1 - volatility * Math.Sqrt(time);
        return spot * Cdf(d1) - strike * Math.Exp(-rate * time) * Cdf(d2);
    }

    private static Tensor Cdf(Tensor x) => 0.5 * (1 + (x / Math.Sqrt(2)).Erf());
}
