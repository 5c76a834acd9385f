using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Bench;

/// <summary>
/// What the multiply-add units of one core can do at most, measured: fourteen sums that do not wait for each other, all in registers, which covers
/// latency times units of today's processors.
/// </summary>
internal static class Peak
{
    private const int Sums = 14;
    private const int Steps = 100_000;
    private const int Attempts = 40;

    /// <summary>Multiplications and additions in a second: the best of several attempts, because other programs disturb some.</summary>
    public static double OfOneThread(DType element)
    {
        var best = double.PositiveInfinity;
        for (var i = 0; i < Attempts; i++)
        {
            var start = Stopwatch.GetTimestamp();
            if (element == DType.Float32)
            {
                Single(0.5f);
            }
            else
            {
                Double(0.5);
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 2.0 * Sums * Steps * (Width() / (8 * element.ItemSize)) / best;
    }

    private static int Width() => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    private static float Single(float x) =>
        Vector512.IsHardwareAccelerated ? Run<Single512, Vector512<float>>(Vector512.Create(x)).ToScalar()
        : Vector256.IsHardwareAccelerated ? Run<Single256, Vector256<float>>(Vector256.Create(x)).ToScalar()
        : Run<Single128, Vector128<float>>(Vector128.Create(x)).ToScalar();

    private static double Double(double x) =>
        Vector512.IsHardwareAccelerated ? Run<Double512, Vector512<double>>(Vector512.Create(x)).ToScalar()
        : Vector256.IsHardwareAccelerated ? Run<Double256, Vector256<double>>(Vector256.Create(x)).ToScalar()
        : Run<Double128, Vector128<double>>(Vector128.Create(x)).ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Run<O, V>(V x)
        where O : struct, IFused<V>
        where V : struct
    {
        V a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x, m = x, n = x;
        for (var step = 0; step < Steps; step++)
        {
            a = O.Step(a, x);
            b = O.Step(b, x);
            c = O.Step(c, x);
            d = O.Step(d, x);
            e = O.Step(e, x);
            f = O.Step(f, x);
            g = O.Step(g, x);
            h = O.Step(h, x);
            i = O.Step(i, x);
            j = O.Step(j, x);
            k = O.Step(k, x);
            l = O.Step(l, x);
            m = O.Step(m, x);
            n = O.Step(n, x);
        }

        a = O.Step(O.Step(O.Step(a, b), O.Step(c, d)), O.Step(O.Step(e, f), O.Step(g, h)));
        return O.Step(a, O.Step(O.Step(O.Step(i, j), O.Step(k, l)), O.Step(m, n)));
    }

    private interface IFused<V>
    {
        static abstract V Step(V sum, V x);
    }

    private readonly struct Single512 : IFused<Vector512<float>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Step(Vector512<float> sum, Vector512<float> x) => Vector512.FusedMultiplyAdd(sum, x, x);
    }

    private readonly struct Single256 : IFused<Vector256<float>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Step(Vector256<float> sum, Vector256<float> x) => Vector256.FusedMultiplyAdd(sum, x, x);
    }

    private readonly struct Single128 : IFused<Vector128<float>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<float> Step(Vector128<float> sum, Vector128<float> x) => Vector128.FusedMultiplyAdd(sum, x, x);
    }

    private readonly struct Double512 : IFused<Vector512<double>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Step(Vector512<double> sum, Vector512<double> x) => Vector512.FusedMultiplyAdd(sum, x, x);
    }

    private readonly struct Double256 : IFused<Vector256<double>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Step(Vector256<double> sum, Vector256<double> x) => Vector256.FusedMultiplyAdd(sum, x, x);
    }

    private readonly struct Double128 : IFused<Vector128<double>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<double> Step(Vector128<double> sum, Vector128<double> x) => Vector128.FusedMultiplyAdd(sum, x, x);
    }
}
