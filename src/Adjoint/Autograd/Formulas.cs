using Adjoint.Ops.Families;

namespace Adjoint.Engine;

/// <summary>
/// The derivative formulas of operators, read with tensors: what multiplies a gradient on its way back multiplies a tangent on its way forward.
/// </summary>
internal static class Formulas
{
    /// <summary>g * D(x, y).</summary>
    public static Tensor Map<O>(O op, Tensor g, Tensor? x, Tensor? y)
        where O : struct, IMap
    {
        if (Traced.PullMap(op, g, x, y) is { } fused)
        {
            return fused;
        }

        var pulled = Chain(g, op.D(new Sym(x), new Sym(y)), O.Selects);

        // Inside of transforms, what does not depend on an input has derivative zero anyway.
        return op is IPiecewiseLinear && Nesting.Depth == 0 && (x ?? y) is { RequiresGrad: true } read
            ? Tensor.Where(Numbers.Truth(true), pulled, read)
            : pulled;
    }

    /// <summary>g * D(x, y, z) against one input.</summary>
    public static Tensor Map2<O>(O op, int input, Tensor g, Tensor? x, Tensor? y, Tensor? z)
        where O : struct, IMap2
    {
        if (Traced.PullMap2(op, input, g, x, y, z) is { } fused)
        {
            return fused;
        }

        var (a, b, c) = (new Sym(x), new Sym(y), new Sym(z));
        return Chain(g, input == 0 ? op.DX(a, b, c) : op.DY(a, b, c), O.Selects);
    }

    /// <summary>g * D(x, y, z) against one input.</summary>
    public static Tensor Map3<O>(O op, int input, Tensor g, Tensor? x, Tensor? y, Tensor? z)
        where O : struct, IMap3
    {
        if (Traced.PullMap3(op, input, g, x, y, z) is { } fused)
        {
            return fused;
        }

        var (a, b, c) = (new Sym(x), new Sym(y), new Sym(z));
        return Chain(g, input == 0 ? op.DX(a, b, c) : input == 1 ? op.DY(a, b, c) : op.DZ(a, b, c), O.Selects);
    }

    /// <summary>The gradient of the input of a reduction over the marked dimensions.</summary>
    public static Tensor Pull<O>(O op, Tensor g, Tensor x, Tensor y, bool[] reduced)
        where O : struct, IReduce
    {
        if (Traced.PullReduce(op, g, x, y, reduced) is { } fused)
        {
            return fused;
        }

        var kept = Op.ReducedSizes(x.Layout, reduced, keepDim: true);
        var gradient = g.Reshape(kept);
        var slope = op.D(new Sym(x), new Sym(y.Reshape(kept)));
        if (O.SharesTies)
        {
            // Not "/=", which would divide the caller's gradient in place.
            gradient = gradient / Ties(slope, x, reduced);
        }

        // A slope that is a number has no shape of its own.
        var pulled = Chain(gradient, slope, O.SharesTies);
        return pulled.Layout.SameSizes(x.Layout) ? pulled : pulled.Expand(x.Layout.Sizes);
    }

    /// <summary>The tangent of the result of a reduction over the marked dimensions.</summary>
    public static Tensor Push<O>(O op, Tensor t, Tensor x, Tensor y, bool[] reduced, bool keepDim)
        where O : struct, IReduce
    {
        var slope = op.D(new Sym(x), new Sym(y.Reshape(Op.ReducedSizes(x.Layout, reduced, keepDim: true))));
        var pushed = SumOver(Chain(t, slope, O.SharesTies), reduced, keepDim);
        return O.SharesTies ? pushed / AtLeastOne(SumOver(Magnitude(slope, x), reduced, keepDim)) : pushed;
    }

    /// <summary>The sum over marked dimensions.</summary>
    public static Tensor SumOver(Tensor x, bool[] reduced, bool keepDim) =>
        Op.Linear(new Sum(reduced, keepDim, whole: false), x);

    private static Tensor Ties(Sym slope, Tensor x, bool[] reduced) => AtLeastOne(SumOver(Magnitude(slope, x), reduced, keepDim: true));

    /// <summary>Where all slopes are 0, as those of the largest magnitude at 0 are, nothing is shared and nothing divided by 0.</summary>
    private static Tensor AtLeastOne(Tensor ties) => ties.Clamp(min: 1);

    /// <summary>How much each element shares; a constant, as slopes are -1, 0 or 1.</summary>
    private static Tensor Magnitude(Sym slope, Tensor x) => slope.ToTensor(x).Detach().Abs();

    private static Tensor Chain(Tensor g, Sym slope, bool selects)
    {
        if (!selects)
        {
            return (new Sym(g) * slope).ToTensor(g);
        }

        // Slopes are constants by pieces. The gradient and the slope may broadcast.
        var mask = slope.ToTensor(g).Detach();
        return Tensor.Where(mask.Eq(0), Tensor.Scalar(0.0).To(g.DType), g * mask);
    }
}
