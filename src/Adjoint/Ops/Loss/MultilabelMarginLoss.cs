using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// For each row the sum over its classes j and all other classes k of max(0, 1 - x[j] + x[k]), divided by the number of classes. The classes of a row
/// stand in its targets up to the first negative number.
/// </summary>
internal readonly record struct MultilabelMarginLoss(LossReduction Reduction) : IFused
{
    public int Differentiable => 1;

    public Reads Reads(Places wanted) => wanted[0] ? new Reads(Places.Of(0, 1)) : default;

    public TensorType Infer(TensorType?[] inputs)
    {
        var x = inputs[0]!.Value;
        return x.With(Reduction == LossReduction.None && x.Layout.Rank == 2 ? [x.Layout.Sizes[0]] : []);
    }

    public Tensor Compose(Tensor?[] inputs)
    {
        var pairs = Pairs.Of(inputs[0]!, inputs[1]!);
        return Combined(pairs.Over.Relu().MaskedFill(pairs.Ignored, 0).Sum([1, 2]) / (double)pairs.Classes, inputs[0]!.Layout);
    }

    public Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        made = [];
        var x = inputs[0]!;
        var losses = new double[Rows(x.Layout)];
        Walk(x, inputs[1]!, (row, _, _, over) => losses[row] += over);
        var classes = Classes(x.Layout);
        return Combined(Op.Convert(Tensor.FromArray(losses), x.DType) / (double)classes, x.Layout);
    }

    // The slopes are constant by pieces, so nothing is differentiated through them.
    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        if (!saved.Wanted[0])
        {
            return [null];
        }

        var layout = saved.Layouts[0]!;
        var (rows, classes) = (Rows(layout), Classes(layout));
        var share = Reduction == LossReduction.None ? g.Reshape(rows, 1) : Reduction == LossReduction.Mean ? g / (double)rows : g;
        return [(Slopes(saved.Inputs[0]!.Detach(), saved.Inputs[1]!) * (share / (double)classes)).Reshape(layout.Sizes)];
    }

    private static int Rows(Layout x) => x.Rank == 2 ? x.Sizes[0] : 1;

    private static int Classes(Layout x) => x.Rank == 0 ? 1 : x.Sizes[^1];

    private Tensor Combined(Tensor losses, Layout x) => Reduction == LossReduction.None
        ? losses.Reshape(x.Rank == 2 ? [x.Sizes[0]] : [])
        : LossArguments.Reduced(losses, Reduction);

    /// <summary>For each row how often each score counts, less how often it counts against.</summary>
    private static Tensor Slopes(Tensor x, Tensor target)
    {
        if (x.IsStandIn || target.IsStandIn)
        {
            var pairs = Pairs.Of(x, target);
            var counts = pairs.Over.Gt(0).To(x.DType).MaskedFill(pairs.Ignored, 0);
            return counts.Sum(1) - counts.Sum(2).Unsqueeze(1).MatMul(pairs.IsClass.To(x.DType)).Squeeze(1);
        }

        var classes = Classes(x.Layout);
        var slopes = new double[x.Layout.Count];
        Walk(x, target, (row, right, other, _) =>
        {
            slopes[(row * classes) + right]--;
            slopes[(row * classes) + other]++;
        });
        return Op.Convert(Tensor.FromArray(slopes, [Rows(x.Layout), classes]), x.DType);
    }

    /// <summary>Visits each pair whose margin is not kept: the row, its class, the other class, and by how much.</summary>
    private static void Walk(Tensor x, Tensor target, Action<int, int, int, double> visit)
    {
        var (scores, numbers) = (x.Detach().ToArray<double>(), target.ToArray<long>());
        var classes = Classes(x.Layout);
        var isClass = new bool[classes];
        for (var row = 0; row < Rows(x.Layout); row++)
        {
            var own = numbers.AsSpan(row * classes, classes);
            var end = own.IndexOfAnyExceptInRange(0, long.MaxValue);
            own = end < 0 ? own : own[..end];
            Array.Clear(isClass);
            foreach (var number in own)
            {
                isClass[number] = true;
            }

            var line = scores.AsSpan(row * classes, classes);
            foreach (var number in own)
            {
                for (var k = 0; k < classes; k++)
                {
                    var over = 1 - line[(int)number] + line[k];
                    if (!isClass[k] && !(over <= 0))
                    {
                        visit(row, (int)number, k, over);
                    }
                }
            }
        }
    }

    /// <summary>All pairs of a place in the targets and a class, in operators, where C# code may not look at them.</summary>
    /// <param name="Over">By how much the class's score is too large.</param>
    /// <param name="Ignored">The place is past the end, or the class is one of the row's.</param>
    /// <param name="IsClass">The place holds the class.</param>
    /// <param name="Classes">The number of classes.</param>
    private readonly record struct Pairs(Tensor Over, Tensor Ignored, Tensor IsClass, int Classes)
    {
        public static Pairs Of(Tensor x, Tensor target)
        {
            var (rows, classes) = (Rows(x.Layout), MultilabelMarginLoss.Classes(x.Layout));
            var (scores, numbers) = (x.Reshape(rows, classes), target.Reshape(rows, classes));
            var isPast = numbers.Lt(0).To(DType.Int64).CumSum(1).Gt(0);
            var safe = numbers.MaskedFill(isPast, 0);
            var isClass = safe.Unsqueeze(2).Eq(Tensor.Arange(classes)) & !isPast.Unsqueeze(2);
            var over = 1 - scores.Gather(1, safe).Unsqueeze(2) + scores.Unsqueeze(1);
            return new(over, isPast.Unsqueeze(2) | isClass.Any(1, keepDim: true), isClass, classes);
        }
    }
}

/// <content>The hinge loss of several classes at once.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The hinge loss of rows that have several classes (<c>torch.nn.functional.multilabel_margin_loss</c>): the sum over a row's classes j and all
    /// other classes k of max(0, 1 - x[j] + x[k]), divided by the number of classes.
    /// </summary>
    /// <param name="target">The class numbers of each row, in this shape: those up to the first -1 count.</param>
    /// <param name="reduction">How rows are combined.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The scores are not real, or class numbers are.</exception>
    /// <exception cref="TensorIndexException">A class number is out of range.</exception>
    public Tensor MultilabelMarginLoss(Tensor target, LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(target);
        LossArguments.Check(reduction);
        var (_, classes) = LossTargets.Rows(this, "multilabel_margin_loss_forward_out_frame");
        if (target.Layout.Count != Layout.Count || target.Rank != Rank || !target.Layout.SameSizes(Layout))
        {
            throw new ShapeException(
                $"inconsistent target size: {Shape.Text(target.Layout.Sizes)} for tensor of size: {Shape.Text(Layout.Sizes)}. Fill rows up with -1.");
        }

        return Op.Fused(new MultilabelMarginLoss(reduction), this, LossTargets.Numbers(target, -1, classes, "target is out of range"));
    }
}
