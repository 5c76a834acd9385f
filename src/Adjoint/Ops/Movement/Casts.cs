namespace Adjoint;

/// <content>PyTorch's short names of conversions; each gives the tensor itself if it has the dtype already.</content>
public sealed partial class Tensor
{
    /// <summary>The values in float64 (<c>Tensor.double</c>).</summary>
    public Tensor Double() => To(DType.Float64);

    /// <summary>The values in float32 (<c>Tensor.float</c>).</summary>
    public Tensor Float() => To(DType.Float32);

    /// <summary>The values in float16 (<c>Tensor.half</c>).</summary>
    public Tensor Half() => To(DType.Float16);

    /// <summary>The values in bfloat16 (<c>Tensor.bfloat16</c>).</summary>
    public Tensor BFloat16() => To(DType.BFloat16);

    /// <summary>The values in int64; fractions are cut off (<c>Tensor.long</c>).</summary>
    public Tensor Long() => To(DType.Int64);

    /// <summary>The values in int32; fractions are cut off (<c>Tensor.int</c>).</summary>
    public Tensor Int() => To(DType.Int32);

    /// <summary>The values in int16; fractions are cut off (<c>Tensor.short</c>).</summary>
    public Tensor Short() => To(DType.Int16);

    /// <summary>The values in int8, which C calls char; fractions are cut off (<c>Tensor.char</c>).</summary>
    public Tensor Char() => To(DType.Int8);

    /// <summary>The values in uint8; fractions are cut off (<c>Tensor.byte</c>).</summary>
    public Tensor Byte() => To(DType.UInt8);

    /// <summary>True where an element is not zero (<c>Tensor.bool</c>).</summary>
    public Tensor Bool() => To(DType.Bool);
}
