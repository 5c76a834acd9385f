using Adjoint.Families;

namespace Adjoint.Interpreters;

/// <summary>
/// One call of a custom function as interpreters see it: an operator that brings both of its parts along, and what they leave for each other. What an
/// interpreter does with it is one of these four.
/// </summary>
internal abstract class CustomCall
{
    /// <summary>The results from what the stand-ins of an interpreter hold.</summary>
    public abstract Tensor[] Run(Tensor[] values);

    /// <summary>All samples at once.</summary>
    /// <param name="batch">Who follows the inputs.</param>
    /// <param name="inputs">The inputs.</param>
    public abstract Tensor[] Batch(Batch batch, Tensor[] inputs);

    /// <summary>One instruction.</summary>
    /// <param name="writer">Who follows the inputs.</param>
    /// <param name="inputs">The inputs.</param>
    public abstract Tensor[] Write(Writer writer, Tensor[] inputs);

    /// <summary>The results with their tangents.</summary>
    /// <param name="top">Who follows the inputs.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="parts">The value and the tangent of each; null for zero.</param>
    /// <param name="wrap">A stand-in for a value and a tangent.</param>
    public abstract Tensor[] Push(
        Interpreter top, Tensor[] inputs, (Tensor Value, Tensor? Tangent)[] parts, Func<Tensor, Tensor?, Tensor> wrap);
}
