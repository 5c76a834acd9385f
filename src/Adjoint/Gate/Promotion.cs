namespace Adjoint.Gate;

/// <summary>
/// PyTorch's type promotion: tensors with dimensions decide; scalars count only if their category (bool, integer, real) is higher; plain numbers
/// only if theirs is higher still.
/// </summary>
internal static class Promotion
{
    /// <summary>The dtype of the result of an operator on these tensors (<c>torch.result_type</c>).</summary>
    public static DType ResultType(params ReadOnlySpan<Tensor> tensors)
    {
        DType? dimensioned = null;
        DType? scalar = null;
        DType? number = null;
        foreach (var tensor in tensors)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            ref var slot = ref dimensioned;
            if (tensor.IsNumber)
            {
                slot = ref number;
            }
            else if (tensor.Rank == 0)
            {
                slot = ref scalar;
            }

            var dtype = tensor.IsNumber && tensor.DType.IsFloatingPoint ? DType.DefaultReal : tensor.DType;
            slot = slot is { } known ? DType.Promote(known, dtype) : dtype;
        }

        return Combine(Combine(dimensioned, scalar), number)!;
    }

    /// <inheritdoc cref="ResultType(ReadOnlySpan{Tensor})"/>
    public static DType ResultType(TensorType[] types)
    {
        DType? dimensioned = null;
        DType? scalar = null;
        DType? number = null;
        foreach (var type in types)
        {
            ref var slot = ref dimensioned;
            if (type.IsNumber)
            {
                slot = ref number;
            }
            else if (type.Layout.Rank == 0)
            {
                slot = ref scalar;
            }

            var dtype = type.IsNumber && type.DType.IsFloatingPoint ? DType.DefaultReal : type.DType;
            slot = slot is { } known ? DType.Promote(known, dtype) : dtype;
        }

        return Combine(Combine(dimensioned, scalar), number)!;
    }

    private static DType? Combine(DType? strong, DType? weak)
    {
        if (strong is not { } first)
        {
            return weak;
        }

        return weak is { } second && second.Category > first.Category ? DType.Promote(first, second) : first;
    }
}
