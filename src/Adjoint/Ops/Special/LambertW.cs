using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>Lambert's W function, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>Lambert's W function, the inverse of w e^w for w from -1 on, element by element; NaN below -1/e. PyTorch has none.</summary>
    public Tensor LambertW() => Op.Map(default(Map<LambertW>), this);
}
