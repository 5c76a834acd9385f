using System.Text.Json;

namespace Adjoint.GradBench.Modules;

/// <summary>
/// y0' = x0, yi' = xi y(i-1), from 0, by s steps of the classical Runge-Kutta method from t = 0 to 2; the gradient is that of the last y.
/// </summary>
public static class Ode
{
    /// <summary>primal, gradient.</summary>
    public static Module Module { get; } = Gradients.Of(
        "ode",
        input => (input.Vector("x"), Solution(input)),
        input => (input.Vector("x"), x => Solution(input)(x)[^1]));

    private static Func<Tensor, Tensor> Solution(JsonElement input)
    {
        var s = input.Whole("s");
        return x => Solve(x, s);
    }

    private static Tensor Solve(Tensor x, int s)
    {
        var one = Tensor.Ones([1], DType.Float64);
        Tensor Slope(Tensor y) => x * Tensor.Cat([one, y[..^1]]);

        var h = 2.0 / s;
        var y = Tensor.ZerosLike(x);
        for (var step = 0; step < s; step++)
        {
            var k1 = Slope(y);
            var k2 = Slope(y + (h / 2 * k1));
            var k3 = Slope(y + (h / 2 * k2));
            var k4 = Slope(y + (h * k3));
            y = y + (h / 6 * (k1 + (2 * k2) + (2 * k3) + k4));
        }

        return y;
    }
}
