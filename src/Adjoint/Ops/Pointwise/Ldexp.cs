using Adjoint.Gate;

namespace Adjoint;

/// <content>Numbers times powers of 2.</content>
public sealed partial class Tensor
{
    /// <summary>x * 2^y, element by element, broadcast; whole numbers give reals. Recorded as that product, as in PyTorch.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Ldexp(Tensor y)
    {
        Operands.ThrowIfNull<Mul>(y);
        return Mul(((Tensor)2.0).Pow(y));
    }

    /// <summary>x * 2^y, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Ldexp_(Tensor y)
    {
        Operands.ThrowIfNull<Mul>(y);
        return Mul_(((Tensor)2.0).Pow(y));
    }
}
