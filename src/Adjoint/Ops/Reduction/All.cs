using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>Whether all or any elements are not zero.</summary>
public static class AllMethod
{
    extension(Tensor x)
    {
        /// <summary>A bool scalar: whether no element is zero. True for an empty tensor.</summary>
        public Tensor All() => Numbers.Truth(x.Eq(0).Sum().Item<long>() == 0);

        /// <summary>A bool scalar: whether some element is not zero.</summary>
        public Tensor Any() => Numbers.Truth(x.Ne(0).Sum().Item<long>() != 0);
    }
}
