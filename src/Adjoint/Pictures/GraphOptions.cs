namespace Adjoint;

/// <summary>How <see cref="ComputationGraph"/> draws.</summary>
public sealed record GraphOptions
{
    /// <summary>
    /// Draws each module as one box, down to this many levels of the names of parameters: at 1, all that <c>encoder.0.weight</c> and
    /// <c>encoder.1.bias</c> take part in is the box <c>encoder</c>; at 2 it is <c>encoder.0</c> and <c>encoder.1</c>. Null draws every operator. An
    /// operator without parameters belongs to the innermost module that holds those that ran before and after it.
    /// </summary>
    public int? ModuleDepth { get; init; }
}
