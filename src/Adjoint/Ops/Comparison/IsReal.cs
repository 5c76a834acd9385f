namespace Adjoint;

/// <content>Reals.</content>
public sealed partial class Tensor
{
    /// <summary>A bool tensor, true where an element has no imaginary part: everywhere.</summary>
    public Tensor IsReal() => OnesLike(this, DType.Bool);
}
