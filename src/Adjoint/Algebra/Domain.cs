namespace Adjoint.Algebra;

/// <summary>Where a function or an operator is defined and smooth, for tests that draw inputs.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
/// <param name="Kinks">Points without a derivative, which tests keep away from.</param>
public readonly record struct Domain(double Low, double High, params double[] Kinks)
{
    /// <summary>All reals, sampled around zero.</summary>
    public static Domain Real => new(-3, 3);

    /// <summary>Positive reals.</summary>
    public static Domain Positive => new(0.1, 4);

    /// <summary>Reals other than zero.</summary>
    public static Domain NonZero => new(-3, 3, 0);
}
