using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>Derivatives of the digamma function, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The n-th derivative of <see cref="Digamma"/>, element by element (<c>torch.polygamma(n, x)</c>).</summary>
    /// <param name="n">How often the digamma function is differentiated.</param>
    /// <exception cref="TensorException">n is negative.</exception>
    public Tensor Polygamma(int n) => n == 0 ? Digamma() : Op.Map(new MapToConstant<Polygamma>(CheckedOrder(n)), this);

    /// <summary>The n-th derivative of <see cref="Digamma"/>, element by element, in place.</summary>
    /// <param name="n">How often the digamma function is differentiated.</param>
    /// <exception cref="TensorException">n is negative.</exception>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Polygamma_(int n) => n == 0 ? Digamma_() : Op.MapInPlace(new MapToConstant<Polygamma>(CheckedOrder(n)), this);

    private static int CheckedOrder(int n) => n > 0
        ? n
        : throw new TensorException("polygamma(n, x) does not support negative n. Ask for a derivative of order 0 or more.");
}
