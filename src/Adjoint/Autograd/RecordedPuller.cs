using Adjoint.Kernels;
using Adjoint.Ops.Families;

namespace Adjoint.Engine;

/// <summary>Reads derivative formulas with tensors, so that gradients are recorded like any other operation.</summary>
internal abstract class RecordedPuller : Puller
{
    public override Tensor Map<O>(O op, Tensor g, Tensor? x, Tensor? y) =>
        Chain(g, op.D(new Sym(x), new Sym(y)), O.Selects);

    public override Tensor Map2<O>(O op, int input, Tensor g, Tensor? x, Tensor? y, Tensor? z)
    {
        var (a, b, c) = (new Sym(x), new Sym(y), new Sym(z));
        return Chain(g, input == 0 ? op.DX(a, b, c) : op.DY(a, b, c), O.Selects);
    }

    public override Tensor Map3<O>(O op, int input, Tensor g, Tensor? x, Tensor? y, Tensor? z)
    {
        var (a, b, c) = (new Sym(x), new Sym(y), new Sym(z));
        return Chain(g, input == 0 ? op.DX(a, b, c) : input == 1 ? op.DY(a, b, c) : op.DZ(a, b, c), O.Selects);
    }

    public override Tensor Reduce<O>(O op, Tensor g, Tensor x, Tensor y, bool[] reduced)
    {
        var kept = Op.ReducedSizes(x.Layout, reduced, keepDim: true);
        var gradient = g.Reshape(kept);
        var slope = op.D(new Sym(x), new Sym(y.Reshape(kept)));
        if (O.SharesTies)
        {
            // Not "/=", which would divide the caller's gradient in place.
            gradient = gradient / Op.Fold(default(MagnitudeFold), slope.ToTensor(x), reduced, keepDim: true);
        }

        // A slope that is a number has no shape of its own.
        var pulled = Chain(gradient, slope, O.SharesTies);
        return pulled.Layout.SameSizes(x.Layout) ? pulled : pulled.Expand(x.Layout.Sizes);
    }

    private static Tensor Chain(Tensor g, Sym slope, bool selects)
    {
        if (!selects)
        {
            return (new Sym(g) * slope).ToTensor(g);
        }

        var mask = slope.ToTensor(g).Detach();
        return Tensor.Where(mask.Eq(0), Tensor.ZerosLike(g), g * mask);
    }
}
