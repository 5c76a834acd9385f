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
    /// <summary>What the backward part needs, said apart from the forward part.</summary>
    public Action<FunctionContext, Tensor[], Tensor[]>? Setup { get; init; }

    /// <summary>
    /// The tangents of the results from those of the inputs, by a rule of the function's own; null for that, or as its result, where it has none.
    /// </summary>
    public Func<FunctionContext, Tensor?[], Tensor?[]?>? Push { get; init; }

    /// <summary>
    /// The results for all samples of a batch, by a rule of the function's own: how many there are, where each input has them, and the inputs. Null
    /// for that, or as its result, where it has none.
    /// </summary>
    public Func<int, int?[], Tensor[], Tensor[]?>? Batch { get; init; }

    /// <summary>The name of its node.</summary>
    public string Name { get; } = Operation + "Backward";
}
