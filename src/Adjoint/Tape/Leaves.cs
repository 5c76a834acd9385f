using Adjoint.Memory;
using Adjoint.Watching;

namespace Adjoint.Tape;

/// <summary>PyTorch's rules for the properties that a user sets on tensors: <c>requires_grad</c>, <c>grad</c>, <c>retain_grad</c>.</summary>
internal static class Leaves
{
    /// <summary>What is said where something needs a tensor that requires grad.</summary>
    public const string AskFirst = "Set x.RequiresGrad = true on the inputs first, and check for Detach() or NoGrad on the way.";

    public static void SetRequiresGrad(Tensor tensor, bool value)
    {
        if (!tensor.IsLeaf)
        {
            throw new AutogradException(
                "you can only change requires_grad flags of leaf variables." +
                (value
                    ? string.Empty
                    : " If you want to use a computed variable in a subgraph that doesn't require differentiation use " +
                        "var_no_grad = var.detach(). In C#: var constant = variable.Detach();"));
        }

        if (value && !tensor.DType.IsFloatingPoint)
        {
            throw new AutogradException(
                "only Tensors of floating point and complex dtype can require gradients. This one is " +
                $"{tensor.DType.TorchName}; convert it first with To(DType.Float32).");
        }

        if (value && tensor.IsInference && !Inference.IsOn)
        {
            throw new AutogradException(
                "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed. In C#: x.Clone().RequiresGrad_().");
        }

        if (value || tensor.State is not null)
        {
            var state = tensor.EnsureState();
            lock (state)
            {
                state.Accumulator ??= new AccumulateGrad(tensor);
                state.RequiresGrad = value;
            }
        }
    }

    public static Tensor? GetGrad(Tensor tensor)
    {
        if (!tensor.IsLeaf && !tensor.RetainsGrad && tensor.State?.Grad is null)
        {
            Warnings.Raise(
                "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .Grad attribute won't be populated " +
                "during Autograd.Backward(). If you indeed want the .Grad field to be populated for a non-leaf Tensor, use .RetainGrad() " +
                "on the non-leaf Tensor. If you access the non-leaf Tensor by mistake, make sure you access the leaf Tensor instead.");
        }

        return tensor.State?.Grad;
    }

    public static void SetGrad(Tensor tensor, Tensor? gradient)
    {
        if (gradient is null)
        {
            if (tensor.State is { } state)
            {
                state.Grad = null;
            }

            return;
        }

        if (ReferenceEquals(gradient, tensor))
        {
            throw new AutogradException("can't assign Variable as its own grad. Assign a copy: x.Grad = x.Detach().Clone().");
        }

        if (!gradient.Layout.SameSizes(tensor.Layout))
        {
            throw new AutogradException(
                $"attempting to assign a gradient of size '{Shape.Text(gradient.Layout.Sizes)}' to a tensor of size " +
                $"'{Shape.Text(tensor.Layout.Sizes)}'. Please ensure that the gradient and the tensor are the same size. " +
                "x.Grad = null forgets the gradient; Tensor.ZerosLike(x) has its size.");
        }

        if (gradient.DType != tensor.DType)
        {
            throw new AutogradException(
                $"attempting to assign a gradient with dtype '{gradient.DType.TorchName}' to a tensor with dtype " +
                $"'{tensor.DType.TorchName}'. Please ensure that the gradient and the tensor have the same dtype. " +
                $"Convert it: g.To(x.DType).");
        }

        tensor.EnsureState().Grad = gradient;
        TensorScope.Spare(gradient);
    }

    public static void RetainGrad(Tensor tensor)
    {
        if (!tensor.RequiresGrad)
        {
            throw new AutogradException("can't retain_grad on Tensor that has requires_grad=False. " + AskFirst);
        }

        if (!tensor.IsLeaf)
        {
            tensor.EnsureState().RetainsGrad = true;
            tensor.GradFn!.EnsureHooks(tensor.OutputIndex).Retained = tensor;
        }
    }
}
