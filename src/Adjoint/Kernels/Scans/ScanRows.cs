using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>One step of a scan: the next state from the last one and an element of each of up to two inputs.</summary>
internal interface IStep
{
    /// <summary>The state before the first element.</summary>
    V Unit<V>()
        where V : struct, IRing<V>;

    /// <summary>The first state.</summary>
    V First<V>(V a, V b)
        where V : struct, IReal<V>;

    /// <summary>The next state.</summary>
    V Next<V>(V state, V a, V b)
        where V : struct, IReal<V>;

    /// <summary>The next state of whole numbers.</summary>
    V I<V>(V state, V a)
        where V : struct, IRing<V>;
}

/// <summary>
/// Scans along the middle one of three dimensions without gaps. The state is kept in float64 whatever elements are stored in, so that long sums of
/// float32 do not lose digits (PyTorch's rule as well).
/// </summary>
/// <param name="Outer">How many rows come one after the other.</param>
/// <param name="Length">How long they are.</param>
/// <param name="Inner">How many lie beside each other.</param>
/// <param name="Reverse">From the last element to the first.</param>
internal readonly record struct ScanRows(nint Outer, nint Length, nint Inner, bool Reverse)
{
    /// <summary>Scans reals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Real<P, S, T, C>(P step, S* a, S* b, S* y)
        where P : struct, IStep
        where S : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>
        where C : struct, IStored<S, T>
    {
        for (nint row = 0; row < Outer * Inner; row++)
        {
            var (outer, inner) = Math.DivRem(row, Inner);
            var at = (outer * Length * Inner) + inner + (Reverse ? (Length - 1) * Inner : 0);
            var by = Reverse ? -Inner : Inner;
            var state = default(One<double>);
            for (nint i = 0; i < Length; i++, at += by)
            {
                var (first, second) = (Widened<S, T, C>(a[at]), b == null ? default : Widened<S, T, C>(b[at]));
                state = i == 0 ? step.First(first, second) : step.Next(state, first, second);
                y[at] = C.Narrow(T.CreateTruncating(state.Value));
            }
        }
    }

    /// <summary>Scans whole numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Whole<P, T>(P step, T* a, T* y)
        where P : struct, IStep
        where T : unmanaged, IBinaryInteger<T>
    {
        for (nint row = 0; row < Outer * Inner; row++)
        {
            var (outer, inner) = Math.DivRem(row, Inner);
            var at = (outer * Length * Inner) + inner + (Reverse ? (Length - 1) * Inner : 0);
            var by = Reverse ? -Inner : Inner;
            var state = step.Unit<Whole<T>>();
            for (nint i = 0; i < Length; i++, at += by)
            {
                state = step.I(state, new Whole<T>(a[at]));
                y[at] = state.Value;
            }
        }
    }

    private static One<double> Widened<S, T, C>(S x)
        where S : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>
        where C : struct, IStored<S, T> => new(double.CreateTruncating(C.Widen(x)));
}
