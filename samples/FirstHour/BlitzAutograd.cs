using Adjoint;
using Transforms;

namespace FirstHour;

/// <summary>The second page of the blitz: gradients of a small expression, compared with those the page works out.</summary>
public static class BlitzAutograd
{
    public static void Run(Checks checks)
    {
        // Q = 3a³ - b², so dQ/da = 9a² and dQ/db = -2b.
        Tensor a = [2.0, 3.0];
        Tensor b = [6.0, 4.0];
        a.RequiresGrad = true;
        b.RequiresGrad = true;
        var q = 3 * a.Pow(3) - b.Pow(2);
        Console.WriteLine(q);
        q.Backward([1.0, 1.0]);
        Console.WriteLine($"a.Grad {a.Grad}, b.Grad {b.Grad}");
        checks.That(a.Grad!.Equal([36.0, 81.0]), "dQ/da");
        checks.That(b.Grad!.Equal([-12.0, -8.0]), "dQ/db");
        checks.That((bool)(9 * a.Pow(2) == a.Grad).All(), "as the page compares it");

        // Frozen parameters.
        var x = Tensor.Rand(5, 5);
        var y = Tensor.Rand(5, 5);
        var z = Tensor.Rand(5, 5).RequiresGrad_();
        checks.That(!(x + y).RequiresGrad && (x + z).RequiresGrad, "who requires grad");

        using (Autograd.NoGrad())
        {
            checks.That(!(x + z).RequiresGrad, "nothing is recorded");
        }

        a.Grad = null;
        (a * 2).Sum().Backward();
        (a * 2).Sum().Backward();
        checks.That(a.Grad!.Equal([4.0, 4.0]), "gradients accumulate");
        a.Grad!.Zero_();
        var once = Autograd.Grad((a * a).Sum(), a);
        checks.That(once.Equal(2 * a.Detach()), "a gradient by itself");
    }
}
