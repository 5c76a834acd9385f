using System.Runtime.CompilerServices;
using Adjoint.Ops.Families;

namespace Adjoint.Engine;

/// <summary>
/// Keeps saved real tensors as numbers of 16 bits. The library has no such dtype, so they are bit patterns in an array; both formats round to the
/// nearest, ties to even.
/// </summary>
/// <param name="isHalf">IEEE half precision; else bfloat16.</param>
internal sealed class ShortHooks(bool isHalf) : SavedHooks
{
    public override Packed? Pack(Tensor tensor)
    {
        if (tensor.IsLeaf || !tensor.DType.IsFloatingPoint || tensor.Storage.ByteLength > int.MaxValue
            || tensor.Count > Array.MaxLength)
        {
            return null;
        }

        var dense = Op.Contiguous(tensor);
        var bits = new ushort[tensor.Count];
        var offset = checked((int)dense.Layout.Offset);
        var fits = tensor.DType switch
        {
            DType.Float32 => Narrow(dense.Storage.AsSpan<float>().Slice(offset, bits.Length), bits),
            DType.Float64 => Narrow(dense.Storage.AsSpan<double>().Slice(offset, bits.Length), bits),
            _ => false,
        };
        GC.KeepAlive(dense);
        return fits ? new ShortPacked(tensor, bits, isHalf) : null;
    }

    /// <summary>A number rounded to bfloat16, as bits.</summary>
    internal static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value)
            ? (ushort)((bits >> 16) | 0x40)
            : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    internal static float FromBFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>Rounds numbers; false if one is too large for the format.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Narrow(ReadOnlySpan<float> numbers, Span<ushort> bits)
    {
        for (var i = 0; i < bits.Length; i++)
        {
            var value = numbers[i];
            bits[i] = isHalf ? BitConverter.HalfToUInt16Bits((Half)value) : ToBFloat16(value);
            if (float.IsFinite(value) && !IsFinite(bits[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc cref="Narrow(ReadOnlySpan{float}, Span{ushort})"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Narrow(ReadOnlySpan<double> numbers, Span<ushort> bits)
    {
        for (var i = 0; i < bits.Length; i++)
        {
            var value = numbers[i];
            bits[i] = isHalf ? BitConverter.HalfToUInt16Bits((Half)value) : ToBFloat16((float)value);
            if (double.IsFinite(value) && !IsFinite(bits[i]))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsFinite(ushort bits)
    {
        var exponent = isHalf ? 0x7C00 : 0x7F80;
        return (bits & exponent) != exponent;
    }

    private sealed class ShortPacked(Tensor tensor, ushort[] bits, bool isHalf) : Packed(tensor)
    {
        private ushort[]? _bits = bits;

        public override string Form => isHalf ? "half" : "bfloat16";

        public override long HeldBytes => 2L * (_bits?.Length ?? 0);

        public override void Release() => _bits = null;

        private protected override Tensor Unpack(string name)
        {
            var kept = _bits ?? throw Saved.Freed();
            var wide = Op.Fresh(Layout, DType);
            switch (DType)
            {
                case DType.Float32:
                    Widen(kept, wide.Storage.AsSpan<float>());
                    break;
                case DType.Float64:
                    Widen(kept, wide.Storage.AsSpan<double>());
                    break;
                default:
                    throw DType.NotImplemented("saved_as_short");
            }

            GC.KeepAlive(wide);
            return wide;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Widen(ushort[] kept, Span<float> numbers)
        {
            for (var i = 0; i < kept.Length; i++)
            {
                numbers[i] = isHalf ? (float)BitConverter.UInt16BitsToHalf(kept[i]) : FromBFloat16(kept[i]);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Widen(ushort[] kept, Span<double> numbers)
        {
            for (var i = 0; i < kept.Length; i++)
            {
                numbers[i] = isHalf ? (double)BitConverter.UInt16BitsToHalf(kept[i]) : FromBFloat16(kept[i]);
            }
        }
    }
}
