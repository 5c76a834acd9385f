using System.Diagnostics.CodeAnalysis;
using Adjoint.Tape;

namespace Adjoint.Families;

/// <summary>
/// What every operator of every family says of itself. An operator is a <c>record struct</c>: its parameters are what a graph prints, compares and
/// hands to others. A plain struct works as well, but its graph shows no parameters, and two of them are compared by reflection.
/// <para>
/// An operator holds no tensors: those are inputs, so that tapes, hooks and transforms see them. What it makes is checked against its shape rule
/// where the operator is not the library's own; results get memory of their own, so a user's operator makes no views.
/// </para>
/// </summary>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
public interface IOperator
{
    /// <summary>The operator's name where it is not its type's.</summary>
    static virtual string? Name => null;

    /// <summary>What a user called, where the operator serves several methods
    /// and this one is not of the operator's name; diagnostics say it.</summary>
    string? Called => null;

    /// <summary>The name of the derivative's node where it is not the operator's name followed by <c>Backward0</c>.</summary>
    string? GradName => null;

    /// <summary>PyTorch's sentence, without its full stop, where the operator refuses truth values; null if PyTorch takes them.</summary>
    static virtual string? TruthRefusal => null;

    /// <summary>The inputs that PyTorch's node has an edge for, in its order; null for all.
    /// There a plain number or a condition may be no input.</summary>
    int[]? ShownInputs => null;
}

/// <summary>The name of an operator, and of its in-place form.</summary>
internal static class OperatorName<O>
    where O : struct, IOperator
{
    public static readonly string Text = O.Name ?? typeof(O).Name;

    public static readonly string InPlace = Text + "_";
}
