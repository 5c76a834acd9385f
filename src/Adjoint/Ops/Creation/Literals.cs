using System.ComponentModel;
using System.Numerics;
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
        var copy = new Copy { Elements = elements, Result = result };
        dtype.Visit(ref copy);
        return result;
    }

    /// <summary>Writes plain numbers side by side.</summary>
    private ref struct Copy : IDTypeJob
    {
        public ReadOnlySpan<Tensor> Elements;
        public Tensor Result;

        readonly void IDTypeJob.Truth() => Whole<byte>();

        readonly void IDTypeJob.Whole<T>() => Whole<T>();

        readonly void IDTypeJob.Real<S, T, C>()
        {
            var to = Result.Storage.AsSpan<S>(0, Elements.Length);
            for (var i = 0; i < to.Length; i++)
            {
                var element = Elements[i];
                to[i] = C.Narrow(element.DType.IsFloatingPoint
                    ? T.CreateTruncating(Numbers.RealOf(element))
                    : T.CreateTruncating(Numbers.WholeOf(element)));
            }
        }

        private readonly void Whole<T>()
            where T : unmanaged, INumberBase<T>
        {
            var to = Result.Storage.AsSpan<T>(0, Elements.Length);
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = T.CreateTruncating(Numbers.WholeOf(Elements[i]));
            }
        }
    }
}
