using System.Runtime.CompilerServices;

namespace Adjoint.Algebra;

/// <summary>What has quotients and needs no order: reals, and what else may be read with them one day, such as complex numbers.</summary>
/// <typeparam name="V">The reader.</typeparam>
public interface IField<V> : IArithmetic<V>
    where V : struct, IField<V>
{
    /// <summary>The quotient.</summary>
    static abstract V operator /(V x, V y);

    /// <summary>The complex conjugate; a real is its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual V Conj(V x) => x;
}
