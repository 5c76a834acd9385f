using System.ComponentModel;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>
/// What C#'s literals become: plain numbers in expressions, and collection expressions. Element types follow C#: <c>float</c> is float32,
/// <c>double</c> float64, whole numbers int64, <c>bool</c> bool; a mix takes the widest.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TensorLiteral
{
    /// <summary>Makes a tensor of a collection expression; nested ones stack.</summary>
    /// <exception cref="ShapeException">Rows differ in shape.</exception>
    public static Tensor Create(ReadOnlySpan<Tensor> elements)
    {
        if (elements.Length == 0)
        {
            return Op.Fresh(Layout.Dense([0]), DType.DefaultReal);
        }

        Operands.ThrowIfAnyNull(elements.ToArray(), "a collection expression", nameof(elements));
        foreach (var element in elements)
        {
            if (!element.IsNumber)
            {
                return Tensor.Stack(elements.ToArray());
            }
        }

        // Plain numbers: the widest of their own types, so that no digit is lost.
        var dtype = elements[0].DType;
        foreach (var element in elements)
        {
            dtype = DType.Promote(dtype, element.DType);
        }

        var result = Op.Fresh(Layout.Dense([elements.Length]), dtype);
        for (var i = 0; i < elements.Length; i++)
        {
            Op.CopyInto(elements[i], result.View(new Layout([], [], i)));
        }

        return result;
    }
}
