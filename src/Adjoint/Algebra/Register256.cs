using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Algebra;

/// <summary>Registers of 256 bits.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly unsafe struct Register256<T> : IRegister<T, Vector256<T>>
    where T : unmanaged
{
    public static int Count => Vector256<T>.Count;

    public static bool AreMany => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Load(T* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LoadFirst(T* from, int count)
    {
        if (!Avx512F.VL.IsSupported)
        {
            return Masked(from, count);
        }

        return typeof(T) == typeof(float)
            ? Avx512F.VL.MaskLoad((float*)from, First(count).As<T, float>(), Splat(*from).As<T, float>()).As<float, T>()
            : Avx512F.VL.MaskLoad((double*)from, First(count).As<T, double>(), Splat(*from).As<T, double>()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<T> value, T* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Vector256<T> value, T* to, int count)
    {
        if (!Avx512F.VL.IsSupported)
        {
            MaskedInto(value, to, count);
        }
        else if (typeof(T) == typeof(float))
        {
            Avx512F.VL.MaskStore((float*)to, First(count).As<T, float>(), value.As<T, float>());
        }
        else
        {
            Avx512F.VL.MaskStore((double*)to, First(count).As<T, double>(), value.As<T, double>());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreStreamed(Vector256<T> value, T* to) => value.StoreAlignedNonTemporal(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Splat(T value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Add(Vector256<T> x, Vector256<T> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Subtract(Vector256<T> x, Vector256<T> y) => x - y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Multiply(Vector256<T> x, Vector256<T> y) => x * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Divide(Vector256<T> x, Vector256<T> y) => x / y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Negate(Vector256<T> x) => -x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd(Vector256<T> x, Vector256<T> y, Vector256<T> z) => typeof(T) == typeof(float)
        ? Vector256.MultiplyAddEstimate(x.As<T, float>(), y.As<T, float>(), z.As<T, float>()).As<float, T>()
        : Vector256.MultiplyAddEstimate(x.As<T, double>(), y.As<T, double>(), z.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> FusedMultiplyAdd(Vector256<T> x, Vector256<T> y, Vector256<T> z) => typeof(T) == typeof(float)
        ? Vector256.FusedMultiplyAdd(x.As<T, float>(), y.As<T, float>(), z.As<T, float>()).As<float, T>()
        : Vector256.FusedMultiplyAdd(x.As<T, double>(), y.As<T, double>(), z.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Abs(Vector256<T> x) => Vector256.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Sqrt(Vector256<T> x) => Vector256.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Floor(Vector256<T> x) => typeof(T) == typeof(float)
        ? Vector256.Floor(x.As<T, float>()).As<float, T>()
        : Vector256.Floor(x.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Round(Vector256<T> x) => typeof(T) == typeof(float)
        ? Vector256.Round(x.As<T, float>()).As<float, T>()
        : Vector256.Round(x.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Max(Vector256<T> x, Vector256<T> y) => Vector256.Max(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Min(Vector256<T> x, Vector256<T> y) => Vector256.Min(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MaxNative(Vector256<T> x, Vector256<T> y) => Vector256.MaxNative(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MinNative(Vector256<T> x, Vector256<T> y) => Vector256.MinNative(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> CopySign(Vector256<T> size, Vector256<T> sign) => Vector256.CopySign(size, sign);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Less(Vector256<T> x, Vector256<T> y) => Vector256.LessThan(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Equal(Vector256<T> x, Vector256<T> y) => Vector256.Equals(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> And(Vector256<T> x, Vector256<T> y) => x & y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Or(Vector256<T> x, Vector256<T> y) => x | y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Not(Vector256<T> x) => ~x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Select(Vector256<T> mask, Vector256<T> then, Vector256<T> otherwise) =>
        Vector256.ConditionalSelect(mask, then, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> First(int count) => typeof(T) == typeof(float)
        ? Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).As<int, T>()
        : Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(Vector256<T> mask) => mask.ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Vector256<T> mask) => mask.As<T, byte>() != Vector256<byte>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Shift(Vector256<T> x, int places) => typeof(T) == typeof(float)
        ? Vector256.ShuffleNative(
            x.As<T, float>(), (Vector256<int>.Indices + Vector256.Create(places)) & Vector256.Create(Vector256<int>.Count - 1)).As<float, T>()
        : Vector256.ShuffleNative(
            x.As<T, double>(),
            (Vector256<long>.Indices + Vector256.Create((long)places)) & Vector256.Create(Vector256<long>.Count - 1L)).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector256<T> x) => Vector256.Sum(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Scale(Vector256<T> x, Vector256<T> n)
    {
        if (Avx512F.VL.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? Avx512F.VL.Scale(x.As<T, float>(), n.As<T, float>()).As<float, T>()
                : Avx512F.VL.Scale(x.As<T, double>(), n.As<T, double>()).As<double, T>();
        }

        // Two factors reach the subnormals and infinity.
        var half = typeof(T) == typeof(float)
            ? Vector256.Floor(n.As<T, float>() * 0.5f).As<float, T>()
            : Vector256.Floor(n.As<T, double>() * 0.5).As<double, T>();
        return x * Power2(half) * Power2(n - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Split(Vector256<T> x, out Vector256<T> exponent)
    {
        if (typeof(T) == typeof(float))
        {
            var bits = x.As<T, int>();
            exponent = Vector256.ConvertToSingle((bits >>> 23) - Vector256.Create(126)).As<float, T>();
            return ((bits & Vector256.Create(0x007FFFFF)) | Vector256.Create(0x3F000000)).As<int, T>();
        }

        var wide = x.As<T, long>();
        exponent = Vector256.ConvertToDouble((wide >>> 52) - Vector256.Create(1022L)).As<double, T>();
        return ((wide & Vector256.Create(0x000FFFFFFFFFFFFF)) | Vector256.Create(0x3FE0000000000000)).As<long, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Power2(Vector256<T> n) => typeof(T) == typeof(float)
        ? ((Vector256.ConvertToInt32Native(n.As<T, float>()) + Vector256.Create(127)) << 23).As<int, T>()
        : ((Vector256.ConvertToInt64Native(n.As<T, double>()) + Vector256.Create(1023L)) << 52).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Masked(T* from, int count)
    {
        if (!Avx.IsSupported)
        {
            return Copied(from, count);
        }

        var mask = First(count);
        return Select(
            mask,
            typeof(T) == typeof(float)
                ? Avx.MaskLoad((float*)from, mask.As<T, float>()).As<float, T>()
                : Avx.MaskLoad((double*)from, mask.As<T, double>()).As<double, T>(),
            Splat(*from));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MaskedInto(Vector256<T> value, T* to, int count)
    {
        if (!Avx.IsSupported)
        {
            CopyInto(value, to, count);
        }
        else if (typeof(T) == typeof(float))
        {
            Avx.MaskStore((float*)to, First(count).As<T, float>(), value.As<T, float>());
        }
        else
        {
            Avx.MaskStore((double*)to, First(count).As<T, double>(), value.As<T, double>());
        }
    }

    /// <summary>One element after the other, where the processor has no masks.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<T> Copied(T* from, int count)
    {
        var all = Vector256.Create(*from);
        var places = (T*)&all;
        for (var i = 1; i < count; i++)
        {
            places[i] = from[i];
        }

        return all;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CopyInto(Vector256<T> value, T* to, int count)
    {
        for (var i = 0; i < count; i++)
        {
            to[i] = value[i];
        }
    }
}
