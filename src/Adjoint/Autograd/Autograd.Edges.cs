using Adjoint.Engine;
using Adjoint.Interpreters;
using Adjoint.Tape;
using Adjoint.Transforms;

namespace Adjoint;

/// <content>Passes that start or end at places in the graph, and batches of passes.</content>
public static partial class Autograd
{
    /// <summary><see cref="Backward(IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, bool?, bool, IReadOnlyList{Tensor})"/>
    /// from places in the graph.</summary>
    /// <param name="outputs">Where to start.</param>
    /// <param name="gradients">The gradient of each; null for scalars means 1.</param>
    /// <param name="retainGraph">Keep saved values for another pass; defaults to <paramref name="createGraph"/>.</param>
    /// <param name="createGraph">Record the gradients' operations, for higher derivatives.</param>
    /// <param name="inputs">The ends of the only leaves that accumulate; null for all leaves.</param>
    /// <exception cref="AutogradException">As there; or an input is not the end of a leaf.</exception>
    public static void Backward(
        IReadOnlyList<GradientEdge> outputs,
        IReadOnlyList<Tensor?>? gradients = null,
        bool? retainGraph = null,
        bool createGraph = false,
        IReadOnlyList<GradientEdge>? inputs = null)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ThrowIfInsideTransform();
        if (inputs is { Count: 0 })
        {
            throw new AutogradException("inputs argument to Backward cannot be empty.");
        }

        var (roots, seeds) = Seeds.Of(outputs, gradients);
        var targets = inputs is null ? null : Ends(inputs, nameof(inputs));
        for (var i = 0; i < targets?.Length; i++)
        {
            if (targets[i].Node is not AccumulateGrad)
            {
                throw new AutogradException(
                    $"element {i} of inputs is output {targets[i].Index} of {targets[i].Node!.Name}, where no tensor keeps a gradient. Name the " +
                    "tensor instead, or take the gradient as a value with Autograd.Grad.");
            }
        }

        Sweep.Run(roots, seeds, createGraph, retainGraph ?? createGraph, targets);
    }

    /// <summary>
    /// <see cref="Grad(IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, bool?, bool, bool?, bool, bool)"/>
    /// between places in the graph.
    /// </summary>
    /// <param name="outputs">What to differentiate.</param>
    /// <param name="inputs">What to differentiate by.</param>
    /// <param name="gradOutputs">The gradient of each output; null for scalars means 1.</param>
    /// <param name="retainGraph">Keep saved values for another pass; defaults to <paramref name="createGraph"/>.</param>
    /// <param name="createGraph">Record the gradients' operations, for higher derivatives.</param>
    /// <param name="allowUnused">Give null for an input that the outputs do not depend on, instead of an error; defaults to
    /// <paramref name="materializeGrads"/>.</param>
    /// <param name="materializeGrads">Give zeros instead of null.</param>
    /// <returns>One gradient for each input.</returns>
    /// <exception cref="AutogradException">As there.</exception>
    public static Tensor?[] Grad(
        IReadOnlyList<GradientEdge> outputs,
        IReadOnlyList<GradientEdge> inputs,
        IReadOnlyList<Tensor?>? gradOutputs = null,
        bool? retainGraph = null,
        bool createGraph = false,
        bool? allowUnused = null,
        bool materializeGrads = false)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(inputs);
        ThrowIfContradictory(inputs.Count, allowUnused, materializeGrads);
        var (roots, seeds) = Seeds.Of(outputs, gradOutputs);
        var captured = Sweep.Run(roots, seeds, createGraph, retainGraph ?? createGraph, Ends(inputs, nameof(inputs)), accumulates: false);
        return Used(captured, allowUnused, materializeGrads, i => inputs[i].Layout, i => inputs[i].DType);
    }

    /// <summary>One pass for each of a batch of gradients, all at once where every derivative has a batching rule.</summary>
    private static Tensor?[] Batched(
        IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor?>? gradients, bool createGraph, bool retains, Edge[] targets)
    {
        if (gradients is null || gradients.Count != outputs.Count || gradients.Any(gradient => gradient is null))
        {
            throw new AutogradException(
                "isGradsBatched needs a batch of gradients for each output: pass gradOutputs of the outputs' shapes with the batch in front.");
        }

        for (var i = 0; i < outputs.Count; i++)
        {
            var sizes = gradients[i]!.Layout.Sizes;
            if (sizes.Length == 0 || !sizes.AsSpan(1).SequenceEqual(outputs[i].Layout.Sizes))
            {
                throw new AutogradException(
                    "If `is_grads_batched=True`, we interpret the first dimension of each grad_output as the batch dimension. The sizes of the " +
                    $"remaining dimensions are expected to match the shape of corresponding output, but a mismatch was detected: grad_output[{i}] " +
                    $"has a shape of {gradients[i]!.Shape} and output[{i}] has a shape of {outputs[i].Shape}. If you only want some tensors in " +
                    "`grad_output` to be considered batched, consider using Transform.Vmap.");
            }
        }

        var (roots, _) = Seeds.Of(outputs, [.. outputs.Select(output => Tensor.ZerosLike(output))]);
        Tensor[] seeds = [.. gradients.Select(gradient => gradient!)];
        bool[] found = [];
        var arrived = new Batching(0, Randomness.Error, chunkSize: null).Run(
            seeds,
            Array.ConvertAll(seeds, _ => (int?)0),
            sample =>
            {
                // Where a derivative has no batching rule this runs again, so nothing is let go before the end.
                var captured = Sweep.Run(roots, sample, createGraph, retains: true, targets, accumulates: false);
                found = Array.ConvertAll(captured, gradient => gradient is not null);
                return Array.FindAll(captured, gradient => gradient is not null).Select(gradient => gradient!).ToArray();
            });
        if (!retains)
        {
            Sweep.Free(roots, targets);
        }

        var next = 0;
        return Array.ConvertAll(found, isThere => isThere ? arrived[next++] : null);
    }

    private static Edge[] Ends(IReadOnlyList<GradientEdge> inputs, string name)
    {
        var targets = new Edge[inputs.Count];
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = inputs[i].Checked(name, i).Edge;
        }

        return targets;
    }

    private static void ThrowIfInsideTransform()
    {
        if (Nesting.Depth > 0)
        {
            throw new AutogradException(
                "backward() called inside a functorch transform. This is not supported, please use functorch.grad or functorch.vjp instead or " +
                "call backward() outside of functorch transforms. In C#: Transform.Grad or Transform.Vjp, which nest.");
        }
    }

    private static void ThrowIfContradictory(int inputs, bool? allowUnused, bool materializeGrads)
    {
        if (inputs == 0)
        {
            throw new AutogradException("grad requires non-empty inputs.");
        }

        if (materializeGrads && allowUnused == false)
        {
            throw new AutogradException(
                "Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.");
        }
    }

    /// <summary>The gradients, with zeros for those that are missing if they are wanted so.</summary>
    private static Tensor?[] Used(
        Tensor?[] captured, bool? allowUnused, bool materializeGrads, Func<int, Layout> layoutOf, Func<int, DType> dtypeOf, int? batch = null)
    {
        for (var i = 0; i < captured.Length; i++)
        {
            if (captured[i] is null && materializeGrads)
            {
                var sizes = layoutOf(i).Sizes;
                captured[i] = Tensor.Zeros(batch is { } count ? [count, .. sizes] : sizes, dtypeOf(i));
            }
            else if (captured[i] is null && allowUnused != true)
            {
                throw new AutogradException(
                    "One of the differentiated Tensors appears to not have been used in the graph. Set allowUnused: true if this is the " +
                    $"desired behavior. It is input {i}, of shape {Shape.Text(layoutOf(i).Sizes)}.");
            }
        }

        return captured;
    }
}
