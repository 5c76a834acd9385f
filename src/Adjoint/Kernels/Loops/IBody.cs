using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// The formula of a pointwise loop with up to four inputs. What exceeds <see cref="Arity"/> is not read; the count is a constant for the
/// JIT compiler, so one loop serves all.
/// </summary>
internal interface IBody
{
    static abstract int Arity { get; }

    V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V>;

    /// <summary>The same formula for whole numbers; only called for operators that have one.</summary>
    V I<V>(V a, V b, V c, V d)
        where V : struct, IRing<V>;
}
