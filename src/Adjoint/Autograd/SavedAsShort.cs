using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Families;
using Adjoint.Tape;

namespace Adjoint.Engine;

/// <summary>
/// Keeps saved real tensors as numbers of 16 bits; both formats round to the nearest, ties to even. Tensors that are stored so anyway stay as they
/// are.
/// </summary>
/// <param name="isHalf">IEEE half precision; else bfloat16.</param>
internal sealed class ShortHooks(bool isHalf) : SavedHooks
{
    public override Packed? Pack(Tensor tensor)
    {
        if (tensor.IsLeaf || !tensor.DType.IsFloatingPoint || tensor.DType.IsNarrow || tensor.Storage.ByteLength > int.MaxValue
            || tensor.Count > Array.MaxLength)
        {
            return null;
        }

        var dense = Op.Contiguous(tensor);
        var bits = new ushort[tensor.Count];
        var offset = checked((int)dense.Layout.Offset);
        var job = new Narrowing { Dense = dense, Offset = offset, Bits = bits, Hooks = this };
        tensor.DType.VisitReal(ref job, "saved_as_short");
        GC.KeepAlive(dense);
        return job.Fits ? new ShortPacked(tensor, bits, isHalf) : null;
    }

    /// <summary>Rounds numbers; false if one is too large for the format.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Narrow<T>(ReadOnlySpan<T> numbers, Span<ushort> bits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var i = 0; i < bits.Length; i++)
        {
            var value = numbers[i];
            bits[i] = isHalf ? BitConverter.HalfToUInt16Bits(Half.CreateTruncating(value)) : ((BFloat16)float.CreateTruncating(value)).ToBits();
            if (T.IsFinite(value) && !IsFinite(bits[i]))
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen<T>(ushort[] kept, Span<T> numbers, bool isHalf)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var i = 0; i < kept.Length; i++)
        {
            numbers[i] = T.CreateTruncating(isHalf ? (float)BitConverter.UInt16BitsToHalf(kept[i]) : BFloat16.FromBits(kept[i]));
        }
    }

    private bool IsFinite(ushort bits)
    {
        var exponent = isHalf ? 0x7C00 : 0x7F80;
        return (bits & exponent) != exponent;
    }

    /// <summary>Rounds elements.</summary>
    private struct Narrowing : IRealJob
    {
        public Tensor Dense;
        public int Offset;
        public ushort[] Bits;
        public ShortHooks Hooks;
        public bool Fits;

        void IRealJob.Run<T>() => Fits = Hooks.Narrow<T>(Dense.Storage.AsSpan<T>().Slice(Offset, Bits.Length), Bits);
    }

    /// <summary>Widens elements.</summary>
    private struct Widening : IRealJob
    {
        public Tensor Wide;
        public ushort[] Bits;
        public bool IsHalf;

        readonly void IRealJob.Run<T>() => Widen(Bits, Wide.Storage.AsSpan<T>(), IsHalf);
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
            DType.VisitReal(new Widening { Wide = wide, Bits = kept, IsHalf = isHalf }, "saved_as_short");
            GC.KeepAlive(wide);
            return wide;
        }

    }
}
