using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>
/// The float32 logarithm, sine and cosine of S. L. Moshier's Cephes library (<c>logf</c>, <c>sinf</c>, <c>cosf</c>: its
/// range reductions and polynomials), eight at a time. They are not the best there are; they are the ones behind
/// PyTorch's float32 normal numbers, so they must agree with them to the last bit, and which additions are fused with a
/// product is part of that. For speed and accuracy elsewhere, use the algebra's functions.
/// </summary>
internal static class Cephes
{
    /// <summary>The natural logarithm of normal numbers above zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Log(Vector256<float> u)
    {
        // u = f * 2^e with f from sqrt(1/2) up to sqrt(2), and r = f - 1.
        var bits = u.AsInt32();
        var f = ((bits & Vector256.Create(0x007fffff)) | Vector256.Create(0x3f000000)).AsSingle();
        var e = Vector256.ConvertToSingle((bits >>> 23) - Vector256.Create(126));
        var small = Vector256.LessThan(f, Vector256.Create(0.70710678f));
        e -= Vector256<float>.One & small;
        var r = f - Vector256<float>.One + (f & small);

        // ln f = r - r^2 / 2 + r^3 p(r)
        var p = Vector256.Create(7.0376836292e-2f);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(-1.1514610310e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.1676998740e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(-1.2420140846e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.4249322787e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(-1.6668057665e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(2.0000714765e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(-2.4999993993e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(3.3333331174e-1f));

        // ln 2 comes in two parts; the first has few bits, so that its product with e is exact.
        var square = r * r;
        var tail = Vector256.FusedMultiplyAdd(p * r, square, e * -2.12194440e-4f);
        tail = Vector256.FusedMultiplyAdd(square, Vector256.Create(-0.5f), tail);
        return Vector256.FusedMultiplyAdd(e, Vector256.Create(0.693359375f), r + tail);
    }

    /// <summary>The sine and the cosine of angles in radians, from 0 to 8192.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector256<float> Sin, Vector256<float> Cos) SinCos(Vector256<float> angle)
    {
        // The angle is an even number of eighths of a turn and a rest x of at most one eighth. pi / 4 has three parts.
        var octant = (Vector256.ConvertToInt32Native(angle * 1.27323954f) + Vector256<int>.One) & Vector256.Create(~1);
        var n = Vector256.ConvertToSingle(octant);
        var x = Vector256.FusedMultiplyAdd(n, Vector256.Create(-0.78515625f), angle);
        x = Vector256.FusedMultiplyAdd(n, Vector256.Create(-2.4187564849853515625e-4f), x);
        x = Vector256.FusedMultiplyAdd(n, Vector256.Create(-3.77489497744594108e-8f), x);
        var z = x * x;

        var c = Vector256.Create(2.443315711809948e-5f);
        c = Vector256.FusedMultiplyAdd(c, z, Vector256.Create(-1.388731625493765e-3f));
        c = Vector256.FusedMultiplyAdd(c, z, Vector256.Create(4.166664568298827e-2f));
        c = Vector256.FusedMultiplyAdd(c * z, z, z * -0.5f) + Vector256<float>.One;

        var s = Vector256.Create(-1.9515295891e-4f);
        s = Vector256.FusedMultiplyAdd(s, z, Vector256.Create(8.3321608736e-3f));
        s = Vector256.FusedMultiplyAdd(s, z, Vector256.Create(-1.6666654611e-1f));
        s = Vector256.FusedMultiplyAdd(s * z, x, x);

        // A quarter turn exchanges the two polynomials; the octants 4 and 6 turn the sine's sign, 2 and 4 the cosine's.
        var even = Vector256.Equals(octant & Vector256.Create(2), Vector256<int>.Zero).AsSingle();
        var signOfSin = ((octant & Vector256.Create(4)) << 29).AsSingle();
        var signOfCos = (((octant + Vector256.Create(2)) & Vector256.Create(4)) << 29).AsSingle();
        var sin = Vector256.ConditionalSelect(even, s, c) ^ signOfSin;
        var cos = Vector256.ConditionalSelect(even, c, s) ^ signOfCos;
        return (sin, cos);
    }
}
