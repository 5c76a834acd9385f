
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
}
