using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Algebra;

/// <summary>The elements of one 512-bit register: the reader that turns a formula into the eager loop where the processor has that width.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly unsafe struct Lane512<T>(Vector512<T> value) : ILane<Lane512<T>, T>
    where T : unmanaged
{
    private readonly Vector512<T> _value = value;

    public static int Count => Vector512<T>.Count;

    public static Lane512<T> Zero => new(Vector512<T>.Zero);

    public static Lane512<T> One => new(Vector512<T>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> operator +(Lane512<T> x, Lane512<T> y) => new(x._value + y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> operator -(Lane512<T> x, Lane512<T> y) => new(x._value - y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> operator *(Lane512<T> x, Lane512<T> y) => new(x._value * y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> operator /(Lane512<T> x, Lane512<T> y) => new(x._value / y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> operator -(Lane512<T> x) => new(-x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Of(double value) =>
        typeof(T) == typeof(float)
            ? new(Vector512.Create((float)value).As<float, T>())
            : new(Vector512.Create(value).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Abs(Lane512<T> x) => new(Vector512.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Sign(Lane512<T> x) => Lanes.Sign<Lane512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Max(Lane512<T> x, Lane512<T> y) => new(Vector512.Max(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Min(Lane512<T> x, Lane512<T> y) => new(Vector512.Min(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Less(Lane512<T> x, Lane512<T> y) => new(Vector512.LessThan(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Equal(Lane512<T> x, Lane512<T> y) => new(Vector512.Equals(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> And(Lane512<T> x, Lane512<T> y) => new(x._value & y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Or(Lane512<T> x, Lane512<T> y) => new(x._value | y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Not(Lane512<T> x) => new(~x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Select(Lane512<T> mask, Lane512<T> then, Lane512<T> otherwise) =>
        new(Vector512.ConditionalSelect(mask._value, then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Exp(Lane512<T> x) =>
        typeof(T) == typeof(float)
            ? SingleLanes.Exp<Lane512<T>, T>(x)
            : DoubleLanes.Exp<Lane512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Log(Lane512<T> x) =>
        typeof(T) == typeof(float)
            ? SingleLanes.Log<Lane512<T>, T>(x)
            : DoubleLanes.Log<Lane512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Sqrt(Lane512<T> x) => new(Vector512.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Sin(Lane512<T> x) =>
        typeof(T) == typeof(float)
            ? SingleLanes.Sin<Lane512<T>, T>(x)
            : Lanes.HasFused ? DoubleLanes.Sin<Lane512<T>, T>(x) : WideSin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Cos(Lane512<T> x) =>
        typeof(T) == typeof(float)
            ? SingleLanes.Cos<Lane512<T>, T>(x)
            : Lanes.HasFused ? DoubleLanes.Cos<Lane512<T>, T>(x) : WideCos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Tanh(Lane512<T> x) =>
        typeof(T) == typeof(float)
            ? TanhLanes.Single<Lane512<T>, T>(x)
            : TanhLanes.Double<Lane512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Erf(Lane512<T> x) =>
        typeof(T) == typeof(float)
            ? ErfLanes.Single<Lane512<T>, T>(x)
            : ErfLanes.Double<Lane512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> NormalCdf(Lane512<T> x) =>
        typeof(T) == typeof(float)
            ? NormalLanes.Single<Lane512<T>, T>(x)
            : Of(0.5) * (One + Erf(x * Of(0.70710678118654752)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Pow(Lane512<T> x, Lane512<T> y) => PowLanes.Pow<Lane512<T>, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Floor(Lane512<T> x) =>
        typeof(T) == typeof(float)
            ? new(Vector512.Floor(x._value.As<T, float>()).As<float, T>())
            : new(Vector512.Floor(x._value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Load(T* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Splat(T value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lane512<T> value, T* to) => value._value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreStreamed(Lane512<T> value, T* to) => value._value.StoreAlignedNonTemporal(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(Lane512<T> mask, byte* to)
    {
        var bits = mask._value.ExtractMostSignificantBits();
        for (var i = 0; i < Vector512<T>.Count; i++)
        {
            to[i] = (byte)((bits >> i) & 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Fma(Lane512<T> a, Lane512<T> b, Lane512<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector512.MultiplyAddEstimate(a._value.As<T, float>(), b._value.As<T, float>(), c._value.As<T, float>()).As<float, T>())
            : new(Vector512.MultiplyAddEstimate(a._value.As<T, double>(), b._value.As<T, double>(), c._value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Fused(Lane512<T> a, Lane512<T> b, Lane512<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector512.FusedMultiplyAdd(a._value.As<T, float>(), b._value.As<T, float>(), c._value.As<T, float>()).As<float, T>())
            : new(Vector512.FusedMultiplyAdd(a._value.As<T, double>(), b._value.As<T, double>(), c._value.As<T, double>()).As<double, T>());

    // What the processor does with NaN as the second operand is to return it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Clamp(Lane512<T> x, Lane512<T> low, Lane512<T> high) =>
        new(Vector512.MaxNative(low._value, Vector512.MinNative(high._value, x._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> AtMost(Lane512<T> x, Lane512<T> high) => new(Vector512.MinNative(high._value, x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> CopySign(Lane512<T> size, Lane512<T> sign) => new(Vector512.CopySign(size._value, sign._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Round(Lane512<T> x) =>
        typeof(T) == typeof(float)
            ? new(Vector512.Round(x._value.As<T, float>()).As<float, T>())
            : new(Vector512.Round(x._value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Scale(Lane512<T> x, Lane512<T> n)
    {
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx512F.Scale(x._value.As<T, float>(), n._value.As<T, float>()).As<float, T>())
                : new(Avx512F.Scale(x._value.As<T, double>(), n._value.As<T, double>()).As<double, T>());
        }

        // Two factors reach the subnormals and infinity.
        var half = Floor(n * Of(0.5));
        return x * Power2(half) * Power2(n - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Split(Lane512<T> x, out Lane512<T> exponent)
    {
        if (typeof(T) == typeof(float))
        {
            var bits = x._value.As<T, int>();
            exponent = new(Vector512.ConvertToSingle((bits >>> 23) - Vector512.Create(126)).As<float, T>());
            return new(((bits & Vector512.Create(0x007FFFFF)) | Vector512.Create(0x3F000000)).As<int, T>());
        }

        var wide = x._value.As<T, long>();
        exponent = new(Vector512.ConvertToDouble((wide >>> 52) - Vector512.Create(1022L)).As<double, T>());
        return new(((wide & Vector512.Create(0x000FFFFFFFFFFFFF)) | Vector512.Create(0x3FE0000000000000)).As<long, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> Shift(Lane512<T> x, int places) =>
        typeof(T) == typeof(float)
            ? new(Vector512.ShuffleNative(x._value.As<T, float>(), (Vector512<int>.Indices + Vector512.Create(places)) & Vector512.Create(Vector512<int>.Count - 1)).As<float, T>())
            : new(Vector512.ShuffleNative(x._value.As<T, double>(), (Vector512<long>.Indices + Vector512.Create((long)places)) & Vector512.Create(Vector512<long>.Count - 1L)).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512<T> First(int count) =>
        typeof(T) == typeof(float)
            ? new(Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).As<int, T>())
            : new(Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lane512<T> mask) => mask._value.As<T, byte>() != Vector512<byte>.Zero;

    public static Lane512<T> WideSin(Lane512<T> x) => Lanes.Sin<Lane512<T>, T>(x);

    public static Lane512<T> WideCos(Lane512<T> x) => Lanes.Cos<Lane512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lane512<T> Power2(Lane512<T> n) =>
        typeof(T) == typeof(float)
            ? new(((Vector512.ConvertToInt32Native(n._value.As<T, float>()) + Vector512.Create(127)) << 23).As<int, T>())
            : new(((Vector512.ConvertToInt64Native(n._value.As<T, double>()) + Vector512.Create(1023L)) << 52).As<long, T>());
}
