using Adjoint.Engine;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>
/// Trades time for memory: what the operations of a function save is not kept but computed again when the backward pass needs it
/// (<c>torch.utils.checkpoint</c> with <c>use_reentrant=False</c>, the only form here). Works with every way to ask for gradients, to any order,
/// inside of another checkpoint, and for tensors that the function captures instead of taking them as inputs.
/// </summary>
/// <example><code>
/// var y = Checkpoint.Run(x => block.Forward(x), x);
/// </code></example>
public static partial class Checkpoint
{
    /// <summary>Runs a function of one tensor whose saved values are computed again in the backward pass.</summary>
    /// <typeparam name="Y">What the function returns: a tensor, an array or tuple of tensors, anything.</typeparam>
    /// <param name="function">
    /// Runs now, and again once in each backward pass that needs it. It must do the same both times. It runs synchronously and returns nothing lazy.
    /// </param>
    /// <param name="x">Its input, which must not be changed in place before the backward pass.</param>
    /// <param name="options">What is kept, restored and checked; null for the defaults.</param>
    /// <exception cref="AutogradException">
    /// Saved-tensor hooks are disabled; in the backward pass: the second run saved other tensors than the first.
    /// </exception>
    public static Y Run<Y>(Func<Tensor, Y> function, Tensor x, CheckpointOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(x);
        return CheckpointFrame.Run(inputs => function(inputs[0]), [x], options);
    }

    /// <summary>Runs a function of two tensors; see the form for one.</summary>
    /// <exception cref="AutogradException">As there.</exception>
    public static Y Run<Y>(Func<Tensor, Tensor, Y> function, Tensor x, Tensor y, CheckpointOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return CheckpointFrame.Run(inputs => function(inputs[0], inputs[1]), [x, y], options);
    }

    /// <summary>Runs a function of any number of tensors; see the form for one.</summary>
    /// <exception cref="AutogradException">As there.</exception>
    public static Y Run<Y>(Func<Tensor[], Y> function, Tensor[] inputs, CheckpointOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(inputs);
        return CheckpointFrame.Run(function, inputs, options);
    }

    /// <summary>Runs a function that captures all of its inputs; see the form for one input. What it captures stays in memory.</summary>
    /// <exception cref="AutogradException">As there.</exception>
    public static Y Run<Y>(Func<Y> function, CheckpointOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return CheckpointFrame.Run(_ => function(), [], options);
    }

    /// <summary>
    /// A sequence of segments that keeps what it saves within a budget of bytes: sizes and times are measured in the first run, and from then on
    /// those segments are computed again that cost the least time for the bytes that have to go. Keep the object between runs.
    /// </summary>
    /// <param name="maxBytes">
    /// The most bytes that saved tensors may take at any moment between the end of the forward pass and that of the backward pass; parameters and the
    /// input, which exist anyway, do not count. It holds for passes that let saved values go, which is the default.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The budget is negative.</exception>
    /// <example><code>
    /// var auto = Checkpoint.Auto(512L &lt;&lt; 20);
    /// foreach (var batch in batches) { Loss(auto.Run(blocks, batch)).Backward(); ... }
    /// </code></example>
    public static AutoCheckpoint Auto(long maxBytes)
    {
        Limits.ThrowIfNegative(maxBytes);
        return new AutoCheckpoint(maxBytes);
    }

    /// <summary>
    /// Runs functions after each other in segments, each of them a checkpoint but the last, whose values are needed first
    /// (<c>torch.utils.checkpoint.checkpoint_sequential</c>).
    /// </summary>
    /// <param name="functions">The functions; each takes what the one before returns.</param>
    /// <param name="segments">How many segments to form, of about the same number of functions.</param>
    /// <param name="x">The input of the first.</param>
    /// <param name="options">What is kept, restored and checked; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many functions, or no segments.</exception>
    /// <exception cref="AutogradException">A function returned null.</exception>
    public static Tensor Sequential(
        IReadOnlyList<Func<Tensor, Tensor>> functions, int segments, Tensor x, CheckpointOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(functions);
        ArgumentNullException.ThrowIfNull(x);
        for (var i = 0; i < functions.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(functions[i], nameof(functions));
        }

        Limits.ThrowIfLessThan(segments, 1);
        Limits.ThrowIfGreaterThan(segments, functions.Count);
        var size = functions.Count / segments;
        for (var segment = 0; segment < segments; segment++)
        {
            var start = segment * size;
            var end = segment == segments - 1 ? functions.Count : start + size;
            x = segment == segments - 1 ? Through(start, end, x) : Run(y => Through(start, end, y), x, options);
        }

        return x;

        Tensor Through(int start, int end, Tensor y)
        {
            for (var i = start; i < end; i++)
            {
                y = Step(functions, i, y);
            }

            return y;
        }
    }

    /// <summary>Runs one function of a sequence, so that a null is reported where it arises and not where the next function meets it.</summary>
    internal static Tensor Step(IReadOnlyList<Func<Tensor, Tensor>> functions, int place, Tensor x) =>
        functions[place](x) ?? throw new AutogradException(
            $"function {place} of a checkpointed sequence returned null. Each has to return a tensor, which is what the next one takes.");
}
