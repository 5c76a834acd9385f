using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <summary>A derivative against x of an orthogonal polynomial of whole degree.</summary>
internal readonly record struct OrthogonalPolynomial(PolynomialKind Kind, int Order) : IScalarFunction<OrthogonalPolynomial>, IParameters
{
    IEnumerable<KeyValuePair<string, object?>> IParameters.List(string name) => [new("kind", Kind.ToString()), new("order", Order)];

    public double Value(ReadOnlySpan<double> x) => Polynomials.Value(Kind, x[0], x[1], Order);

    /// <summary>The degree is whole, so nothing flows into it.</summary>
    public Tensor? Derivative(int input, Tensor[] x) => input == 0 ? ScalarCall.Again(this with { Order = Order + 1 }, x) : null;
}

/// <content>Orthogonal polynomials, element by element, broadcast. Unlike PyTorch's they have derivatives of every order.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The Chebyshev polynomial of the first kind and degree n, element by element, broadcast (<c>torch.special.chebyshev_polynomial_t</c>).
    /// </summary>
    /// <param name="n">The degree, of which the whole part counts; 0 if it is negative.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor ChebyshevPolynomialT(Tensor n) => OfDegree(PolynomialKind.ChebyshevT, n);

    /// <summary>
    /// The Chebyshev polynomial of the second kind and degree n, element by element, broadcast (<c>torch.special.chebyshev_polynomial_u</c>).
    /// </summary>
    /// <param name="n">The degree, of which the whole part counts; 0 if it is negative.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor ChebyshevPolynomialU(Tensor n) => OfDegree(PolynomialKind.ChebyshevU, n);

    /// <summary>
    /// The Chebyshev polynomial of the third kind and degree n, element by element, broadcast (<c>torch.special.chebyshev_polynomial_v</c>).
    /// </summary>
    /// <param name="n">The degree, of which the whole part counts; 0 if it is negative.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor ChebyshevPolynomialV(Tensor n) => OfDegree(PolynomialKind.ChebyshevV, n);

    /// <summary>
    /// The Chebyshev polynomial of the fourth kind and degree n, element by element, broadcast (<c>torch.special.chebyshev_polynomial_w</c>).
    /// </summary>
    /// <param name="n">The degree, of which the whole part counts; 0 if it is negative.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor ChebyshevPolynomialW(Tensor n) => OfDegree(PolynomialKind.ChebyshevW, n);

    /// <summary>
    /// The Chebyshev polynomial of the first kind and degree n at 2 x - 1, element by element, broadcast
    /// (<c>torch.special.shifted_chebyshev_polynomial_t</c>).
    /// </summary>
    /// <param name="n">The degree, of which the whole part counts; 0 if it is negative.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor ShiftedChebyshevPolynomialT(Tensor n) => OfDegree(PolynomialKind.ShiftedT, n);

    /// <summary>
    /// The Chebyshev polynomial of the second kind and degree n at 2 x - 1, element by element, broadcast
    /// (<c>torch.special.shifted_chebyshev_polynomial_u</c>).
    /// </summary>
    /// <param name="n">The degree, of which the whole part counts; 0 if it is negative.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor ShiftedChebyshevPolynomialU(Tensor n) => OfDegree(PolynomialKind.ShiftedU, n);

    /// <summary>
    /// The Chebyshev polynomial of the third kind and degree n at 2 x - 1, element by element, broadcast
    /// (<c>torch.special.shifted_chebyshev_polynomial_v</c>).
    /// </summary>
    /// <param name="n">The degree, of which the whole part counts; 0 if it is negative.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor ShiftedChebyshevPolynomialV(Tensor n) => OfDegree(PolynomialKind.ShiftedV, n);

    /// <summary>
    /// The Chebyshev polynomial of the fourth kind and degree n at 2 x - 1, element by element, broadcast
    /// (<c>torch.special.shifted_chebyshev_polynomial_w</c>).
    /// </summary>
    /// <param name="n">The degree, of which the whole part counts; 0 if it is negative.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor ShiftedChebyshevPolynomialW(Tensor n) => OfDegree(PolynomialKind.ShiftedW, n);

    /// <summary>The physicist's Hermite polynomial of degree n, element by element, broadcast (<c>torch.special.hermite_polynomial_h</c>).</summary>
    /// <param name="n">The degree, of which the whole part counts; 0 if it is negative.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor HermitePolynomialH(Tensor n) => OfDegree(PolynomialKind.HermiteH, n);

    /// <summary>
    /// The probabilist's Hermite polynomial of degree n, element by element, broadcast (<c>torch.special.hermite_polynomial_he</c>).
    /// </summary>
    /// <param name="n">The degree, of which the whole part counts; 0 if it is negative.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor HermitePolynomialHe(Tensor n) => OfDegree(PolynomialKind.HermiteHe, n);

    /// <summary>The Laguerre polynomial of degree n, element by element, broadcast (<c>torch.special.laguerre_polynomial_l</c>).</summary>
    /// <param name="n">The degree, of which the whole part counts; 0 if it is negative.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor LaguerrePolynomialL(Tensor n) => OfDegree(PolynomialKind.LaguerreL, n);

    /// <summary>The Legendre polynomial of degree n, element by element, broadcast (<c>torch.special.legendre_polynomial_p</c>).</summary>
    /// <param name="n">The degree, of which the whole part counts; 0 if it is negative.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor LegendrePolynomialP(Tensor n) => OfDegree(PolynomialKind.LegendreP, n);

    private Tensor OfDegree(PolynomialKind kind, Tensor n)
    {
        ArgumentNullException.ThrowIfNull(n);
        return ScalarCall.Run(new OrthogonalPolynomial(kind, 0), this, n);
    }
}
