using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// The formula of a pointwise loop with up to four inputs. What exceeds <see cref="Arity"/> is not read; the count is a constant for the
/// JIT compiler, so one loop serves all.
/// </summary>
internal interface IBody
{
    static abstract int Arity { get; }

    /// <summary>The element types for which loops are made: where these are reals alone, no loop over whole numbers or truth values exists.</summary>
    static virtual Elements Elements => Elements.Real;

    V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V>;

    /// <summary>The same formula for whole numbers, where <see cref="Elements"/> promises one.</summary>
    V I<V>(V a, V b, V c, V d)
        where V : struct, IRing<V> => throw new NotSupportedException("This loop has no formula for whole numbers.");
}
