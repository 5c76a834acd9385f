using Adjoint.Algebra.Functions.Special;

namespace Adjoint;

/// <summary>A derivative of the complete elliptic integral of the first kind.</summary>
internal readonly record struct EllipticK(int Order) : IScalarFunction<EllipticK>
{
    public double Value(ReadOnlySpan<double> x) => CompleteElliptic.Value(x[0], Order, isSecond: false);

    public Tensor? Derivative(int input, Tensor[] x) => ScalarCall.Again(new EllipticK(Order + 1), x);
}

/// <summary>A derivative of the complete elliptic integral of the second kind.</summary>
internal readonly record struct EllipticE(int Order) : IScalarFunction<EllipticE>
{
    public double Value(ReadOnlySpan<double> x) => CompleteElliptic.Value(x[0], Order, isSecond: true);

    public Tensor? Derivative(int input, Tensor[] x) => ScalarCall.Again(new EllipticE(Order + 1), x);
}

/// <content>Complete elliptic integrals, element by element. PyTorch has none.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The complete elliptic integral of the first kind, element by element: the integral of (1 - m sin²t)^(-1/2) from 0 to π / 2, where this tensor
    /// is the parameter m, the square of the modulus; infinite at 1, NaN above.
    /// </summary>
    public Tensor EllipticK() => ScalarCall.Run(default(EllipticK), this);

    /// <summary>
    /// The complete elliptic integral of the second kind, element by element: the integral of (1 - m sin²t)^(1/2) from 0 to π / 2, where this tensor
    /// is the parameter m, the square of the modulus; NaN above 1.
    /// </summary>
    public Tensor EllipticE() => ScalarCall.Run(default(EllipticE), this);
}
