namespace Adjoint;

/// <content>The plus sign.</content>
public sealed partial class Tensor
{
    /// <summary>The tensor itself, as a plus sign before it says.</summary>
    /// <exception cref="DTypeException">The elements are truth values.</exception>
    public static Tensor operator +(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Positive();
    }

    /// <summary>The tensor itself.</summary>
    /// <exception cref="DTypeException">The elements are truth values.</exception>
    public Tensor Positive() => DType != DType.Bool
        ? this
        : throw new DTypeException("The `+` operator, on a bool tensor is not supported. Convert the tensor first: x.To(DType.Int64).");
}
