using System.Runtime.InteropServices;

namespace Adjoint.Onnx.Wire;

/// <summary>Dtypes by their numbers in ONNX, and elements as its files have them: little endian, in row-major order.</summary>
internal static class ElementTypes
{
    private static readonly (int Number, DType DType)[] Known =
    [
        (1, DType.Float32), (2, DType.UInt8), (3, DType.Int8), (4, DType.UInt16), (5, DType.Int16), (6, DType.Int32), (7, DType.Int64),
        (9, DType.Bool), (10, DType.Float16), (11, DType.Float64), (12, DType.UInt32), (13, DType.UInt64), (16, DType.BFloat16),
    ];

    /// <summary>The number of a dtype.</summary>
    public static int Of(DType dtype) => Array.Find(Known, pair => pair.DType == dtype) is { Number: > 0 } known
        ? known.Number
        : throw new OnnxException($"{dtype} has no form in ONNX. Convert it with To(DType.Float32).");

    /// <summary>The dtype of a number; null for one that is not read.</summary>
    public static DType? DTypeOf(long number) => Array.Find(Known, pair => pair.Number == number).DType;

    /// <summary>The dtype of a number.</summary>
    public static DType Named(long number) =>
        DTypeOf(number) ?? throw new OnnxException($"Elements of type {number} are not read; real and whole numbers and truth values are.");

    /// <summary>The elements of a tensor as bytes.</summary>
    public static byte[] Bytes(Tensor x)
    {
        var dense = x.Detach();
        var bytes = dense.DType.ItemSize switch
        {
            1 when dense.DType == DType.Bool => MemoryMarshal.AsBytes(dense.ToArray<bool>().AsSpan()).ToArray(),
            1 when dense.DType == DType.Int8 => MemoryMarshal.AsBytes(dense.ToArray<sbyte>().AsSpan()).ToArray(),
            1 => dense.ToArray<byte>(),
            2 when dense.DType == DType.Float16 => MemoryMarshal.AsBytes(dense.ToArray<Half>().AsSpan()).ToArray(),
            2 when dense.DType == DType.BFloat16 => MemoryMarshal.AsBytes(dense.ToArray<BFloat16>().AsSpan()).ToArray(),
            2 when dense.DType == DType.Int16 => MemoryMarshal.AsBytes(dense.ToArray<short>().AsSpan()).ToArray(),
            2 => MemoryMarshal.AsBytes(dense.ToArray<ushort>().AsSpan()).ToArray(),
            4 when dense.DType == DType.Float32 => MemoryMarshal.AsBytes(dense.ToArray<float>().AsSpan()).ToArray(),
            4 when dense.DType == DType.Int32 => MemoryMarshal.AsBytes(dense.ToArray<int>().AsSpan()).ToArray(),
            4 => MemoryMarshal.AsBytes(dense.ToArray<uint>().AsSpan()).ToArray(),
            _ when dense.DType == DType.Float64 => MemoryMarshal.AsBytes(dense.ToArray<double>().AsSpan()).ToArray(),
            _ when dense.DType == DType.Int64 => MemoryMarshal.AsBytes(dense.ToArray<long>().AsSpan()).ToArray(),
            _ => MemoryMarshal.AsBytes(dense.ToArray<ulong>().AsSpan()).ToArray(),
        };
        Order(bytes, x.DType.ItemSize);
        return bytes;
    }

    /// <summary>A tensor of bytes, of which there are as many as sizes and dtype say.</summary>
    public static Tensor Read(ReadOnlySpan<byte> from, int[] sizes, DType dtype)
    {
        var bytes = from.ToArray();
        Order(bytes, dtype.ItemSize);
        if (dtype == DType.Bool)
        {
            return Tensor.FromArray(Array.ConvertAll(bytes, value => value != 0)).Reshape(sizes);
        }

        var flat = dtype.ItemSize switch
        {
            1 when dtype == DType.Int8 => Tensor.FromArray(Cast<sbyte>(bytes)),
            1 => Tensor.FromArray(bytes),
            2 when dtype == DType.Float16 => Tensor.FromArray(Cast<Half>(bytes)),
            2 when dtype == DType.BFloat16 => Tensor.FromArray(Cast<BFloat16>(bytes)),
            2 when dtype == DType.Int16 => Tensor.FromArray(Cast<short>(bytes)),
            2 => Tensor.FromArray(Cast<ushort>(bytes)),
            4 when dtype == DType.Float32 => Tensor.FromArray(Cast<float>(bytes)),
            4 when dtype == DType.Int32 => Tensor.FromArray(Cast<int>(bytes)),
            4 => Tensor.FromArray(Cast<uint>(bytes)),
            _ when dtype == DType.Float64 => Tensor.FromArray(Cast<double>(bytes)),
            _ when dtype == DType.Int64 => Tensor.FromArray(Cast<long>(bytes)),
            _ => Tensor.FromArray(Cast<ulong>(bytes)),
        };
        return flat.Reshape(sizes);
    }

    private static T[] Cast<T>(byte[] bytes)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes).ToArray();

    /// <summary>From the machine's order to the file's, or back.</summary>
    private static void Order(Span<byte> bytes, int itemSize)
    {
        for (var i = 0; !BitConverter.IsLittleEndian && itemSize > 1 && i < bytes.Length; i += itemSize)
        {
            bytes.Slice(i, itemSize).Reverse();
        }
    }
}
