using Adjoint;
using Adjoint.NN;
using Transforms;

namespace FirstHour;

/// <summary>
/// PyTorch's "learning by examples": a cubic is fitted to a sine by gradient descent, five times: with .NET's arrays alone, with tensors, with
/// autograd, with an own function, with a module and an optimiser. All five take the same steps, so they end at the same numbers.
/// </summary>
public static class SinPolynomial
{
    private const int Steps = 2000;
    private const double Rate = 1e-6;

    public static void Run(Checks checks)
    {
        double[] plain = Arrays(0.1, -0.2, 0.3, -0.4);
        Compare("tensors", Tensors(0.1, -0.2, 0.3, -0.4));
        Compare("autograd", WithAutograd(0.1, -0.2, 0.3, -0.4));
        Compare("module", WithModule(0.1, -0.2, 0.3, -0.4));

        // The own function starts where the tutorial starts it: 0, -1, 0, 0.3 in y = a + b P3(c + d x), and ends near the tutorial's print.
        var (a, b, c, d) = WithFunction();
        Console.WriteLine($"  y = {a:F4} + {b:F4} * P3({c:F4} + {d:F4} x)");
        checks.Near(-2.2099, b, 0.01, "b of the tutorial's last page");
        checks.Near(0.2554, d, 0.01, "d of the tutorial's last page");

        void Compare(string name, double[] ours)
        {
            var worst = Enumerable.Range(0, 4).Max(i => Math.Abs(ours[i] - plain[i]));
            Console.WriteLine($"  {name,-10} y = {ours[0]:F4} + {ours[1]:F4} x + {ours[2]:F4} x^2 + {ours[3]:F4} x^3");
            checks.That(worst < 1e-9, $"{name} ends where arrays do, {worst:0.0e+00} away");
        }
    }

    private static double[] Arrays(double a, double b, double c, double d)
    {
        var x = Enumerable.Range(0, 2000).Select(i => -Math.PI + (2 * Math.PI * i / 1999)).ToArray();
        for (var t = 0; t < Steps; t++)
        {
            double ga = 0, gb = 0, gc = 0, gd = 0;
            foreach (var v in x)
            {
                var g = 2 * (a + (b * v) + (c * v * v) + (d * v * v * v) - Math.Sin(v));
                ga += g;
                gb += g * v;
                gc += g * v * v;
                gd += g * v * v * v;
            }

            a -= Rate * ga;
            b -= Rate * gb;
            c -= Rate * gc;
            d -= Rate * gd;
        }

        return [a, b, c, d];
    }

    private static double[] Tensors(double a, double b, double c, double d)
    {
        var x = Tensor.Linspace(-Math.PI, Math.PI, 2000, DType.Float64);
        var y = x.Sin();
        for (var t = 0; t < Steps; t++)
        {
            var yPred = a + b * x + c * x.Pow(2) + d * x.Pow(3);
            var gradYPred = 2.0 * (yPred - y);
            a -= Rate * gradYPred.Sum().Item();
            b -= Rate * (gradYPred * x).Sum().Item();
            c -= Rate * (gradYPred * x.Pow(2)).Sum().Item();
            d -= Rate * (gradYPred * x.Pow(3)).Sum().Item();
        }

        return [a, b, c, d];
    }

    private static double[] WithAutograd(double a0, double b0, double c0, double d0)
    {
        var x = Tensor.Linspace(-Math.PI, Math.PI, 2000, DType.Float64);
        var y = x.Sin();
        var a = Tensor.Full([], a0, DType.Float64).RequiresGrad_();
        var b = Tensor.Full([], b0, DType.Float64).RequiresGrad_();
        var c = Tensor.Scalar(c0).RequiresGrad_();
        var d = Tensor.Scalar(d0).RequiresGrad_();
        for (var t = 0; t < Steps; t++)
        {
            var yPred = a + b * x + c * x.Pow(2) + d * x.Pow(3);
            var loss = (yPred - y).Pow(2).Sum();
            loss.Backward();
            using (Autograd.NoGrad())
            {
                a -= Rate * a.Grad!;
                b -= Rate * b.Grad!;
                c -= Rate * c.Grad!;
                d -= Rate * d.Grad!;
                a.Grad = null;
                b.Grad = null;
                c.Grad = null;
                d.Grad = null;
            }
        }

        return [a.Item(), b.Item(), c.Item(), d.Item()];
    }

    private static (double A, double B, double C, double D) WithFunction()
    {
        var x = Tensor.Linspace(-Math.PI, Math.PI, 2000);
        var y = x.Sin();
        var a = Tensor.Full([], 0.0f).RequiresGrad_();
        var b = Tensor.Full([], -1.0f).RequiresGrad_();
        var c = Tensor.Full([], 0.0f).RequiresGrad_();
        var d = Tensor.Full([], 0.3f).RequiresGrad_();
        var p3 = new LegendrePolynomial3();
        for (var t = 0; t < Steps; t++)
        {
            var yPred = a + b * p3.Apply(c + d * x);
            var loss = (yPred - y).Pow(2).Sum();
            loss.Backward();
            using (Autograd.NoGrad())
            {
                foreach (var p in new[] { a, b, c, d })
                {
                    p.Sub_(5e-6 * p.Grad!);
                    p.Grad = null;
                }
            }
        }

        return ((double)a, (double)b, (double)c, (double)d);
    }

    private static double[] WithModule(double a, double b, double c, double d)
    {
        var x = Tensor.Linspace(-Math.PI, Math.PI, 2000, DType.Float64);
        var y = x.Sin();
        Tensor p = [1, 2, 3];
        var xx = x.Unsqueeze(-1).Pow(p);
        var linear = new Linear(3, 1, dtype: DType.Float64);
        var model = new Sequential(linear, new Flatten(0, 1));
        using (Autograd.NoGrad())
        {
            linear.Weight.Copy_([[b, c, d]]);
            linear.Bias!.Fill_(a);
        }

        var lossFn = new MSELoss(LossReduction.Sum);
        var optimizer = new SGD(model.Parameters(), lr: Rate);
        for (var t = 0; t < Steps; t++)
        {
            var yPred = model.Call(xx);
            var loss = lossFn.Forward(yPred, y);
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
        }

        return [linear.Bias!.Item(), linear.Weight[0, 0].Item(), linear.Weight[0, 1].Item(), linear.Weight[0, 2].Item()];
    }

    /// <summary>P3(x) = (5x³ - 3x) / 2, with its derivative 1.5 (5x² - 1) written by hand.</summary>
    private sealed class LegendrePolynomial3 : Function
    {
        protected override Tensor Forward(FunctionContext ctx, Tensor[] inputs)
        {
            ctx.SaveForBackward(inputs);
            return 0.5 * (5 * inputs[0].Pow(3) - 3 * inputs[0]);
        }

        protected override Tensor?[] Backward(FunctionContext ctx, Tensor gradOutput)
        {
            var input = ctx.SavedTensors[0];
            return [gradOutput * 1.5 * (5 * input.Pow(2) - 1)];
        }
    }
}
