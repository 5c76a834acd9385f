using System.Runtime.CompilerServices;
using Adjoint.Engine;
using Adjoint.Interpreters;
using Adjoint.Memory;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint;

/// <summary>Automatic differentiation in reverse: backward passes, gradients as values, and whether operations are recorded.</summary>
public static partial class Autograd
{
    /// <summary>
    /// Raised for what is legal but probably not meant, such as reading <c>Grad</c> of a non-leaf. While nobody listens, each is written to standard
    /// error, once for each place in the program.
    /// </summary>
    /// <example><code>Autograd.Warning += message => logger.LogWarning("{Message}", message);</code></example>
    public static event Action<string>? Warning
    {
        add => Warnings.Raised += value;
        remove => Warnings.Raised -= value;
    }

    /// <summary>Whether operations on tensors that require grad are recorded in this logical flow.</summary>
    public static bool IsGradEnabled => Recording.IsOn;

    /// <summary>Stops recording until the scope is disposed; follows <c>await</c>.</summary>
    /// <example><code>using (Autograd.NoGrad()) { w -= 0.1 * w.Grad!; }</code></example>
    public static GradScope NoGrad() => new(on: false);

    /// <summary>Runs a function without recording; one that awaits stays so to its end.</summary>
    public static T NoGrad<T>(Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        using (NoGrad())
        {
            return function();
        }
    }

    /// <summary>Runs a function without recording, on this thread and until it returns; the cheapest form, which allocates nothing.</summary>
    /// <param name="function">Does not await: what runs after an await is recorded again.</param>
    /// <example><code>Autograd.NoGrad(() => w.Sub_(0.1 * w.Grad!));</code></example>
    public static void NoGrad(Action function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var before = Recording.SetHere(false);
        try
        {
            function();
        }
        finally
        {
            Recording.SetHere(before);
        }
    }

    /// <summary>
    /// Whether a backward pass may reach a tensor: it requires grad, or it is a stand-in of a transform for a tensor that does outside of the
    /// transform. Hooks of such a tensor run.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <example><code>Transform.Vmap((Tensor row) => Autograd.IsFollowed(row) ? row * 2 : row)(x);   // true where x requires grad</code></example>
    public static bool IsFollowed(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Traced.RequiresGrad(x);
    }

    /// <summary>Records again inside a <see cref="NoGrad()"/> scope, until the scope is disposed; follows <c>await</c>.</summary>
    public static GradScope EnableGrad() => new(on: true);

    /// <summary>Runs a function with recording on; one that awaits stays so to its end.</summary>
    public static T EnableGrad<T>(Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        using (EnableGrad())
        {
            return function();
        }
    }

    /// <summary>Records or not, until the scope is disposed; follows <c>await</c>.</summary>
    public static GradScope SetGradEnabled(bool on) => new(on, holder: new object());

    /// <summary>
    /// Computes the gradients of a sum of products of tensors and gradients, and adds them to <see cref="Tensor.Grad"/> of the leaves
    /// (<c>torch.autograd.backward</c>).
    /// </summary>
    /// <param name="tensors">The results to differentiate.</param>
    /// <param name="gradients">The gradient of each; null for scalars means 1.</param>
    /// <param name="retainGraph">Keep saved values for another pass; defaults to <paramref name="createGraph"/>.</param>
    /// <param name="createGraph">Record the gradients' operations, for higher derivatives.</param>
    /// <param name="inputs">The only tensors that accumulate; null for all leaves.</param>
    /// <exception cref="AutogradException">No graph, a freed graph, a non-scalar without gradient, or a gradient that does not fit.</exception>
    [OverloadResolutionPriority(1)]
    public static void Backward(
        IReadOnlyList<Tensor> tensors,
        IReadOnlyList<Tensor?>? gradients = null,
        bool? retainGraph = null,
        bool createGraph = false,
        IReadOnlyList<Tensor>? inputs = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ThrowIfInsideTransform();
        if (inputs is { Count: 0 })
        {
            throw new AutogradException("inputs argument to Backward cannot be empty.");
        }

        var (roots, seeds) = Seeds.Of(tensors, gradients);
        var targets = inputs is null ? null : Targets(inputs);
        foreach (var input in inputs ?? [])
        {
            // As in PyTorch, a result that is named as an input retains its gradient from then on.
            Leaves.RetainGrad(input);
        }

        Sweep.Run(roots, seeds, createGraph, retainGraph ?? createGraph, targets);
    }

    /// <summary>The same from one tensor into all leaves, which is what most passes are.</summary>
    internal static void Backward(Tensor tensor, Tensor? gradient, bool retainGraph, bool createGraph)
    {
        ThrowIfInsideTransform();
        var (root, seed) = Seeds.Of(tensor, gradient, 0);
        Sweep.Run([root], [seed], createGraph, retainGraph);
    }

    /// <summary>
    /// The gradients of outputs with respect to inputs, as values: nothing accumulates anywhere (<c>torch.autograd.grad</c>).
    /// </summary>
    /// <param name="outputs">The results to differentiate.</param>
    /// <param name="inputs">What to differentiate by; leaves or not.</param>
    /// <param name="gradOutputs">The gradient of each output; null for scalars means 1.</param>
    /// <param name="retainGraph">Keep saved values for another pass; defaults to <paramref name="createGraph"/>.</param>
    /// <param name="createGraph">Record the gradients' operations, for higher derivatives.</param>
    /// <param name="allowUnused">Give null for an input that the outputs do not depend on, instead of an error; defaults to
    /// <paramref name="materializeGrads"/>.</param>
    /// <param name="materializeGrads">Give zeros instead of null.</param>
    /// <param name="isGradsBatched">The gradients of outputs have a batch in front, and so have the results:
    /// one pass for each of it, all at once.</param>
    /// <returns>One gradient for each input.</returns>
    /// <exception cref="AutogradException">An input is unused or does not require grad, or as for <c>Backward</c>.</exception>
    // A collection expression converts to a tensor too; [x] must mean a list here.
    [OverloadResolutionPriority(1)]
    public static Tensor?[] Grad(
        IReadOnlyList<Tensor> outputs,
        IReadOnlyList<Tensor> inputs,
        IReadOnlyList<Tensor?>? gradOutputs = null,
        bool? retainGraph = null,
        bool createGraph = false,
        bool? allowUnused = null,
        bool materializeGrads = false,
        bool isGradsBatched = false)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(inputs);
        ThrowIfContradictory(inputs.Count, allowUnused, materializeGrads);
        var targets = Targets(inputs);
        if (isGradsBatched)
        {
            var batched = Batched(outputs, gradOutputs, createGraph, retainGraph ?? createGraph, targets);
            return Used(batched, allowUnused, materializeGrads, i => inputs[i].Layout, i => inputs[i].DType, gradOutputs![0]!.Layout.Sizes[0]);
        }

        var (roots, seeds) = Seeds.Of(outputs, gradOutputs);
        var captured = Sweep.Run(roots, seeds, createGraph, retainGraph ?? createGraph, targets, accumulates: false);
        return Used(captured, allowUnused, materializeGrads, i => inputs[i].Layout, i => inputs[i].DType);
    }

    /// <summary>The gradient of one output with respect to one input; see the general form.</summary>
    /// <exception cref="AutogradException">As for the general form.</exception>
    public static Tensor Grad(
        Tensor output, Tensor input, Tensor? gradOutput = null, bool? retainGraph = null, bool createGraph = false)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(input);
        return Grad([output], [input], gradOutput is null ? null : [gradOutput], retainGraph, createGraph)[0]!;
    }

    /// <summary>Raises <see cref="Warning"/>; for layers and functions of users.</summary>
    /// <param name="message">What is legal but probably not meant.</param>
    public static void Warn(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Warnings.Raise(message);
    }

    private static Edge[] Targets(IReadOnlyList<Tensor> inputs)
    {
        var targets = new Edge[inputs.Count];
        for (var i = 0; i < targets.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(inputs[i], nameof(inputs));
            targets[i] = Edge.To(inputs[i]);

            // A view may require grad because its base does, and have no place in a graph: it counts as unused.
            if (targets[i].Node is null && !inputs[i].RequiresGrad)
            {
                throw new AutogradException(
                    $"One of the differentiated Tensors does not require grad. It is input {i}, of shape " +
                    $"{Shape.Text(inputs[i].Layout.Sizes)}: set RequiresGrad = true before it is used.");
            }
        }

        return targets;
    }
}

/// <summary>A choice whether operations are recorded, which ends when it is disposed.</summary>
public readonly struct GradScope : IDisposable, IEquatable<GradScope>
{
    private readonly Recording.Choice? _choice;
    private readonly object? _holder;

    internal GradScope(bool on, object? holder = null)
    {
        _holder = holder;
        _choice = Recording.Set(on && !Inference.IsOn, isInference: null, holder);
    }

    /// <summary>Whether both restore the same choice.</summary>
    public static bool operator ==(GradScope left, GradScope right) => left.Equals(right);

    /// <summary>Whether both restore different choices.</summary>
    public static bool operator !=(GradScope left, GradScope right) => !left.Equals(right);

    /// <summary>
    /// Restores what was before, and so ends scopes that were opened inside of this one. Where it has ended already, and in a logical flow that it
    /// does not reach, this does nothing.
    /// </summary>
    public void Dispose()
    {
        if (_choice is not null)
        {
            Recording.Restore(_choice);
            GC.KeepAlive(_holder);
        }
    }

    /// <inheritdoc/>
    public bool Equals(GradScope other) => Equals(_choice, other._choice);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GradScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _choice?.GetHashCode() ?? 0;
}
