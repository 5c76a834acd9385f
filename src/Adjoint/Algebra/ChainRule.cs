using System.Runtime.CompilerServices;

namespace Adjoint.Algebra;

/// <summary>The step of the chain rule that all pulls of pointwise operators take, in one place.</summary>
internal static class ChainRule
{
    /// <summary>
    /// The gradient of an input from that of the result. The slope is conjugated, as PyTorch has it for complex numbers: then a step against the
    /// gradient goes down.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Pull<V>(V gradient, V slope)
        where V : struct, IField<V> => gradient * V.Conj(slope);
}
