using Adjoint.Engine;

namespace Adjoint;

/// <summary>
/// A function with a derivative of its own (<c>torch.autograd.Function</c>). The forward part is not recorded; the backward part is run in its place.
/// Written in tensor operators, the backward part is itself recorded with <c>createGraph</c>, so that every order of derivative exists. What is no
/// tensor is a field of the class. <see cref="MultiFunction"/> is the form with several results.
/// </summary>
/// <example>
/// <code>
/// sealed class Scale(double factor) : Function
/// {
///     protected override Tensor Forward(FunctionContext context, Tensor[] inputs) => inputs[0] * factor;
///     protected override Tensor?[] Backward(FunctionContext context, Tensor gradient) => [gradient * factor];
/// }
///
/// var y = new Scale(3).Apply(x);   // grad_fn=&lt;ScaleBackward&gt;
/// </code>
/// </example>
public abstract class Function
{
    private FunctionRule? _rule;

    private FunctionRule Rule => _rule ??= new FunctionRule(
        GetType().Name,
        (context, inputs) =>
        {
            var output = Forward(context, inputs);
            SetupContext(context, inputs, output);
            return [output];
        },
        (context, gradients) => Backward(context, gradients[0]!),
        IsOnceDifferentiable)
    {
        Setup = (context, inputs, outputs) => SetupContext(context, inputs, outputs[0]),
        Push = (context, tangents) => Jvp(context, tangents) is { } tangent ? [tangent] : null,
        Batch = (size, axes, inputs) => Vmap(size, axes, inputs) is { } output ? [output] : null,
    };

    /// <summary>
    /// Whether the backward part is not to be differentiated itself (<c>@once_differentiable</c>): it runs without recording, and a second derivative
    /// is an error instead of silently wrong.
    /// </summary>
    protected virtual bool IsOnceDifferentiable => false;

    /// <summary>Computes the result, recorded as one operation if an input requires grad.</summary>
    /// <param name="inputs">The tensors that gradients may flow to.</param>
    /// <exception cref="AutogradException">What the forward part marked does not fit its inputs and its result.</exception>
    public Tensor Apply(params ReadOnlySpan<Tensor> inputs) => FunctionCall.Apply(Rule, inputs.ToArray())[0];

    /// <summary>Computes the result; nothing in here is recorded.</summary>
    /// <param name="context">Takes what the backward part will need.</param>
    /// <param name="inputs">The tensors that <see cref="Apply"/> got.</param>
    protected abstract Tensor Forward(FunctionContext context, Tensor[] inputs);

    /// <summary>
    /// Says what the backward part needs, apart from the forward part (<c>setup_context</c>); runs after it, and by default does nothing.
    /// </summary>
    /// <param name="context">Takes what the backward part will need.</param>
    /// <param name="inputs">The tensors that <see cref="Apply"/> got.</param>
    /// <param name="output">What the forward part returned.</param>
    protected virtual void SetupContext(FunctionContext context, Tensor[] inputs, Tensor output)
    {
    }

    /// <summary>Computes the gradients of the inputs.</summary>
    /// <param name="context">What the forward part left.</param>
    /// <param name="gradient">The gradient of the result.</param>
    /// <returns>One for each input; null where there is none, or where <see cref="FunctionContext.NeedsInputGrad"/> is false.</returns>
    protected virtual Tensor?[] Backward(FunctionContext context, Tensor gradient) => throw FunctionCall.NoBackward(GetType().Name);

    /// <summary>
    /// Computes the tangent of the result in forward mode (<c>jvp</c>). By default there is no such rule, and forward mode transposes the backward
    /// part, which costs another pass.
    /// </summary>
    /// <param name="context">What the forward part left, <see cref="FunctionContext.SavedTensors"/> among it.</param>
    /// <param name="tangents">
    /// The tangent of each input: zeros where there is none, or null after <see cref="FunctionContext.SetMaterializeGrads"/>; null for whole numbers.
    /// </param>
    /// <returns>Of the shape of the result; null where there is no rule.</returns>
    /// <example>
    /// <code>
    /// protected override Tensor? Jvp(FunctionContext context, Tensor?[] tangents) => tangents[0]! * factor;
    /// </code>
    /// </example>
    protected virtual Tensor? Jvp(FunctionContext context, Tensor?[] tangents) => null;

    /// <summary>
    /// Computes the result for all samples of a batch at once (<c>vmap</c>). By default there is no such rule, and the forward part runs on samples
    /// that the batch follows. With a rule it does not run: <see cref="SetupContext"/> then says what the backward part needs, and that sees samples.
    /// Derivatives that are taken outside of the batch are those of the operators that are used here; <see cref="Apply"/> may be one of them.
    /// </summary>
    /// <param name="size">How many samples there are.</param>
    /// <param name="inAxes">For each input 0 where its first dimension counts samples; null where it is the same for all.</param>
    /// <param name="inputs">The inputs. They must not be changed in place.</param>
    /// <returns>The result with the samples along the first dimension; null where there is no rule.</returns>
    /// <example>
    /// <code>
    /// // Element by element, so that the samples are one more dimension.
    /// protected override Tensor? Vmap(int size, int?[] inAxes, Tensor[] inputs) => Apply(inputs[0]);
    /// </code>
    /// </example>
    protected virtual Tensor? Vmap(int size, int?[] inAxes, Tensor[] inputs) => null;
}

/// <summary>A function of several results with a derivative of its own; see <see cref="Function"/>.</summary>
public abstract class MultiFunction
{
    private FunctionRule? _rule;

    private FunctionRule Rule => _rule ??= new FunctionRule(
        GetType().Name,
        (context, inputs) =>
        {
            var outputs = Forward(context, inputs);
            SetupContext(context, inputs, outputs);
            return outputs;
        },
        Backward,
        IsOnceDifferentiable)
    {
        Setup = SetupContext,
        Push = Jvp,
        Batch = Vmap,
    };

    /// <inheritdoc cref="Function.IsOnceDifferentiable"/>
    protected virtual bool IsOnceDifferentiable => false;

    /// <summary>Computes the results, recorded as one operation if an input requires grad.</summary>
    /// <param name="inputs">The tensors that gradients may flow to.</param>
    /// <exception cref="AutogradException">What the forward part marked does not fit its inputs and its results.</exception>
    public Tensor[] Apply(params ReadOnlySpan<Tensor> inputs) => FunctionCall.Apply(Rule, inputs.ToArray());

    /// <summary>Computes the results; nothing in here is recorded.</summary>
    /// <param name="context">Takes what the backward part will need.</param>
    /// <param name="inputs">The tensors that <see cref="Apply"/> got.</param>
    protected abstract Tensor[] Forward(FunctionContext context, Tensor[] inputs);

    /// <inheritdoc cref="Function.SetupContext"/>
    /// <param name="context">Takes what the backward part will need.</param>
    /// <param name="inputs">The tensors that <see cref="Apply"/> got.</param>
    /// <param name="outputs">What the forward part returned.</param>
    protected virtual void SetupContext(FunctionContext context, Tensor[] inputs, Tensor[] outputs)
    {
    }

    /// <summary>Computes the gradients of the inputs.</summary>
    /// <param name="context">What the forward part left.</param>
    /// <param name="gradients">The gradients of the results; null only after <c>SetMaterializeGrads(false)</c>.</param>
    /// <returns>One for each input; null where there is none, or where <see cref="FunctionContext.NeedsInputGrad"/> is false.</returns>
    protected virtual Tensor?[] Backward(FunctionContext context, Tensor?[] gradients) => throw FunctionCall.NoBackward(GetType().Name);

    /// <summary>Computes the tangents of the results in forward mode; see <see cref="Function.Jvp"/>.</summary>
    /// <param name="context">What the forward part left.</param>
    /// <param name="tangents">The tangent of each input, as there.</param>
    /// <returns>One for each result, null where it does not move; null as a whole where there is no rule.</returns>
    protected virtual Tensor?[]? Jvp(FunctionContext context, Tensor?[] tangents) => null;

    /// <summary>Computes the results for all samples of a batch at once; see <see cref="Function.Vmap"/>.</summary>
    /// <param name="size">How many samples there are.</param>
    /// <param name="inAxes">For each input 0 where its first dimension counts samples; null where it is the same for all.</param>
    /// <param name="inputs">The inputs. They must not be changed in place.</param>
    /// <returns>The results with the samples along the first dimension; null where there is no rule.</returns>
    protected virtual Tensor[]? Vmap(int size, int?[] inAxes, Tensor[] inputs) => null;
}
