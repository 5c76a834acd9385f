using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Algebra;

/// <summary>The elements of one 256-bit register: the reader that turns a formula into the eager loop where the processor has that width.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly unsafe struct Lane256<T>(Vector256<T> value) : ILane<Lane256<T>, T>
    where T : unmanaged
{
    private readonly Vector256<T> _value = value;

    public static int Count => Vector256<T>.Count;

    public static Lane256<T> Zero => new(Vector256<T>.Zero);

    public static Lane256<T> One => new(Vector256<T>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> operator +(Lane256<T> x, Lane256<T> y) => new(x._value + y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> operator -(Lane256<T> x, Lane256<T> y) => new(x._value - y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> operator *(Lane256<T> x, Lane256<T> y) => new(x._value * y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> operator /(Lane256<T> x, Lane256<T> y) => new(x._value / y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> operator -(Lane256<T> x) => new(-x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Of(double value) =>
        typeof(T) == typeof(float)
            ? new(Vector256.Create((float)value).As<float, T>())
            : new(Vector256.Create(value).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Abs(Lane256<T> x) => new(Vector256.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Sign(Lane256<T> x) => Lanes.Sign<Lane256<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Max(Lane256<T> x, Lane256<T> y) => new(Vector256.Max(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Min(Lane256<T> x, Lane256<T> y) => new(Vector256.Min(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Less(Lane256<T> x, Lane256<T> y) => new(Vector256.LessThan(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Equal(Lane256<T> x, Lane256<T> y) => new(Vector256.Equals(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> And(Lane256<T> x, Lane256<T> y) => new(x._value & y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Or(Lane256<T> x, Lane256<T> y) => new(x._value | y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Not(Lane256<T> x) => new(~x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Select(Lane256<T> mask, Lane256<T> then, Lane256<T> otherwise) =>
        new(Vector256.ConditionalSelect(mask._value, then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Exp(Lane256<T> x) =>
        typeof(T) == typeof(float)
            ? SingleLanes.Exp<Lane256<T>, T>(x)
            : DoubleLanes.Exp<Lane256<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Log(Lane256<T> x) =>
        typeof(T) == typeof(float)
            ? SingleLanes.Log<Lane256<T>, T>(x)
            : DoubleLanes.Log<Lane256<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Sqrt(Lane256<T> x) => new(Vector256.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Sin(Lane256<T> x) =>
        typeof(T) == typeof(float)
            ? SingleLanes.Sin<Lane256<T>, T>(x)
            : Lanes.HasFused ? DoubleLanes.Sin<Lane256<T>, T>(x) : WideSin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Cos(Lane256<T> x) =>
        typeof(T) == typeof(float)
            ? SingleLanes.Cos<Lane256<T>, T>(x)
            : Lanes.HasFused ? DoubleLanes.Cos<Lane256<T>, T>(x) : WideCos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Tanh(Lane256<T> x) =>
        typeof(T) == typeof(float)
            ? TanhLanes.Single<Lane256<T>, T>(x)
            : TanhLanes.Double<Lane256<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Erf(Lane256<T> x) =>
        typeof(T) == typeof(float)
            ? ErfLanes.Single<Lane256<T>, T>(x)
            : ErfLanes.Double<Lane256<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> NormalCdf(Lane256<T> x) =>
        typeof(T) == typeof(float)
            ? NormalLanes.Single<Lane256<T>, T>(x)
            : Of(0.5) * (One + Erf(x * Of(0.70710678118654752)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Pow(Lane256<T> x, Lane256<T> y) => PowLanes.Pow<Lane256<T>, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Floor(Lane256<T> x) =>
        typeof(T) == typeof(float)
            ? new(Vector256.Floor(x._value.As<T, float>()).As<float, T>())
            : new(Vector256.Floor(x._value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Load(T* from) => new(Vector256.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Splat(T value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lane256<T> value, T* to) => value._value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreStreamed(Lane256<T> value, T* to) => value._value.StoreAlignedNonTemporal(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(Lane256<T> mask, byte* to)
    {
        var bits = mask._value.ExtractMostSignificantBits();
        for (var i = 0; i < Vector256<T>.Count; i++)
        {
            to[i] = (byte)((bits >> i) & 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Fma(Lane256<T> a, Lane256<T> b, Lane256<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector256.MultiplyAddEstimate(a._value.As<T, float>(), b._value.As<T, float>(), c._value.As<T, float>()).As<float, T>())
            : new(Vector256.MultiplyAddEstimate(a._value.As<T, double>(), b._value.As<T, double>(), c._value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Fused(Lane256<T> a, Lane256<T> b, Lane256<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector256.FusedMultiplyAdd(a._value.As<T, float>(), b._value.As<T, float>(), c._value.As<T, float>()).As<float, T>())
            : new(Vector256.FusedMultiplyAdd(a._value.As<T, double>(), b._value.As<T, double>(), c._value.As<T, double>()).As<double, T>());

    // What the processor does with NaN as the second operand is to return it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Clamp(Lane256<T> x, Lane256<T> low, Lane256<T> high) =>
        new(Vector256.MaxNative(low._value, Vector256.MinNative(high._value, x._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> AtMost(Lane256<T> x, Lane256<T> high) => new(Vector256.MinNative(high._value, x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> CopySign(Lane256<T> size, Lane256<T> sign) => new(Vector256.CopySign(size._value, sign._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Round(Lane256<T> x) =>
        typeof(T) == typeof(float)
            ? new(Vector256.Round(x._value.As<T, float>()).As<float, T>())
            : new(Vector256.Round(x._value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Scale(Lane256<T> x, Lane256<T> n)
    {
        if (Avx512F.VL.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx512F.VL.Scale(x._value.As<T, float>(), n._value.As<T, float>()).As<float, T>())
                : new(Avx512F.VL.Scale(x._value.As<T, double>(), n._value.As<T, double>()).As<double, T>());
        }

        // Two factors reach the subnormals and infinity.
        var half = Floor(n * Of(0.5));
        return x * Power2(half) * Power2(n - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Split(Lane256<T> x, out Lane256<T> exponent)
    {
        if (typeof(T) == typeof(float))
        {
            var bits = x._value.As<T, int>();
            exponent = new(Vector256.ConvertToSingle((bits >>> 23) - Vector256.Create(126)).As<float, T>());
            return new(((bits & Vector256.Create(0x007FFFFF)) | Vector256.Create(0x3F000000)).As<int, T>());
        }

        var wide = x._value.As<T, long>();
        exponent = new(Vector256.ConvertToDouble((wide >>> 52) - Vector256.Create(1022L)).As<double, T>());
        return new(((wide & Vector256.Create(0x000FFFFFFFFFFFFF)) | Vector256.Create(0x3FE0000000000000)).As<long, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> Shift(Lane256<T> x, int places) =>
        typeof(T) == typeof(float)
            ? new(Vector256.ShuffleNative(x._value.As<T, float>(), (Vector256<int>.Indices + Vector256.Create(places)) & Vector256.Create(Vector256<int>.Count - 1)).As<float, T>())
            : new(Vector256.ShuffleNative(x._value.As<T, double>(), (Vector256<long>.Indices + Vector256.Create((long)places)) & Vector256.Create(Vector256<long>.Count - 1L)).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256<T> First(int count) =>
        typeof(T) == typeof(float)
            ? new(Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).As<int, T>())
            : new(Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lane256<T> mask) => mask._value.As<T, byte>() != Vector256<byte>.Zero;

    public static Lane256<T> WideSin(Lane256<T> x) => Lanes.Sin<Lane256<T>, T>(x);

    public static Lane256<T> WideCos(Lane256<T> x) => Lanes.Cos<Lane256<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lane256<T> Power2(Lane256<T> n) =>
        typeof(T) == typeof(float)
            ? new(((Vector256.ConvertToInt32Native(n._value.As<T, float>()) + Vector256.Create(127)) << 23).As<int, T>())
            : new(((Vector256.ConvertToInt64Native(n._value.As<T, double>()) + Vector256.Create(1023L)) << 52).As<long, T>());
}
