namespace Adjoint.Gate;

/// <summary>Refuses operands of which none is real, in the name of PyTorch's kernel, where a function of reals does not convert whole
/// numbers.</summary>
internal static class RealOperands
{
    /// <summary>The dtype that the operands promote to.</summary>
    /// <exception cref="DTypeException">It is not real.</exception>
    public static DType Of<O>(string kernel, params ReadOnlySpan<Tensor> operands)
        where O : struct
    {
        foreach (var operand in operands)
        {
            Operands.ThrowIfNull<O>(operand, "y");
        }

        var dtype = Promotion.ResultType(operands);
        return dtype.IsFloatingPoint ? dtype : throw dtype.NotImplemented(kernel);
    }
}
