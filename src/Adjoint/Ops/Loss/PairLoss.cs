using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The loss of a pair of an input and a target, called like its method.</summary>
internal enum PairLossKind
{
    /// <summary><see cref="SquaredError"/>.</summary>
    MseLoss,

    /// <summary><see cref="SmoothedError"/>.</summary>
    SmoothL1Loss,

    /// <summary><see cref="HuberError"/>.</summary>
    HuberLoss,

    /// <summary><see cref="ProbabilityError"/>.</summary>
    BinaryCrossEntropy,

    /// <summary><see cref="LogitError"/>.</summary>
    BinaryCrossEntropyWithLogits,

    /// <summary><see cref="SoftMargin"/>.</summary>
    SoftMarginLoss,
}

/// <summary>
/// A loss of pairs, of an input and its target, times weights if there are any, combined into one number: the formula, the sum and the division
/// are one pass and one node. The derivatives of the formula must not read its value, which is never kept.
/// </summary>
/// <param name="Kind">The formula of a pair.</param>
/// <param name="Parameter">Its parameter, if it has one.</param>
/// <param name="Reduction">How pairs are combined.</param>
internal readonly record struct PairLoss(PairLossKind Kind, double Parameter, LossReduction Reduction) : IFused
{
    public string Called => Kind.ToString();

    public string GradName => Kind + "Backward0";

    public int Differentiable => 2;

    internal PairLossKind Kind { get; init; } = Kind;

    /// <summary>What is done with the formula of a loss, whichever it is.</summary>
    private interface IJob
    {
        Tensor Run<L>(L loss)
            where L : struct, IMap2;
    }

    /// <summary>The loss of tensors of one shape and dtype.</summary>
    public static Tensor Of(PairLossKind kind, double parameter, Tensor x, Tensor target, Tensor? weight, LossReduction reduction)
    {
        LossArguments.Check(reduction);
        var loss = new PairLoss(kind, parameter, reduction);
        return reduction == LossReduction.None && weight is null
            ? loss.OfEach(x, target)
            : Op.Fused(loss, x, target, weight?.To(x.DType).Expand(x.Layout.Sizes));
    }

    public Reads Reads(Places wanted)
    {
        // Slopes against either input read both, but for few, whose inputs are kept as well.
        var reads = wanted.Count > 0 ? Places.Of(0, 2) : default;
        var readsTarget = Kind is not (PairLossKind.BinaryCrossEntropyWithLogits or PairLossKind.BinaryCrossEntropy);
        return new(wanted[0] || (readsTarget && wanted[1]) ? reads | Places.Of(1) : reads);
    }

    public TensorType Infer(TensorType?[] inputs) => Reduction == LossReduction.None ? inputs[0]!.Value : inputs[0]!.Value.With();

    public Tensor Compose(Tensor?[] inputs)
    {
        var losses = OfEach(inputs[0]!, inputs[1]!);
        return LossArguments.Reduced(inputs[2] is { } weight ? losses * weight : losses, Reduction);
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        var share = Reduction == LossReduction.Mean ? g / (double)saved.Layouts[0]!.Count : g;
        share = saved.Inputs[2] is { } weight ? share * weight : share;
        var pulled = new Tensor?[2];
        for (var i = 0; i < pulled.Length; i++)
        {
            if (saved.Wanted[i])
            {
                var slope = Run(new Recorded(i, share, saved.Inputs[0], saved.Inputs[1]));
                pulled[i] = slope.Layout.SameSizes(saved.Layouts[i]!) ? slope : slope.Expand(saved.Layouts[i]!.Sizes);
            }
        }

        return pulled;
    }

    public Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        made = [];
        var (x, target) = (inputs[0]!, inputs[1]!);
        var reduced = Dims.Mask([], x.Rank);
        Tensor loss;
        if (inputs[2] is { } weight)
        {
            var losses = Run(new Values(x, target));
            Op.Run(default(Map2Body<Mul>), losses, losses, weight, null, null);
            loss = Reduction == LossReduction.None ? losses : Op.Fold(default(SumFold), losses, reduced, keepDim: false);
        }
        else
        {
            loss = Run(new Total(x, target, reduced));
        }

        if (Reduction == LossReduction.Mean)
        {
            Op.Run(new Divide(x.Layout.Count), loss, loss, null, null, null);
        }

        return loss;
    }

    public Tensor?[] PullFused(Tensor g, in Remembered saved)
    {
        var layout = saved.Layouts[0]!;
        var share = Reduction == LossReduction.Mean ? Op.RunReal(new Divide(layout.Count), g.Layout, g, null, null, null) : g;
        if (saved.Inputs[2] is { } weight)
        {
            share = Op.RunReal(default(Map2Body<Mul>), layout, share, Op.SavedIn(weight, g), null, null);
        }

        var (x, target) = (Op.SavedIn(saved.Inputs[0], share), Op.SavedIn(saved.Inputs[1], share));
        return
        [
            saved.Wanted[0] ? Run(new Pulled(0, layout, share, x, target)) : null,
            saved.Wanted[1] ? Run(new Pulled(1, layout, share, x, target)) : null,
        ];
    }

    private Tensor OfEach(Tensor x, Tensor target) => Run(new Each(x, target));

    private Tensor Run<J>(J job)
        where J : struct, IJob => Kind switch
        {
            PairLossKind.MseLoss => job.Run(default(SquaredError)),
            PairLossKind.SmoothL1Loss => job.Run(new SmoothedError(Parameter)),
            PairLossKind.HuberLoss => job.Run(new HuberError(Parameter)),
            PairLossKind.BinaryCrossEntropy => job.Run(default(ProbabilityError)),
            PairLossKind.BinaryCrossEntropyWithLogits => job.Run(default(LogitError)),
            _ => job.Run(default(SoftMargin)),
        };

    /// <summary>A loss for each pair, recorded.</summary>
    private readonly struct Each(Tensor x, Tensor target) : IJob
    {
        public Tensor Run<L>(L loss)
            where L : struct, IMap2 => Op.Map2(loss, x, target);
    }

    /// <summary>A loss for each pair, not recorded.</summary>
    private readonly struct Values(Tensor x, Tensor target) : IJob
    {
        public Tensor Run<L>(L loss)
            where L : struct, IMap2
        {
            var losses = Op.Fresh(x.Layout, x.DType);
            Op.Run(new Map2Body<L>(loss), losses, x, target, null, null);
            return losses;
        }
    }

    /// <summary>The sum of all losses, not recorded.</summary>
    private readonly struct Total(Tensor x, Tensor target, bool[] reduced) : IJob
    {
        public Tensor Run<L>(L loss)
            where L : struct, IMap2 => Op.FoldMap(new Map2Body<L>(loss), reduced, keepDim: false, x, target);
    }

    /// <summary>The gradient of one input in recorded operators.</summary>
    private readonly struct Recorded(int input, Tensor g, Tensor? x, Tensor? target) : IJob
    {
        public Tensor Run<L>(L loss)
            where L : struct, IMap2 => Map2Operation<L>.Pull(loss, input, g, x, target, null);
    }

    /// <summary>The gradient of one input in one pass.</summary>
    private readonly struct Pulled(int input, Layout layout, Tensor g, Tensor x, Tensor target) : IJob
    {
        public Tensor Run<L>(L loss)
            where L : struct, IMap2 => input == 0
                ? Op.RunReal(new Map2PullX<L>(loss), layout, g, x, target, g)
                : Op.RunReal(new Map2PullY<L>(loss), layout, g, x, target, g);
    }
}

/// <summary>The logistic function where it is a part of a formula: its exponential never overflows.</summary>
internal static class Logistic
{
    public static V Of<V>(V x)
        where V : struct, IReal<V>
    {
        var e = V.Call<Exp>(-V.Abs(x));
        return V.Select(V.Less(x, V.Zero), e, V.One) / (V.One + e);
    }
}
