using Adjoint;
using Transforms;

namespace FirstHour;

/// <summary>Sections 2.4 and 2.5 of Dive into Deep Learning: derivatives by hand and by autograd.</summary>
public static class Calculus
{
    public static void Run(Checks checks)
    {
        static double F(double x) => 3 * x * x - 4 * x;
        var h = 1e-6;
        checks.Near(2, (F(1 + h) - F(1)) / h, 1e-4, "the difference quotient of 3x² - 4x at 1");
        checks.That(Transform.Grad(x => 3 * x * x - 4 * x)(1.0).Item() == 2, "and the gradient");

        var x = Tensor.Arange(4.0);
        x.RequiresGrad_(true);
        checks.That(x.Grad is null, "no gradient yet");
        var y = 2 * Tensor.Dot(x, x);
        checks.That(y.Item() == 28, "the value");
        y.Backward();
        checks.That((bool)(x.Grad == 4 * x).All(), "the gradient is 4x");

        x.Grad!.Zero_();
        y = x.Sum();
        y.Backward();
        checks.That(x.Grad!.Equal(Tensor.Ones(4)), "of a sum");

        x.Grad!.Zero_();
        y = x * x;
        y.Sum().Backward();
        checks.That(x.Grad!.Equal([0f, 2f, 4f, 6f]), "of several numbers");

        x.Grad!.Zero_();
        y = x * x;
        var u = y.Detach();
        var z = u * x;
        z.Sum().Backward();
        checks.That((bool)(x.Grad == u).All(), "with a part held fast");

        var a = Tensor.Randn().RequiresGrad_();
        var d = Control(a);
        d.Backward();
        checks.That((bool)(a.Grad == d / a), "through a loop");

        static Tensor Control(Tensor a)
        {
            var b = a * 2;
            while (b.Norm() < 1000)
            {
                b = b * 2;
            }

            return b.Sum() > 0 ? b : 100 * b;
        }
    }
}
