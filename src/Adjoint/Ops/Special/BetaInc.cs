using Adjoint.Algebra.Functions.Special;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>A derivative of the regularised incomplete beta function against a and b.</summary>
internal readonly record struct BetaInc(int OrderA, int OrderB) : IScalarFunction<BetaInc>
{
    public double Value(ReadOnlySpan<double> x) => IncompleteBeta.Value(x[0], x[1], x[2], OrderA, OrderB);

    public Tensor? Derivative(int input, Tensor[] x) => input switch
    {
        0 => ScalarCall.Again(this with { OrderA = OrderA + 1 }, x),
        1 => ScalarCall.Again(this with { OrderB = OrderB + 1 }, x),
        _ => ScalarCall.Again(new BetaDensity(OrderA, OrderB), x),
    };
}

/// <summary>A derivative against a and b of the beta distribution's density x^(a - 1) (1 - x)^(b - 1) / B(a, b).</summary>
internal readonly record struct BetaDensity(int OrderA, int OrderB) : IScalarFunction<BetaDensity>
{
    public double Value(ReadOnlySpan<double> x) => IncompleteBeta.Density(x[0], x[1], x[2], OrderA, OrderB);

    /// <summary>Against x the density's derivative is itself times (a - 1) / x - (b - 1) / (1 - x); these are derivatives of that.</summary>
    public Tensor? Derivative(int input, Tensor[] x)
    {
        if (input < 2)
        {
            return ScalarCall.Again(input == 0 ? this with { OrderA = OrderA + 1 } : this with { OrderB = OrderB + 1 }, x);
        }

        var rest = 1 - x[2];
        var slope = (((x[0] - 1) / x[2]) - ((x[1] - 1) / rest)) * ScalarCall.Again(this, x);
        if (OrderA > 0)
        {
            slope += OrderA / x[2] * ScalarCall.Again(this with { OrderA = OrderA - 1 }, x);
        }

        return OrderB > 0 ? slope - (OrderB / rest * ScalarCall.Again(this with { OrderB = OrderB - 1 }, x)) : slope;
    }
}

/// <summary>The logarithm of the beta function.</summary>
internal readonly record struct BetaLn : IScalarFunction<BetaLn>
{
    public double Value(ReadOnlySpan<double> x) => x[0] > 0 && x[1] > 0 ? IncompleteBeta.LogBeta(x[0], x[1]) : double.NaN;

    public Tensor? Derivative(int input, Tensor[] x) => x[input].Digamma() - (x[0] + x[1]).Digamma();
}

/// <content>Beta functions, element by element, broadcast. PyTorch has none.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The logarithm of the beta function Γ(a) Γ(b) / Γ(a + b), element by element, broadcast, for positive arguments, where this tensor is a
    /// (SciPy's <c>betaln</c>, JAX's <c>jax.scipy.special.betaln</c>).
    /// </summary>
    /// <param name="b">The other argument.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor BetaLn(Tensor b)
    {
        Operands.ThrowIfNull<BetaLn>(b);
        return ScalarCall.Run(default(BetaLn), this, b);
    }

    /// <summary>The beta function Γ(a) Γ(b) / Γ(a + b), element by element, broadcast, for positive arguments, where this tensor is a.</summary>
    /// <param name="b">The other argument.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Beta(Tensor b) => BetaLn(b).Exp();

    /// <summary>
    /// The regularised incomplete beta function I_x(a, b), the distribution function of the beta distribution, element by element, broadcast, where
    /// this tensor is a (SciPy's and JAX's <c>betainc</c>). All three arguments have derivatives of every order; NaN outside of a, b &gt; 0 and 0 ≤ x
    /// ≤ 1.
    /// </summary>
    /// <param name="b">The other parameter.</param>
    /// <param name="x">Where the integral ends.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor BetaInc(Tensor b, Tensor x)
    {
        Operands.ThrowIfNull<BetaInc>(b);
        Operands.ThrowIfNull<BetaInc>(x);
        return ScalarCall.Run(default(BetaInc), this, b, x);
    }
}
