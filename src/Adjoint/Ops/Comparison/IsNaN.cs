namespace Adjoint;

/// <content>What is not a number.</content>
public sealed partial class Tensor
{
    /// <summary>A bool tensor, true where an element is NaN; nowhere among whole numbers and truth values.</summary>
    public Tensor IsNaN() => Ne(this);
}
