namespace Adjoint.Families;

/// <summary>What the pulls of an <see cref="IPulled"/> read, and what a recorded call therefore saves; nothing else is kept.</summary>
/// <param name="Inputs">Which inputs; of the others only the shape is known.</param>
/// <param name="Made">Which of the values that the operator made on the way.</param>
/// <param name="Result">Whether they read the result.</param>
public readonly record struct Reads(Places Inputs, Places Made = default, bool Result = false)
{
    /// <summary>What both read.</summary>
    public static Reads operator |(Reads a, Reads b) => new(a.Inputs | b.Inputs, a.Made | b.Made, a.Result || b.Result);
}
