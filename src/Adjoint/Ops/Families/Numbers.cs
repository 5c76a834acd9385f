using System.Runtime.CompilerServices;
using Adjoint.Memory;

namespace Adjoint.Ops.Families;

/// <summary>Scalars from plain numbers.</summary>
internal static class Numbers
{
    public static Tensor Of(double value) => Of(value, DType.Float64);

    public static Tensor Of(float value) => Of(value, DType.Float32);

    public static Tensor Of(long value) => Of(value, DType.Int64);

    public static Tensor Of(bool value) => Of(value ? (byte)1 : (byte)0, DType.Bool);

    /// <summary>A truth value that is not a plain number: what a comparison gives.</summary>
    public static Tensor Truth(bool value)
    {
        var result = Op.Fresh(Layout.Scalar, DType.Bool);
        result.Storage.Origin = value ? (byte)1 : (byte)0;
        return result;
    }

    /// <summary>A plain number in the dtype that an operator computes with.</summary>
    public static Tensor InDType(Tensor number, DType dtype)
    {
        ref var origin = ref number.Storage.Origin;
        return number.DType switch
        {
            DType.Float64 => Real(Unsafe.As<byte, double>(ref origin), dtype),
            DType.Float32 => Real(Unsafe.As<byte, float>(ref origin), dtype),
            DType.Int64 => Whole(Unsafe.As<byte, long>(ref origin), dtype),
            DType.Int32 => Whole(Unsafe.As<byte, int>(ref origin), dtype),
            DType.UInt8 or DType.Bool => Whole(origin, dtype),
            _ => throw number.DType.Undefined(),
        };
    }

    /// <summary>The first element of a tensor of whole numbers or truth values.</summary>
    public static long WholeOf(Tensor x) => x.DType switch
    {
        DType.Int64 => First<long>(x),
        DType.Int32 => First<int>(x),
        DType.UInt8 or DType.Bool => First<byte>(x),
        _ => throw new NotSupportedException($"{x.DType} is not whole."),
    };

    /// <summary>The first element of a tensor of reals.</summary>
    public static double RealOf(Tensor x) => x.DType switch
    {
        DType.Float64 => First<double>(x),
        DType.Float32 => First<float>(x),
        _ => throw new NotSupportedException($"{x.DType} is not real."),
    };

    /// <summary>Sets all elements, converted to the tensor's dtype.</summary>
    public static void Fill(Tensor tensor, double value) => Op.CopyInto(Of(value), tensor);

    private static T First<T>(Tensor x)
        where T : unmanaged
    {
        var value = Unsafe.Add(ref Unsafe.As<byte, T>(ref x.Storage.Origin), x.Layout.Offset);
        GC.KeepAlive(x);
        return value;
    }

    private static Tensor Real(double value, DType dtype) => dtype switch
    {
        DType.Float64 => Of(value, dtype),
        DType.Float32 => Of((float)value, dtype),
        DType.Bool => Of(value != 0 ? (byte)1 : (byte)0, dtype),
        DType.Int64 or DType.Int32 or DType.UInt8 => Whole((long)value, dtype),
        _ => throw dtype.Undefined(),
    };

    private static Tensor Whole(long value, DType dtype) => dtype switch
    {
        DType.Float64 => Of((double)value, dtype),
        DType.Float32 => Of((float)value, dtype),
        DType.Int64 => Of(value, dtype),
        DType.Int32 => Of((int)value, dtype),
        DType.UInt8 => Of((byte)value, dtype),
        DType.Bool => Of(value != 0 ? (byte)1 : (byte)0, dtype),
        _ => throw dtype.Undefined(),
    };

    private static Tensor Of<T>(T value, DType dtype)
        where T : unmanaged
    {
        var storage = Storage.Allocate(Unsafe.SizeOf<T>());
        Unsafe.As<byte, T>(ref storage.Origin) = value;
        return new Tensor(storage, Layout.Scalar, dtype) { IsNumber = true };
    }
}
