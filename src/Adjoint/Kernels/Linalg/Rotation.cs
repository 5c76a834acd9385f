using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>The rotation of a plane that takes (f, g) to (r, 0).</summary>
/// <param name="C">Its cosine.</param>
/// <param name="S">Its sine.</param>
/// <param name="R">The length, with the sign of f.</param>
internal readonly unsafe record struct Rotation<T>(T C, T S, T R)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Makes it so that nothing overflows or vanishes on the way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rotation<T> Of(T f, T g)
    {
        if (T.IsZero(g))
        {
            return new(T.One, T.Zero, f);
        }

        if (T.IsZero(f))
        {
            return new(T.Zero, T.One, g);
        }

        var square = T.MultiplyAddEstimate(f, f, g * g);
        var isSafe = square > Precise<T>.Vanishing && square < T.One / Precise<T>.Vanishing;
        var r = T.CopySign(isSafe ? T.Sqrt(square) : T.Hypot(f, g), f);
        return new(f / r, g / r, r);
    }

    /// <summary>Rotates two rows against each other: x becomes c x + s y, y becomes c y - s x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<R, G>(int n, T* x, T* y)
        where R : struct
        where G : struct, IRegister<T, R>
    {
        R c = G.Splat(C), s = G.Splat(S), minus = G.Splat(-S);
        var i = 0;
        for (; i <= n - G.Count; i += G.Count)
        {
            R a = G.Load(x + i), b = G.Load(y + i);
            G.Store(G.MultiplyAdd(c, a, G.Multiply(s, b)), x + i);
            G.Store(G.MultiplyAdd(c, b, G.Multiply(minus, a)), y + i);
        }

        for (; i < n; i++)
        {
            var (a, b) = (x[i], y[i]);
            x[i] = T.MultiplyAddEstimate(C, a, S * b);
            y[i] = T.MultiplyAddEstimate(C, b, -S * a);
        }
    }
}

/// <summary>What iterations that end at the rounding of a dtype have to know of it.</summary>
internal static class Precise<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The distance from 1 to the next number.</summary>
    public static readonly T Epsilon = T.BitIncrement(T.One) - T.One;

    /// <summary>What squares must not fall below.</summary>
    public static readonly T Vanishing = T.ScaleB(T.One, T.IsZero(T.ScaleB(T.One, -900)) ? -100 : -900);

    /// <summary>The power of two that takes the largest of numbers near 1, and back; both exact.</summary>
    public static (T Down, T Up) Scale(T largest)
    {
        var most = -T.ILogB(Vanishing);
        var exponent = T.IsZero(largest) ? 0 : Math.Clamp(T.ILogB(largest), -most, most);
        return (T.ScaleB(T.One, -exponent), T.ScaleB(T.One, exponent));
    }
}
