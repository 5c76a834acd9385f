namespace Adjoint.Engine;

/// <summary>A custom function as the engine sees it, whichever way the user wrote it down.</summary>
/// <param name="Operation">Its own name.</param>
/// <param name="Forward">The results from the inputs.</param>
/// <param name="Backward">The gradients of the inputs from those of the results.</param>
/// <param name="IsOnceDifferentiable">The backward part is not to be differentiated itself.</param>
internal sealed record FunctionRule(
    string Operation,
    Func<FunctionContext, Tensor[], Tensor[]> Forward,
    Func<FunctionContext, Tensor?[], Tensor?[]> Backward,
    bool IsOnceDifferentiable)
{
    /// <summary>The name of its node.</summary>
    public string Name { get; } = Operation + "Backward";
}
