using System.Runtime.CompilerServices;

namespace Adjoint.Algebra;

/// <summary>
/// The elements of one vector register: the reader that turns a formula into the eager loop. One text serves every width; the compiler makes a copy
/// for each register. Functions bring their own form for single and double precision, so that no name of a function stands here.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="R">The vector.</typeparam>
/// <typeparam name="G">What a register of that width can do.</typeparam>
internal readonly unsafe struct Lane<T, R, G>(R value) : ILane<Lane<T, R, G>, T>
    where T : unmanaged
    where R : struct
    where G : struct, IRegister<T, R>
{
    private readonly R _value = value;

    public static int Count => G.Count;

    public static Lane<T, R, G> Zero => default;

    public static Lane<T, R, G> One => Of(1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> operator +(Lane<T, R, G> x, Lane<T, R, G> y) => new(G.Add(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> operator -(Lane<T, R, G> x, Lane<T, R, G> y) => new(G.Subtract(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> operator *(Lane<T, R, G> x, Lane<T, R, G> y) => new(G.Multiply(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> operator /(Lane<T, R, G> x, Lane<T, R, G> y) => new(G.Divide(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> operator -(Lane<T, R, G> x) => new(G.Negate(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Of(double value)
    {
        if (typeof(T) == typeof(float))
        {
            var single = (float)value;
            return new(G.Splat(Unsafe.As<float, T>(ref single)));
        }

        return new(G.Splat(Unsafe.As<double, T>(ref value)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Abs(Lane<T, R, G> x) => new(G.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Sign(Lane<T, R, G> x) => Lanes.Sign<Lane<T, R, G>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Max(Lane<T, R, G> x, Lane<T, R, G> y) => new(G.Max(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Min(Lane<T, R, G> x, Lane<T, R, G> y) => new(G.Min(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Less(Lane<T, R, G> x, Lane<T, R, G> y) => new(G.Less(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Equal(Lane<T, R, G> x, Lane<T, R, G> y) => new(G.Equal(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> And(Lane<T, R, G> x, Lane<T, R, G> y) => new(G.And(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Or(Lane<T, R, G> x, Lane<T, R, G> y) => new(G.Or(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Not(Lane<T, R, G> x) => new(G.Not(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Select(Lane<T, R, G> mask, Lane<T, R, G> then, Lane<T, R, G> otherwise) =>
        new(G.Select(mask._value, then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Sqrt(Lane<T, R, G> x) => new(G.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Call<F>(Lane<T, R, G> x)
        where F : struct, IFunction<F> => typeof(T) == typeof(float)
        ? F.Single<Lane<T, R, G>, T>(x)
        : F.Double<Lane<T, R, G>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Call<F>(Lane<T, R, G> x, Lane<T, R, G> y)
        where F : struct, IFunction2<F> => typeof(T) == typeof(float)
        ? F.Single<Lane<T, R, G>, T>(x, y)
        : F.Double<Lane<T, R, G>, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Load(T* from) => new(G.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> LoadFirst(T* from, int count) => new(G.LoadFirst(from, count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Splat(T value) => new(G.Splat(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lane<T, R, G> value, T* to) => G.Store(value._value, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreStreamed(Lane<T, R, G> value, T* to) => G.StoreStreamed(value._value, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Lane<T, R, G> value, T* to, int count) => G.StoreFirst(value._value, to, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(Lane<T, R, G> mask, byte* to, int count)
    {
        var bits = G.Bits(mask._value);
        for (var i = 0; i < count; i++)
        {
            to[i] = (byte)((bits >> i) & 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Fma(Lane<T, R, G> a, Lane<T, R, G> b, Lane<T, R, G> c) =>
        new(G.MultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Fused(Lane<T, R, G> a, Lane<T, R, G> b, Lane<T, R, G> c) =>
        new(G.FusedMultiplyAdd(a._value, b._value, c._value));

    // What the processor does with NaN as the second operand is to return it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Clamp(Lane<T, R, G> x, Lane<T, R, G> low, Lane<T, R, G> high) =>
        new(G.MaxNative(low._value, G.MinNative(high._value, x._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> AtMost(Lane<T, R, G> x, Lane<T, R, G> high) => new(G.MinNative(high._value, x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> CopySign(Lane<T, R, G> size, Lane<T, R, G> sign) => new(G.CopySign(size._value, sign._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Floor(Lane<T, R, G> x) => new(G.Floor(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Round(Lane<T, R, G> x) => new(G.Round(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Scale(Lane<T, R, G> x, Lane<T, R, G> n) => new(G.Scale(x._value, n._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Split(Lane<T, R, G> x, out Lane<T, R, G> exponent)
    {
        var part = G.Split(x._value, out var power);
        exponent = new(power);
        return new(part);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> Shift(Lane<T, R, G> x, int places) => new(G.Shift(x._value, places));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T, R, G> First(int count) => new(G.First(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lane<T, R, G> mask) => G.Any(mask._value);
}
