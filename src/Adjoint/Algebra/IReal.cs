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

    /// <summary>x to the power y, with the special values of C's <c>pow</c>.</summary>
    static abstract V Pow(V x, V y);

    /// <summary>The largest whole number that is not above x.</summary>
    static abstract V Floor(V x);
}
