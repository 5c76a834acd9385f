using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>Bessel functions of the first kind, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The Bessel function of the first kind and any whole order, element by element. PyTorch has the orders 0 and 1 only.</summary>
    /// <param name="order">The order, at most a million.</param>
    public Tensor BesselJ(int order) => order switch
    {
        0 => BesselJ0(),
        1 => BesselJ1(),
        _ => Op.Map(new MapToConstant<BesselJ>(order), this),
    };
}
