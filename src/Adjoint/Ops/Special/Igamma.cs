using Adjoint.Algebra.Functions.Special;

namespace Adjoint;

/// <summary>A derivative of the regularised lower incomplete gamma function P(a, x) against a.</summary>
internal readonly record struct Igamma(int Order) : IScalarFunction<Igamma>
{
    public string GradName => "IgammaBackward0";

    public double Value(ReadOnlySpan<double> x) => IncompleteGamma.Lower(x[0], x[1], Order);

    public Tensor? Derivative(int input, Tensor[] x) => input == 0
        ? ScalarCall.Again(new Igamma(Order + 1), x)
        : ScalarCall.Again(new GammaDensity(Order), x);
}

/// <summary>The regularised upper incomplete gamma function, 1 - P(a, x) with all digits of small results.</summary>
internal readonly record struct Igammac : IScalarFunction<Igammac>
{
    public string GradName => "IgammacBackward0";

    public double Value(ReadOnlySpan<double> x) => IncompleteGamma.Upper(x[0], x[1]);

    public Tensor? Derivative(int input, Tensor[] x) => input == 0
        ? -ScalarCall.Again(new Igamma(1), x)
        : -ScalarCall.Again(default(GammaDensity), x);
}

/// <summary>A derivative against a of the gamma distribution's density x^(a - 1) e^-x / Γ(a).</summary>
internal readonly record struct GammaDensity(int Order) : IScalarFunction<GammaDensity>
{
    public double Value(ReadOnlySpan<double> x) => IncompleteGamma.Density(x[0], x[1], Order);

    /// <summary>Against x the density's derivative is itself times (a - 1) / x - 1; these are derivatives of that against a.</summary>
    public Tensor? Derivative(int input, Tensor[] x)
    {
        if (input == 0)
        {
            return ScalarCall.Again(new GammaDensity(Order + 1), x);
        }

        var slope = (((x[0] - 1) / x[1]) - 1) * ScalarCall.Again(this, x);
        return Order == 0 ? slope : slope + (Order / x[1] * ScalarCall.Again(new GammaDensity(Order - 1), x));
    }
}

/// <content>Incomplete gamma functions, element by element, broadcast.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The regularised lower incomplete gamma function, element by element, broadcast: the integral of t^(a - 1) e^-t from 0 to x by Γ(a), where this
    /// tensor is a (<c>torch.igamma(a, x)</c>, <c>torch.special.gammainc</c>). NaN for negative arguments. Unlike PyTorch's it has derivatives
    /// against both, of every order.
    /// </summary>
    /// <param name="other">x, where the integral ends.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Igamma(Tensor other) => ScalarCall.Run(default(Igamma), this, other);

    /// <summary><see cref="Igamma"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="DTypeException">The tensor is no real one.</exception>
    public Tensor Igamma_(Tensor other) => ScalarCall.RunInPlace(default(Igamma), this, other);

    /// <summary>1 minus <see cref="Igamma"/> with all digits of small results (<c>torch.igammac</c>, <c>torch.special.gammaincc</c>).</summary>
    /// <param name="other">x, where the integral starts.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Igammac(Tensor other) => ScalarCall.Run(default(Igammac), this, other);

    /// <summary><see cref="Igammac"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="DTypeException">The tensor is no real one.</exception>
    public Tensor Igammac_(Tensor other) => ScalarCall.RunInPlace(default(Igammac), this, other);
}
