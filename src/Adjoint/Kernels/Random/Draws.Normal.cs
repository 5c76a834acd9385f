using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

internal static partial class Draws
{
    private const int Block = 16;
    private const int Pairs = Block / 2;

    /// <summary>
    /// Normal numbers with a mean and a standard deviation, in dense row-major order; <c>randn</c> is 0 and 1. Both
    /// recipes turn two uniform numbers into two normal ones (Box and Muller, 1958).
    /// <para>
    /// Fewer than 16 elements are drawn one by one in double precision; the second number of a pair waits in the
    /// generator for the next such draw. From 16 on, the span is filled with uniform numbers first. Then each block of
    /// 16 becomes normal in place, its elements i and i + 8 being a pair. If elements are left over, the last 16 of the
    /// span, most of them done already, are drawn and turned once more.
    /// </para>
    /// </summary>
    /// <exception cref="TensorException">The standard deviation is negative.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Normal(Generator g, Span<float> into, double mean, double std)
    {
        if (into.Length < Block)
        {
            NormalOneByOne(g, into, mean, std);
            return;
        }

        CheckDeviation(std);
        lock (g.Gate)
        {
            Fill(g.Engine, into, 0, 1);
            for (var i = 0; i <= into.Length - Block; i += Block)
                BoxMuller(into.Slice(i, Block), (float)mean, (float)std);
            if (into.Length % Block != 0)
            {
                var last = into[^Block..];
                Fill(g.Engine, last, 0, 1);
                BoxMuller(last, (float)mean, (float)std);
            }
        }
    }

    /// <inheritdoc cref="Normal(Generator, Span{float}, double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Normal(Generator g, Span<double> into, double mean, double std)
    {
        if (into.Length < Block)
        {
            NormalOneByOne(g, into, mean, std);
            return;
        }

        CheckDeviation(std);
        lock (g.Gate)
        {
            Fill(g.Engine, into, 0, 1);
            for (var i = 0; i <= into.Length - Block; i += Block)
                BoxMuller(into.Slice(i, Block), mean, std);
            if (into.Length % Block != 0)
            {
                var last = into[^Block..];
                Fill(g.Engine, last, 0, 1);
                BoxMuller(last, mean, std);
            }
        }
    }

    /// <summary>
    /// Normal numbers by the recipe for few elements, whatever the length: what PyTorch's <c>normal_</c> does to a
    /// tensor that is not contiguous.
    /// </summary>
    /// <exception cref="TensorException">The standard deviation is negative.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void NormalOneByOne(Generator g, Span<float> into, double mean, double std)
    {
        CheckDeviation(std);
        lock (g.Gate)
        {
            foreach (ref var x in into)
                x = (float)Math.FusedMultiplyAdd(NextNormal(g), std, mean);
        }
    }

    /// <inheritdoc cref="NormalOneByOne(Generator, Span{float}, double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void NormalOneByOne(Generator g, Span<double> into, double mean, double std)
    {
        CheckDeviation(std);
        lock (g.Gate)
        {
            foreach (ref var x in into)
                x = Math.FusedMultiplyAdd(NextNormal(g), std, mean);
        }
    }

    private static double NextNormal(Generator g)
    {
        if (g.SpareNormal is { } spare)
        {
            g.SpareNormal = null;
            return spare;
        }

        // The first number of a pair gives the angle here and the radius in a block; the order is PyTorch's.
        var angle = Math.Tau * Uniform53(g.Engine);
        var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform53(g.Engine)));
        var (sin, cos) = Math.SinCos(angle);
        g.SpareNormal = radius * sin;
        return radius * cos;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BoxMuller(Span<double> block, double mean, double std)
    {
        for (var i = 0; i < Pairs; i++)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - block[i]));
            var angle = Math.Tau * block[i + Pairs];
            var (sin, cos) = Math.SinCos(angle);
            block[i] = Math.FusedMultiplyAdd(radius * cos, std, mean);
            block[i + Pairs] = Math.FusedMultiplyAdd(radius * sin, std, mean);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BoxMuller(Span<float> block, float mean, float std)
    {
        ref var x = ref MemoryMarshal.GetReference(block);
        var radius = Vector256.Sqrt(Cephes.Log(Vector256<float>.One - Vector256.LoadUnsafe(ref x)) * -2f);
        var (sin, cos) = Cephes.SinCos(Vector256.LoadUnsafe(ref x, Pairs) * MathF.Tau);
        var (m, s) = (Vector256.Create(mean), Vector256.Create(std));
        Vector256.FusedMultiplyAdd(radius * cos, s, m).StoreUnsafe(ref x);
        Vector256.FusedMultiplyAdd(radius * sin, s, m).StoreUnsafe(ref x, Pairs);
    }

    private static void CheckDeviation(double std)
    {
        if (!(std >= 0))
            throw new TensorException($"normal expects std >= 0.0, but found std {Text(std)}");
    }
}
