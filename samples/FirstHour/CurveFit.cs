using Adjoint;
using Adjoint.NN;
using Transforms;
using static Adjoint.Transform;

namespace FirstHour;

/// <summary>
/// A decay a exp(-b t) + c fitted to points that lie on it exactly, so that the answer is known: by Adam on a method, and by Gauss and Newton's steps
/// with the Jacobian and least squares.
/// </summary>
public static class CurveFit
{
    private static readonly Tensor Times = Tensor.Linspace(0, 4, 50, DType.Float64);
    private static readonly Tensor Points = Model([2.5, 1.3, 0.5]);

    public static void Run(Checks checks)
    {
        Tensor p = [1.0, 1.0, 0.0];
        p.RequiresGrad = true;
        var adam = new Adam([p], lr: 0.05);
        for (var step = 0; step < 1500; step++)
        {
            adam.ZeroGrad();
            Loss(p).Backward();
            adam.Step();
        }

        Console.WriteLine($"  Adam   {p.Detach():F4}");
        checks.That(p.Detach().AllClose([2.5, 1.3, 0.5], 1e-3), "Adam finds the three numbers");

        Tensor q = [1.0, 1.0, 0.0];
        for (var step = 0; step < 10; step++)
        {
            var jacobian = JacFwd(Model)(q);
            var residual = Points - Model(q);
            q = q + Linalg.LstSq(jacobian, residual.Unsqueeze(1)).Solution.Squeeze(1);
        }

        Console.WriteLine($"  Newton {q}");
        checks.That(q.AllClose([2.5, 1.3, 0.5], 1e-9), "ten steps of least squares find them to 1e-9");
        checks.That(Grad(Loss)(q).Abs().Max().Item() < 1e-9, "where the gradient is zero");
        checks.That(Hessian(Loss)(q).Shape == new[] { 3, 3 } && (bool)(Hessian(Loss)(q).Diagonal() > 0).All(), "and the curvature positive");
    }

    private static Tensor Model(Tensor p) => p[0] * (-p[1] * Times).Exp() + p[2];

    private static Tensor Loss(Tensor p) => (Model(p) - Points).Square().Mean();
}
