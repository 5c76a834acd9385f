using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The scaled complementary error function, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>e^(x²) erfc(x), element by element (<c>torch.special.erfcx</c>), which does not vanish for large x as erfc does.</summary>
    public Tensor Erfcx() => Op.Map(default(Map<Erfcx>), this);
}
