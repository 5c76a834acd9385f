using System.ComponentModel;
using System.Runtime.CompilerServices;
using Adjoint.Memory;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>
/// What C#'s literals become: plain numbers in expressions, and collection expressions. Element types follow C#: <c>float</c> is float32, <c>double</c>
/// float64, whole numbers int64, <c>bool</c> bool; a mix takes the widest.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TensorLiteral
{
    /// <summary>Makes a tensor of a collection expression; nested ones stack.</summary>
    /// <exception cref="ShapeException">Rows differ in shape.</exception>
    public static Tensor Create(ReadOnlySpan<Tensor> elements)
    {
        if (elements.Length == 0)
        {
            return Op.Fresh(Layout.Dense([0]), DTypeProperties.DefaultReal);
        }

        foreach (var element in elements)
        {
            if (!element.IsNumber)
            {
                return Tensor.Stack(elements.ToArray());
            }
        }

        // Plain numbers: the widest of their own types, so that no digit is lost.
        var dtype = elements[0].DType;
        foreach (var element in elements)
        {
            dtype = DTypeProperties.Promote(dtype, element.DType);
        }

        var result = Op.Fresh(Layout.Dense([elements.Length]), dtype);
        for (var i = 0; i < elements.Length; i++)
        {
            Op.CopyInto(elements[i], result.View(new Layout([], [], i)));
        }

        return result;
    }

    internal static Tensor Number(double value) => Number(value, DType.Float64);

    internal static Tensor Number(float value) => Number(value, DType.Float32);

    internal static Tensor Number(long value) => Number(value, DType.Int64);

    internal static Tensor Number(bool value) => Number(value ? (byte)1 : (byte)0, DType.Bool);

    /// <summary>A truth value that is not a plain number: what a comparison gives.</summary>
    internal static Tensor Truth(bool value)
    {
        var result = Op.Fresh(Layout.Scalar, DType.Bool);
        result.Storage.Origin = value ? (byte)1 : (byte)0;
        return result;
    }

    /// <summary>A plain number in the dtype that an operator computes with.</summary>
    internal static Tensor InDType(Tensor number, DType dtype)
    {
        ref var origin = ref number.Storage.Origin;
        return number.DType switch
        {
            DType.Float64 => Real(Unsafe.As<byte, double>(ref origin), dtype),
            DType.Float32 => Real(Unsafe.As<byte, float>(ref origin), dtype),
            DType.Int64 => Whole(Unsafe.As<byte, long>(ref origin), dtype),
            _ => Whole(origin, dtype),
        };
    }

    /// <summary>Sets all elements, converted to the tensor's dtype.</summary>
    internal static void Fill(Tensor tensor, double value) => Op.CopyInto(Number(value), tensor);

    private static Tensor Real(double value, DType dtype) => dtype switch
    {
        DType.Float64 => Number(value, dtype),
        DType.Float32 => Number((float)value, dtype),
        DType.Bool => Number(value != 0 ? (byte)1 : (byte)0, dtype),
        _ => Whole((long)value, dtype),
    };

    private static Tensor Whole(long value, DType dtype) => dtype switch
    {
        DType.Float64 => Number((double)value, dtype),
        DType.Float32 => Number((float)value, dtype),
        DType.Int64 => Number(value, dtype),
        DType.Int32 => Number((int)value, dtype),
        DType.UInt8 => Number((byte)value, dtype),
        _ => Number(value != 0 ? (byte)1 : (byte)0, dtype),
    };

    private static Tensor Number<T>(T value, DType dtype)
        where T : unmanaged
    {
        var storage = Storage.Allocate(Unsafe.SizeOf<T>());
        Unsafe.As<byte, T>(ref storage.Origin) = value;
        return new Tensor(storage, Layout.Scalar, dtype) { IsNumber = true };
    }
}
