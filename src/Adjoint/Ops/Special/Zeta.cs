using Adjoint.Algebra.Functions.Special;

namespace Adjoint;

/// <summary>A derivative of Hurwitz' zeta function against its first argument.</summary>
internal readonly record struct Zeta(int Order) : IScalarFunction<Zeta>
{
    public string GradName => "SpecialZetaBackward0";

    public double Value(ReadOnlySpan<double> x) => HurwitzZeta.Derivative(x[0], x[1], Order);

    /// <summary>Against q zeta has the derivative -s zeta(s + 1, q) (NIST DLMF 25.11.17), of which these are derivatives against s.</summary>
    public Tensor? Derivative(int input, Tensor[] x)
    {
        if (input == 0)
        {
            return ScalarCall.Again(new Zeta(Order + 1), x);
        }

        var above = x[0] + 1;
        var slope = -x[0] * ScalarCall.Again(this, above, x[1]);
        return Order == 0 ? slope : slope - (Order * ScalarCall.Again(new Zeta(Order - 1), above, x[1]));
    }
}

/// <content>The zeta function, element by element, broadcast.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Hurwitz' zeta function, the sum of (q + i)^-x over i from 0 on, element by element, broadcast (<c>torch.special.zeta(x, q)</c>): infinite for
    /// x = 1, NaN below. Unlike PyTorch's it has derivatives against both arguments, of every order. The method of Riemann's is <c>x.Zeta(1)</c>.
    /// </summary>
    /// <param name="other">q, the first base.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Zeta(Tensor other) => ScalarCall.Run(default(Zeta), this, other);
}
