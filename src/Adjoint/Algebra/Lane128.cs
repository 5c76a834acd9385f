using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Algebra;

/// <summary>The elements of one 128-bit register: the reader that turns a formula into the eager loop where the processor has that width.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly unsafe struct Lane128<T>(Vector128<T> value) : ILane<Lane128<T>, T>
    where T : unmanaged
{
    private readonly Vector128<T> _value = value;

    public static int Count => Vector128<T>.Count;

    public static Lane128<T> Zero => new(Vector128<T>.Zero);

    public static Lane128<T> One => new(Vector128<T>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> operator +(Lane128<T> x, Lane128<T> y) => new(x._value + y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> operator -(Lane128<T> x, Lane128<T> y) => new(x._value - y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> operator *(Lane128<T> x, Lane128<T> y) => new(x._value * y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> operator /(Lane128<T> x, Lane128<T> y) => new(x._value / y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> operator -(Lane128<T> x) => new(-x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Of(double value) =>
        typeof(T) == typeof(float)
            ? new(Vector128.Create((float)value).As<float, T>())
            : new(Vector128.Create(value).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Abs(Lane128<T> x) => new(Vector128.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Sign(Lane128<T> x) => Lanes.Sign<Lane128<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Max(Lane128<T> x, Lane128<T> y) => new(Vector128.Max(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Min(Lane128<T> x, Lane128<T> y) => new(Vector128.Min(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Less(Lane128<T> x, Lane128<T> y) => new(Vector128.LessThan(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Equal(Lane128<T> x, Lane128<T> y) => new(Vector128.Equals(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> And(Lane128<T> x, Lane128<T> y) => new(x._value & y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Or(Lane128<T> x, Lane128<T> y) => new(x._value | y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Not(Lane128<T> x) => new(~x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Select(Lane128<T> mask, Lane128<T> then, Lane128<T> otherwise) =>
        new(Vector128.ConditionalSelect(mask._value, then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Exp(Lane128<T> x) =>
        typeof(T) == typeof(float)
            ? SingleLanes.Exp<Lane128<T>, T>(x)
            : DoubleLanes.Exp<Lane128<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Log(Lane128<T> x) =>
        typeof(T) == typeof(float)
            ? SingleLanes.Log<Lane128<T>, T>(x)
            : DoubleLanes.Log<Lane128<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Sqrt(Lane128<T> x) => new(Vector128.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Sin(Lane128<T> x) =>
        typeof(T) == typeof(float)
            ? SingleLanes.Sin<Lane128<T>, T>(x)
            : Lanes.HasFused ? DoubleLanes.Sin<Lane128<T>, T>(x) : WideSin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Cos(Lane128<T> x) =>
        typeof(T) == typeof(float)
            ? SingleLanes.Cos<Lane128<T>, T>(x)
            : Lanes.HasFused ? DoubleLanes.Cos<Lane128<T>, T>(x) : WideCos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Tanh(Lane128<T> x) =>
        typeof(T) == typeof(float)
            ? TanhLanes.Single<Lane128<T>, T>(x)
            : TanhLanes.Double<Lane128<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Erf(Lane128<T> x) =>
        typeof(T) == typeof(float)
            ? ErfLanes.Single<Lane128<T>, T>(x)
            : ErfLanes.Double<Lane128<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> NormalCdf(Lane128<T> x) =>
        typeof(T) == typeof(float)
            ? NormalLanes.Single<Lane128<T>, T>(x)
            : Of(0.5) * (One + Erf(x * Of(0.70710678118654752)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Pow(Lane128<T> x, Lane128<T> y) => PowLanes.Pow<Lane128<T>, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Floor(Lane128<T> x) =>
        typeof(T) == typeof(float)
            ? new(Vector128.Floor(x._value.As<T, float>()).As<float, T>())
            : new(Vector128.Floor(x._value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Load(T* from) => new(Vector128.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Splat(T value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lane128<T> value, T* to) => value._value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreStreamed(Lane128<T> value, T* to) => value._value.StoreAlignedNonTemporal(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(Lane128<T> mask, byte* to)
    {
        var bits = mask._value.ExtractMostSignificantBits();
        for (var i = 0; i < Vector128<T>.Count; i++)
        {
            to[i] = (byte)((bits >> i) & 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Fma(Lane128<T> a, Lane128<T> b, Lane128<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector128.MultiplyAddEstimate(a._value.As<T, float>(), b._value.As<T, float>(), c._value.As<T, float>()).As<float, T>())
            : new(Vector128.MultiplyAddEstimate(a._value.As<T, double>(), b._value.As<T, double>(), c._value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Fused(Lane128<T> a, Lane128<T> b, Lane128<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector128.FusedMultiplyAdd(a._value.As<T, float>(), b._value.As<T, float>(), c._value.As<T, float>()).As<float, T>())
            : new(Vector128.FusedMultiplyAdd(a._value.As<T, double>(), b._value.As<T, double>(), c._value.As<T, double>()).As<double, T>());

    // What the processor does with NaN as the second operand is to return it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Clamp(Lane128<T> x, Lane128<T> low, Lane128<T> high) =>
        new(Vector128.MaxNative(low._value, Vector128.MinNative(high._value, x._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> AtMost(Lane128<T> x, Lane128<T> high) => new(Vector128.MinNative(high._value, x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> CopySign(Lane128<T> size, Lane128<T> sign) => new(Vector128.CopySign(size._value, sign._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Round(Lane128<T> x) =>
        typeof(T) == typeof(float)
            ? new(Vector128.Round(x._value.As<T, float>()).As<float, T>())
            : new(Vector128.Round(x._value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Scale(Lane128<T> x, Lane128<T> n)
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
    public static Lane128<T> Split(Lane128<T> x, out Lane128<T> exponent)
    {
        if (typeof(T) == typeof(float))
        {
            var bits = x._value.As<T, int>();
            exponent = new(Vector128.ConvertToSingle((bits >>> 23) - Vector128.Create(126)).As<float, T>());
            return new(((bits & Vector128.Create(0x007FFFFF)) | Vector128.Create(0x3F000000)).As<int, T>());
        }

        var wide = x._value.As<T, long>();
        exponent = new(Vector128.ConvertToDouble((wide >>> 52) - Vector128.Create(1022L)).As<double, T>());
        return new(((wide & Vector128.Create(0x000FFFFFFFFFFFFF)) | Vector128.Create(0x3FE0000000000000)).As<long, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> Shift(Lane128<T> x, int places) =>
        typeof(T) == typeof(float)
            ? new(Vector128.ShuffleNative(x._value.As<T, float>(), (Vector128<int>.Indices + Vector128.Create(places)) & Vector128.Create(Vector128<int>.Count - 1)).As<float, T>())
            : new(Vector128.ShuffleNative(x._value.As<T, double>(), (Vector128<long>.Indices + Vector128.Create((long)places)) & Vector128.Create(Vector128<long>.Count - 1L)).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128<T> First(int count) =>
        typeof(T) == typeof(float)
            ? new(Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).As<int, T>())
            : new(Vector128.LessThan(Vector128<long>.Indices, Vector128.Create((long)count)).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lane128<T> mask) => mask._value.As<T, byte>() != Vector128<byte>.Zero;

    public static Lane128<T> WideSin(Lane128<T> x) => Lanes.Sin<Lane128<T>, T>(x);

    public static Lane128<T> WideCos(Lane128<T> x) => Lanes.Cos<Lane128<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lane128<T> Power2(Lane128<T> n) =>
        typeof(T) == typeof(float)
            ? new(((Vector128.ConvertToInt32Native(n._value.As<T, float>()) + Vector128.Create(127)) << 23).As<int, T>())
            : new(((Vector128.ConvertToInt64Native(n._value.As<T, double>()) + Vector128.Create(1023L)) << 52).As<long, T>());
}
