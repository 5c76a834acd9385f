namespace Adjoint.Algebra;

/// <summary>The algebra of real numbers in which operators write their formulas and derivatives, once, for all readers.</summary>
/// <typeparam name="V">The reader.</typeparam>
public interface IReal<V> : IRing<V>
    where V : struct, IReal<V>
{
    /// <summary>The quotient.</summary>
    static abstract V operator /(V x, V y);

    /// <summary>e to the power x.</summary>
    static abstract V Exp(V x);

    /// <summary>The natural logarithm.</summary>
    static abstract V Log(V x);

    /// <summary>The square root.</summary>
    static abstract V Sqrt(V x);

    /// <summary>The sine of an angle in radians.</summary>
    static abstract V Sin(V x);

    /// <summary>The cosine of an angle in radians.</summary>
    static abstract V Cos(V x);

    /// <summary>The hyperbolic tangent.</summary>
    static abstract V Tanh(V x);

    /// <summary>The error function, 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x.</summary>
    static abstract V Erf(V x);

    /// <summary>The distribution function of the normal distribution, (1 + erf(x / sqrt(2))) / 2, and that unless a reader knows a shorter way.</summary>
    static virtual V NormalCdf(V x) => V.Of(0.5) * (V.One + V.Erf(x * V.Of(0.70710678118654752)));

    /// <summary>x to the power y, with the special values of C's <c>pow</c>.</summary>
    static abstract V Pow(V x, V y);

    /// <summary>The largest whole number that is not above x.</summary>
    static abstract V Floor(V x);
}
