using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>Angles of points.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The angle of the point (y, x) in radians from -pi to pi, element by element, broadcast: this is the ordinate, the argument the abscissa. The
    /// error is
    /// at most 3 ULP. At the origin the gradient is 0, where PyTorch has NaN.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Atan2(Tensor y) => Op.Map2(default(Map2<Atan2>), this, y);

    /// <summary>The angle of the point, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Atan2_(Tensor y) => Op.Map2InPlace(default(Map2<Atan2>), this, y);
}
