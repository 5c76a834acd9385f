using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>Which elements have a sign.</content>
public sealed partial class Tensor
{
    /// <summary>A bool tensor, true where an element has its sign bit set: below 0, and at -0.0 and NaN with a sign.</summary>
    public Tensor SignBit() => DType.IsFloatingPoint ? Op.Map2(default(Map2<CopySign>), 1, Detach()).Lt(0) : Lt(0);
}
