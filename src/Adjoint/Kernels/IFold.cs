using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>How a reduction combines elements: a neutral value, what to do to each element first, and an associative step.</summary>
internal interface IFold
{
    V Unit<V>()
        where V : struct, IRing<V>;

    V Lift<V>(V x)
        where V : struct, IReal<V>;

    V Combine<V>(V a, V b)
        where V : struct, IRing<V>;
}
