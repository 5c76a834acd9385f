using Adjoint.Families;

namespace Adjoint.Engine;

/// <summary>The gradients that a backward pass starts from, checked against the tensors they belong to.</summary>
internal static class Seeds
{
    public static (Edge[] Roots, Tensor[] Gradients) Of(IReadOnlyList<Tensor> tensors, IReadOnlyList<Tensor?>? gradients)
    {
        if (gradients is not null && gradients.Count != tensors.Count)
        {
            throw new AutogradException($"got {tensors.Count} tensors and {gradients.Count} gradients");
        }

        var roots = new Edge[tensors.Count];
        var seeds = new Tensor[tensors.Count];
        for (var i = 0; i < roots.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(tensors[i], nameof(tensors));
            (roots[i], seeds[i]) = Of(tensors[i], gradients?[i], i);
        }

        return (roots, seeds);
    }

    /// <summary>The same for one of several tensors.</summary>
    public static (Edge Root, Tensor Gradient) Of(Tensor tensor, Tensor? gradient, int index)
    {
        var root = Edge.To(tensor);
        var seed = gradient is null && root.Node is null ? tensor : Of(tensor.Layout, tensor.DType, gradient, index);
        if (root.Node is null)
        {
            throw new AutogradException(
                $"element {index} of tensors does not require grad and does not have a grad_fn. Set RequiresGrad = true on the inputs " +
                "before computing, and check for Detach() or NoGrad on the way.");
        }

        return (root, seed);
    }

    public static (Edge[] Roots, Tensor[] Gradients) Of(IReadOnlyList<GradientEdge> outputs, IReadOnlyList<Tensor?>? gradients)
    {
        if (gradients is not null && gradients.Count != outputs.Count)
        {
            throw new AutogradException($"got {outputs.Count} tensors and {gradients.Count} gradients");
        }

        var roots = new Edge[outputs.Count];
        var seeds = new Tensor[outputs.Count];
        for (var i = 0; i < roots.Length; i++)
        {
            var output = outputs[i].Checked(nameof(outputs), i);
            roots[i] = output.Edge;
            seeds[i] = Of(output.Layout, output.DType, gradients?[i], i);
        }

        return (roots, seeds);
    }

    /// <summary>The gradient of a scalar by itself, written without a loop: every training step begins with it.</summary>
    private static Tensor One(Layout layout, DType dtype)
    {
        var job = new OneJob { One = Op.Fresh(layout, dtype) };
        dtype.Visit(ref job);
        var one = job.One;
        one.IsTemporary = true;
        return one;
    }

    private static Tensor Of(Layout layout, DType dtype, Tensor? gradient, int index)
    {
        if (gradient is null)
        {
            return layout.Count == 1
                ? One(layout, dtype)
                : throw new AutogradException(
                    $"grad can be implicitly created only for scalar outputs. This output has shape {Shape.Text(layout.Sizes)}: " +
                    "reduce it first (y.Sum().Backward()) or pass a gradient of its shape (y.Backward(Tensor.OnesLike(y))).");
        }

        if (!gradient.Layout.SameSizes(layout))
        {
            throw new AutogradException(
                $"Mismatch in shape: grad_output[{index}] has a shape of {gradient.Shape} and output[{index}] has a shape of " +
                $"{layout.Shape}. The argument of Backward has the shape of the result: Tensor.OnesLike(y), or reduce the result with Sum() first.");
        }

        // A plain number becomes a tensor like any other.
        return gradient.IsNumber ? gradient.Clone() : gradient;
    }

    /// <summary>Writes a one.</summary>
    private struct OneJob : IDTypeJob
    {
        public Tensor One;

        void IDTypeJob.Truth() => One.Memory.AsSpan<byte>()[0] = 1;

        void IDTypeJob.Whole<T>() => One.Memory.AsSpan<T>()[0] = T.One;

        void IDTypeJob.Real<S, T, C>() => One.Memory.AsSpan<S>()[0] = C.Narrow(T.One);
    }
}
