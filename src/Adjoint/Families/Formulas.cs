using Adjoint.Algebra;
using Adjoint.Interpreters;
using Adjoint.Tape;

namespace Adjoint.Families;

/// <summary>
/// What the derivative rules of families share: what multiplies a gradient on its way back multiplies a tangent on its way forward.
/// </summary>
internal static class Formulas
{
    /// <summary>A gradient or tangent times a slope, in operators that others may follow.</summary>
    /// <param name="g">The gradient.</param>
    /// <param name="slope">The slope.</param>
    /// <param name="selects">The slope is a choice: where it is 0, nothing passes, infinite or not.</param>
    public static Tensor Chain(Tensor g, Sym slope, bool selects)
    {
        if (!selects)
        {
            return ChainRule.Pull(new Sym(g), slope).ToTensor(g);
        }

        // Slopes are constants by pieces. The gradient and the slope may broadcast.
        var mask = slope.ToTensor(g).Detach();
        return Tensor.Where(mask.Eq(0), Tensor.Scalar(0.0).To(g.DType), g * mask);
    }

    /// <summary>A pulled gradient where the gradient that it came from is not 0, and 0 where that is: a strong zero, to every order.</summary>
    public static Tensor Strong(Tensor g, Tensor pulled) =>
        Op.Map3(new Where(WhereCall.Strong), g.Eq(0), Tensor.Scalar(0.0).To(pulled.DType), pulled);

    /// <summary>A tangent in one pass, where no tape follows what it is made of; null elsewhere.</summary>
    public static Tensor? Push(FusedPull pull, Tensor t, Tensor x, Tensor y, Tensor? z = null)
    {
        if (Recording.IsOn && (IsFollowed(t) || IsFollowed(x) || IsFollowed(y) || (z is not null && IsFollowed(z))))
        {
            return null;
        }

        var before = Recording.SetHere(false);
        try
        {
            return Traced.Pull(pull, t, x, y, z);
        }
        finally
        {
            Recording.SetHere(before);
        }
    }

    /// <summary>The sum over marked dimensions.</summary>
    public static Tensor SumOver(Tensor x, bool[] reduced, bool keepDim) =>
        Op.Linear(new Sum(reduced, keepDim, Whole: false), x);

    /// <summary>
    /// An input in the dtype of the gradient that it meets, recorded: what promotion did to it before the operator ran. A formula of whole numbers
    /// would have the precision of the default dtype.
    /// </summary>
    public static Tensor? InDTypeOf(Tensor g, Tensor? input) => input is null || input.DType == g.DType || input.IsNumber ? input : input.To(g.DType);

    /// <summary>A tangent in the shape and dtype of the result.</summary>
    public static Tensor Spread(Tensor tangent, Tensor result)
    {
        var converted = tangent.To(result.DType);
        return converted.Layout.SameSizes(result.Layout) ? converted : converted.Expand(result.Layout.Sizes);
    }

    /// <summary>The sum of two tangents; null is zero.</summary>
    public static Tensor? Sum(Tensor? x, Tensor? y) => x is null ? y : y is null ? x : x + y;

    private static bool IsFollowed(Tensor x) => Tracer.FloorOf(x) != short.MaxValue;
}
