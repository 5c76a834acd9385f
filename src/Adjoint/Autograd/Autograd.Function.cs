using Adjoint.Engine;

namespace Adjoint;

/// <content>Custom functions as lambdas.</content>
public static partial class Autograd
{
    /// <summary>A function of one tensor with a derivative of its own; <see cref="Adjoint.Function"/> is the form as a class.</summary>
    /// <param name="forward">The result from the input; not recorded.</param>
    /// <param name="backward">The gradient of the input from that of the result; recorded with <c>createGraph</c>.</param>
    /// <param name="name">The name of its node, without the ending <c>Backward</c>.</param>
    /// <param name="onceDifferentiable">The backward part is not to be differentiated itself.</param>
    /// <example><code>
    /// var round = Autograd.Function((context, x) => x.Round(), (context, gradient) => gradient);   // a straight-through estimator
    /// </code></example>
    public static Func<Tensor, Tensor> Function(
        Func<FunctionContext, Tensor, Tensor> forward,
        Func<FunctionContext, Tensor, Tensor?> backward,
        string name = "Function",
        bool onceDifferentiable = false)
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(backward);
        ArgumentNullException.ThrowIfNull(name);
        var rule = new FunctionRule(
            name,
            (context, inputs) => [forward(context, inputs[0])],
            (context, gradients) => [backward(context, gradients[0]!)],
            onceDifferentiable);
        return x => FunctionCall.Apply(rule, [x])[0];
    }

    /// <summary>A function of two tensors with a derivative of its own; see the form for one.</summary>
    /// <param name="forward">The result from the inputs; not recorded.</param>
    /// <param name="backward">The gradients of the inputs from that of the result; recorded with <c>createGraph</c>.</param>
    /// <param name="name">The name of its node, without the ending <c>Backward</c>.</param>
    /// <param name="onceDifferentiable">The backward part is not to be differentiated itself.</param>
    public static Func<Tensor, Tensor, Tensor> Function(
        Func<FunctionContext, Tensor, Tensor, Tensor> forward,
        Func<FunctionContext, Tensor, (Tensor? X, Tensor? Y)> backward,
        string name = "Function",
        bool onceDifferentiable = false)
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(backward);
        ArgumentNullException.ThrowIfNull(name);
        var rule = new FunctionRule(
            name,
            (context, inputs) => [forward(context, inputs[0], inputs[1])],
            (context, gradients) =>
            {
                var (x, y) = backward(context, gradients[0]!);
                return [x, y];
            },
            onceDifferentiable);
        return (x, y) => FunctionCall.Apply(rule, [x, y])[0];
    }

    /// <summary>A function of any number of tensors with any number of results; see <see cref="Adjoint.MultiFunction"/>.</summary>
    /// <param name="forward">The results from the inputs; not recorded.</param>
    /// <param name="backward">The gradients of the inputs from those of the results; recorded with <c>createGraph</c>.</param>
    /// <param name="name">The name of its node, without the ending <c>Backward</c>.</param>
    /// <param name="onceDifferentiable">The backward part is not to be differentiated itself.</param>
    public static Func<Tensor[], Tensor[]> MultiFunction(
        Func<FunctionContext, Tensor[], Tensor[]> forward,
        Func<FunctionContext, Tensor?[], Tensor?[]> backward,
        string name = "Function",
        bool onceDifferentiable = false)
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(backward);
        ArgumentNullException.ThrowIfNull(name);
        var rule = new FunctionRule(name, forward, backward, onceDifferentiable);
        return inputs => FunctionCall.Apply(rule, inputs);
    }
}
