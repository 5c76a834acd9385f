using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Algebra;

/// <summary>Registers of 512 bits.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly unsafe struct Register512<T> : IRegister<T, Vector512<T>>
    where T : unmanaged
{
    public static int Count => Vector512<T>.Count;

    public static bool AreMany => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(T* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LoadFirst(T* from, int count)
    {
        if (!Avx512F.IsSupported)
        {
            return Copied(from, count);
        }

        return typeof(T) == typeof(float)
            ? Avx512F.MaskLoad((float*)from, First(count).As<T, float>(), Splat(*from).As<T, float>()).As<float, T>()
            : Avx512F.MaskLoad((double*)from, First(count).As<T, double>(), Splat(*from).As<T, double>()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<T> value, T* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Vector512<T> value, T* to, int count)
    {
        if (!Avx512F.IsSupported)
        {
            CopyInto(value, to, count);
        }
        else if (typeof(T) == typeof(float))
        {
            Avx512F.MaskStore((float*)to, First(count).As<T, float>(), value.As<T, float>());
        }
        else
        {
            Avx512F.MaskStore((double*)to, First(count).As<T, double>(), value.As<T, double>());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreStreamed(Vector512<T> value, T* to) => value.StoreAlignedNonTemporal(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Splat(T value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add(Vector512<T> x, Vector512<T> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Subtract(Vector512<T> x, Vector512<T> y) => x - y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Multiply(Vector512<T> x, Vector512<T> y) => x * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Divide(Vector512<T> x, Vector512<T> y) => x / y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Negate(Vector512<T> x) => -x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> x, Vector512<T> y, Vector512<T> z) => typeof(T) == typeof(float)
        ? Vector512.MultiplyAddEstimate(x.As<T, float>(), y.As<T, float>(), z.As<T, float>()).As<float, T>()
        : Vector512.MultiplyAddEstimate(x.As<T, double>(), y.As<T, double>(), z.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> FusedMultiplyAdd(Vector512<T> x, Vector512<T> y, Vector512<T> z) => typeof(T) == typeof(float)
        ? Vector512.FusedMultiplyAdd(x.As<T, float>(), y.As<T, float>(), z.As<T, float>()).As<float, T>()
        : Vector512.FusedMultiplyAdd(x.As<T, double>(), y.As<T, double>(), z.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Abs(Vector512<T> x) => Vector512.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Sqrt(Vector512<T> x) => Vector512.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Floor(Vector512<T> x) => typeof(T) == typeof(float)
        ? Vector512.Floor(x.As<T, float>()).As<float, T>()
        : Vector512.Floor(x.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Round(Vector512<T> x) => typeof(T) == typeof(float)
        ? Vector512.Round(x.As<T, float>()).As<float, T>()
        : Vector512.Round(x.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Max(Vector512<T> x, Vector512<T> y) => Vector512.Max(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Min(Vector512<T> x, Vector512<T> y) => Vector512.Min(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MaxNative(Vector512<T> x, Vector512<T> y) => Vector512.MaxNative(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MinNative(Vector512<T> x, Vector512<T> y) => Vector512.MinNative(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> CopySign(Vector512<T> size, Vector512<T> sign) => Vector512.CopySign(size, sign);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Less(Vector512<T> x, Vector512<T> y) => Vector512.LessThan(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Equal(Vector512<T> x, Vector512<T> y) => Vector512.Equals(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> And(Vector512<T> x, Vector512<T> y) => x & y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Or(Vector512<T> x, Vector512<T> y) => x | y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Not(Vector512<T> x) => ~x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Select(Vector512<T> mask, Vector512<T> then, Vector512<T> otherwise) =>
        Vector512.ConditionalSelect(mask, then, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> First(int count) => typeof(T) == typeof(float)
        ? Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).As<int, T>()
        : Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(Vector512<T> mask) => mask.ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Vector512<T> mask) => mask.As<T, byte>() != Vector512<byte>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Shift(Vector512<T> x, int places) => typeof(T) == typeof(float)
        ? Vector512.ShuffleNative(
            x.As<T, float>(), (Vector512<int>.Indices + Vector512.Create(places)) & Vector512.Create(Vector512<int>.Count - 1)).As<float, T>()
        : Vector512.ShuffleNative(
            x.As<T, double>(),
            (Vector512<long>.Indices + Vector512.Create((long)places)) & Vector512.Create(Vector512<long>.Count - 1L)).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector512<T> x) => Vector512.Sum(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Scale(Vector512<T> x, Vector512<T> n)
    {
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? Avx512F.Scale(x.As<T, float>(), n.As<T, float>()).As<float, T>()
                : Avx512F.Scale(x.As<T, double>(), n.As<T, double>()).As<double, T>();
        }

        // Two factors reach the subnormals and infinity.
        var half = typeof(T) == typeof(float)
            ? Vector512.Floor(n.As<T, float>() * 0.5f).As<float, T>()
            : Vector512.Floor(n.As<T, double>() * 0.5).As<double, T>();
        return x * Power2(half) * Power2(n - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Split(Vector512<T> x, out Vector512<T> exponent)
    {
        if (typeof(T) == typeof(float))
        {
            var bits = x.As<T, int>();
            exponent = Vector512.ConvertToSingle((bits >>> 23) - Vector512.Create(126)).As<float, T>();
            return ((bits & Vector512.Create(0x007FFFFF)) | Vector512.Create(0x3F000000)).As<int, T>();
        }

        var wide = x.As<T, long>();
        exponent = Vector512.ConvertToDouble((wide >>> 52) - Vector512.Create(1022L)).As<double, T>();
        return ((wide & Vector512.Create(0x000FFFFFFFFFFFFF)) | Vector512.Create(0x3FE0000000000000)).As<long, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Power2(Vector512<T> n) => typeof(T) == typeof(float)
        ? ((Vector512.ConvertToInt32Native(n.As<T, float>()) + Vector512.Create(127)) << 23).As<int, T>()
        : ((Vector512.ConvertToInt64Native(n.As<T, double>()) + Vector512.Create(1023L)) << 52).As<long, T>();

    /// <summary>One element after the other, where the processor has no masks.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<T> Copied(T* from, int count)
    {
        var all = Vector512.Create(*from);
        var places = (T*)&all;
        for (var i = 1; i < count; i++)
        {
            places[i] = from[i];
        }

        return all;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CopyInto(Vector512<T> value, T* to, int count)
    {
        for (var i = 0; i < count; i++)
        {
            to[i] = value[i];
        }
    }
}
