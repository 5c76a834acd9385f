using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>Magnitudes with other signs.</content>
public sealed partial class Tensor
{
    /// <summary>The magnitude of x with the sign of y, element by element, broadcast (<c>torch.copysign</c>); at 0 the gradient is 0.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor CopySign(Tensor y) => Op.Map2(new Map2<CopySign>(PlainNumbers.OfSecond(y)), this, y);

    /// <summary>The magnitude of x with the sign of y, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor CopySign_(Tensor y) => Op.Map2InPlace(new Map2<CopySign>(PlainNumbers.OfSecond(y)), this, y);
}
