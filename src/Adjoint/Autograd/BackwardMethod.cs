using Adjoint.Engine;

namespace Adjoint;

/// <summary>Autograd as methods of tensors.</summary>
public static class BackwardMethod
{
    extension(Tensor x)
    {
        /// <summary>
        /// Computes the gradients of this tensor and adds them to <see cref="Tensor.Grad"/> of the leaves it depends on
        /// (<c>torch.Tensor.backward</c>).
        /// </summary>
        /// <param name="gradient">The gradient of this tensor, of its shape; null means 1 for a scalar.</param>
        /// <param name="retainGraph">Keep saved values for another pass; defaults to <paramref name="createGraph"/>.</param>
        /// <param name="createGraph">Record the gradients' operations, for higher derivatives.</param>
        /// <param name="inputs">The only tensors that accumulate; null for all leaves.</param>
        /// <exception cref="AutogradException">No graph, a freed graph, a non-scalar without gradient, or a gradient that does not fit.</exception>
        public void Backward(
            Tensor? gradient = null, bool? retainGraph = null, bool createGraph = false, IReadOnlyList<Tensor>? inputs = null)
        {
            ArgumentNullException.ThrowIfNull(x);
            Autograd.Backward([x], gradient is null ? null : [gradient], retainGraph, createGraph, inputs);
        }

        /// <summary>Says whether operations on this leaf are recorded; returns the tensor.</summary>
        /// <exception cref="AutogradException">Set to false on a non-leaf, or to true on a dtype without gradients.</exception>
        public Tensor RequiresGrad_(bool requiresGrad = true)
        {
            ArgumentNullException.ThrowIfNull(x);
            if (x.IsLeaf || !requiresGrad)
            {
                x.RequiresGrad = requiresGrad;
            }

            return x;
        }

        /// <summary>Keeps the gradient of a non-leaf in <see cref="Tensor.Grad"/> too; does nothing on a leaf.</summary>
        /// <exception cref="AutogradException">The tensor does not require grad.</exception>
        public void RetainGrad()
        {
            ArgumentNullException.ThrowIfNull(x);
            Leaves.RetainGrad(x);
        }

        /// <summary>Forgets the gradient, so that the next pass starts anew.</summary>
        /// <param name="setToNull">Set <see cref="Tensor.Grad"/> to null; otherwise fill it with zeros.</param>
        public void ZeroGrad(bool setToNull = true)
        {
            ArgumentNullException.ThrowIfNull(x);
            if (setToNull)
            {
                x.Grad = null;
            }
            else if (x.State?.Grad is { } gradient)
            {
                x.Grad = gradient.RequiresGrad ? gradient.Detach() : gradient;
                x.State!.Grad!.Zero_();
            }
        }
    }
}
