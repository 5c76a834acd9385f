namespace Adjoint.Algebra;

/// <summary>Which element types a function or an operator computes with.</summary>
public enum Elements
{
    /// <summary>Reals; whole numbers and truth values are converted to the default real dtype first, as for <c>exp</c>.</summary>
    Real,

    /// <summary>Reals and whole numbers, exactly; truth values are refused, as for <c>neg</c>.</summary>
    Numbers,

    /// <summary>Reals, whole numbers and truth values, as for <c>add</c>.</summary>
    All,
}
