namespace Adjoint.Ops.Families;

/// <summary>Which element types an operator computes with.</summary>
public enum Elements
{
    /// <summary>Reals; whole numbers and truth values are converted to the default real dtype first, as for <c>exp</c>.</summary>
    Real,

    /// <summary>Reals and whole numbers, exactly; truth values are refused, as for <c>neg</c>.</summary>
    Numbers,

    /// <summary>Reals, whole numbers and truth values, as for <c>add</c>.</summary>
    All,
}

/// <summary>Where an operator is defined and smooth, for tests that draw inputs.</summary>
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

/// <summary>What every operator of every family says of itself.</summary>
public interface IOperator
{
    /// <summary>The name of the derivative's node where it is not the operator's name followed by <c>Backward0</c>.</summary>
    string? GradName => null;

    /// <summary>PyTorch's sentence, without its full stop, where the operator refuses truth values; null if PyTorch takes them.</summary>
    static virtual string? TruthRefusal => null;

    /// <summary>The inputs that PyTorch's node has an edge for, in its order; null for all. There a plain number or a condition may be no input.</summary>
    int[]? ShownInputs => null;

    /// <summary>
    /// Whether PyTorch's node saves what this operator holds itself, such as positions: a pass that does not retain the graph uses it up.
    /// </summary>
    bool IsUsedUp => false;
}
