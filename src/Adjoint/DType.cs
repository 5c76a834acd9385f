using System.Globalization;

namespace Adjoint;

/// <summary>The type of a tensor's elements.</summary>
public enum DType : byte
{
    /// <summary>True or false, one byte (<c>torch.bool</c>).</summary>
    Bool,

    /// <summary>Unsigned 8-bit integer (<c>torch.uint8</c>).</summary>
    UInt8,

    /// <summary>Signed 32-bit integer (<c>torch.int32</c>).</summary>
    Int32,

    /// <summary>Signed 64-bit integer (<c>torch.int64</c>), the default for integers.</summary>
    Int64,

    /// <summary>IEEE 754 single precision (<c>torch.float32</c>), the default for real numbers.</summary>
    Float32,

    /// <summary>IEEE 754 double precision (<c>torch.float64</c>).</summary>
    Float64,
}

/// <summary>Properties of a <see cref="DType"/>.</summary>
public static class DTypeProperties
{
    /// <summary>The dtype of real numbers where none is named.</summary>
    internal const DType DefaultReal = DType.Float32;

    /// <summary>By dtype: each tensor that is made asks, and a table answers sooner than a choice.</summary>
    private static ReadOnlySpan<byte> ItemSizes => [1, 1, 4, 8, 4, 8];

    extension(DType dtype)
    {
        /// <summary>Whether elements are real numbers, so that gradients can flow through them.</summary>
        public bool IsFloatingPoint => dtype is DType.Float32 or DType.Float64;

        /// <summary>Whether elements are whole numbers; <see cref="DType.Bool"/> is not.</summary>
        public bool IsInteger => dtype is DType.UInt8 or DType.Int32 or DType.Int64;

        /// <summary>The size of one element in bytes.</summary>
        /// <exception cref="DTypeException">The value is no member of the enumeration.</exception>
        public int ItemSize => (int)dtype < ItemSizes.Length ? ItemSizes[(int)dtype] : throw dtype.Undefined();

        /// <summary>PyTorch's name, such as <c>torch.float32</c>.</summary>
        /// <exception cref="DTypeException">The value is no member of the enumeration.</exception>
        public string TorchName => dtype switch
        {
            DType.Bool => "torch.bool",
            DType.UInt8 => "torch.uint8",
            DType.Int32 => "torch.int32",
            DType.Int64 => "torch.int64",
            DType.Float32 => "torch.float32",
            DType.Float64 => "torch.float64",
            _ => throw dtype.Undefined(),
        };

        /// <summary>PyTorch's name of the scalar type, such as <c>Float</c>, as its messages use it.</summary>
        internal string ScalarName => dtype switch
        {
            DType.Bool => "Bool",
            DType.UInt8 => "Byte",
            DType.Int32 => "Int",
            DType.Int64 => "Long",
            DType.Float32 => "Float",
            DType.Float64 => "Double",
            _ => throw dtype.Undefined(),
        };

        /// <summary>The C++ type, such as <c>float</c>, as some of PyTorch's messages have it.</summary>
        internal string CppName => dtype switch
        {
            DType.Bool => "bool",
            DType.UInt8 => "unsigned char",
            DType.Int32 => "int",
            DType.Int64 => "long int",
            DType.Float32 => "float",
            DType.Float64 => "double",
            _ => throw dtype.Undefined(),
        };

        /// <summary>The C++ type as PyTorch's messages about numbers that do not fit have it, such as <c>int64_t</c>.</summary>
        internal string CTypeName => dtype switch
        {
            DType.Bool => "bool",
            DType.UInt8 => "uint8_t",
            DType.Int32 => "int",
            DType.Int64 => "int64_t",
            DType.Float32 => "float",
            DType.Float64 => "double",
            _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "There is no such dtype."),
        };

        /// <summary>0 for bool, 1 for integers, 2 for reals: the order in which PyTorch promotes categories.</summary>
        internal int Category => dtype == DType.Bool ? 0 : dtype.IsFloatingPoint ? 2 : 1;

        /// <summary>What a choice by dtype throws where none of its arms fits: a number that is cast to the enumeration names no dtype.</summary>
        internal DTypeException Undefined() => new(
            string.Create(CultureInfo.InvariantCulture, $"{(int)dtype} is not a dtype. Use a member of DType, such as DType.Float32."));

        /// <summary>What a choice by dtype throws where a kernel has no arm for it.</summary>
        /// <param name="name">What PyTorch calls the kernel.</param>
        internal DTypeException NotImplemented(string name) => new(
            $"\"{name}\" not implemented for '{dtype.ScalarName}'. Convert the tensor first: x.To(DType.Float32).");
    }

    /// <summary>The smallest dtype that holds both (PyTorch's <c>promote_types</c>).</summary>
    internal static DType Promote(DType a, DType b)
    {
        // Within this set the enum's order is the promotion order, uint8 with int32 included.
        return a > b ? a : b;
    }
}
