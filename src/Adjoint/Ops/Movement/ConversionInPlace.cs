using Adjoint.Families;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint;

/// <content>Giving a tensor itself another dtype.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Gives this tensor itself another dtype, its gradient too: what <c>Module.to</c> of PyTorch does to each parameter, so that whoever holds the
    /// parameter sees the new one. The values move to new memory; views that were made before, and what this was a view of, keep the old. Not
    /// recorded: a graph that saved the tensor or flows into it cannot be swept any more.
    /// </summary>
    /// <param name="dtype">The dtype; values are rounded to it.</param>
    /// <returns>The same tensor.</returns>
    /// <exception cref="AutogradException">It is the result of a recorded operation, or a stand-in inside a transform; or it requires grad and the
    /// dtype has no gradients.</exception>
    public Tensor To_(DType dtype)
    {
        ArgumentNullException.ThrowIfNull(dtype);
        InPlace.ThrowIfTraced(this);
        if (!IsLeaf || Base is { RequiresGrad: true })
        {
            throw new AutogradException("only a leaf can be given another dtype in-place. Use y = x.To(dtype), which is recorded.");
        }

        if (State is { Life.Refuser.IsAlive: true } or { IsArgument: true })
        {
            throw new AutogradException("a transform that is running reads this tensor. Use y = x.To(dtype).");
        }

        if (RequiresGrad && !dtype.IsFloatingPoint)
        {
            throw new AutogradException(
                $"only Tensors of floating point and complex dtype can require gradients, and {dtype.TorchName} is none. Set RequiresGrad to false " +
                "first.");
        }

        if (dtype == DType)
        {
            return this;
        }

        // No TensorScope around the call takes it: it lives as long as this tensor.
        using (TensorScope.Suspend())
        {
            var gradient = State?.Grad;
            Become(Op.Convert(this, dtype));
            if (State is { } state)
            {
                state.Grad = gradient is null ? null : Op.Convert(gradient, dtype);
                state.Accumulator = (state.Accumulator as AccumulateGrad)?.Renewed();
            }
        }

        if (Observation.IsOn)
        {
            Observation.Unrecorded(nameof(To_), this, [this]);
        }

        return this;
    }
}
