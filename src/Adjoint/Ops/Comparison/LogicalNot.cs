
namespace Adjoint;

/// <content>True where an element is zero.</content>
public sealed partial class Tensor
{
    /// <summary>Element by element: true where the element is zero.</summary>
    public static Tensor operator !(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.LogicalNot();
    }

    /// <summary>A bool tensor, true where x is zero.</summary>
    public Tensor LogicalNot() => Eq(0);

    /// <summary><see cref="LogicalNot"/>, in place: 1 where x is zero and 0 elsewhere, in this tensor's dtype; nothing flows back.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor LogicalNot_() => Judged.InPlace(TruthCall.LogicalNot, this, null, LogicalNot());
}
