namespace Adjoint.Onnx.Tests;

/// <content>Reductions, scans, and elements in other places.</content>
internal static partial class OperatorCases
{
    private static IEnumerable<Case> Reductions()
    {
        var x = Draw(4, 3, 5);
        foreach (var (name, function) in new (string, Func<Tensor, Tensor>)[]
        {
            ("Sum", a => a.Sum(1)), ("Sum all", a => a.Sum()), ("Sum keep", a => a.Sum([0, 2], keepDim: true)), ("Mean", a => a.Mean(0)),
            ("Mean all", a => a.Mean()), ("Amax", a => a.Amax([1])), ("Amin", a => a.Amin([2], keepDim: true)), ("Max", a => a.Max(1).Values),
            ("Min", a => a.Min(2).Values), ("Max all", a => a.Max()), ("Prod", a => a.Prod(1)), ("Var", a => a.Var(1)), ("Std", a => a.Std(2)),
            ("Var batch", a => a.Var(0)), ("Var all", a => a.Var()), ("VarMean", a => a.VarMean(1).Mean), ("StdMean", a => a.StdMean(1).Std),
            ("LogSumExp", a => a.LogSumExp(1)), ("Norm", a => a.Norm(2, [1])), ("Norm 1", a => a.Norm(1, [1])), ("Norm 3", a => a.Norm(3, [1])),
            ("Norm infinity", a => a.Norm(double.PositiveInfinity, [1])), ("Norm 0", a => a.Norm(0, [1])), ("Argmax", a => a.Argmax(1)),
            ("Argmin", a => a.Argmin(2, keepDim: true)), ("Any", a => (a > 1).Any(1)), ("All", a => (a > -1).All(1)),
            ("CountNonzero", a => a.CountNonzero([1])), ("NanSum", a => a.NanSum([1])), ("NanMean", a => a.NanMean([1])),
            ("AminMax", a => a.AminMax(1).Max), ("Softmax", a => a.Softmax(1)), ("LogSoftmax", a => a.LogSoftmax(-1)), ("Softmin", a => a.Softmin(1)),
            ("CumSum", a => a.CumSum(1)), ("CumProd", a => a.CumProd(2)), ("LogCumSumExp", a => a.LogCumSumExp(1)), ("Diff", a => a.Diff()),
            ("Trapezoid", a => a.Trapezoid()), ("Renorm", a => a.Renorm(2, 1, 1)), ("SumToSize", a => a.SumToSize(1, 3, 5)),
            ("CosineSimilarity", a => a.CosineSimilarity(a.Flip(1), 1)), ("PairwiseDistance", a => a.PairwiseDistance(a.Flip(1))),
        })
        {
            yield return One(name, function, x);
        }
    }

    private static IEnumerable<Case> Movement()
    {
        var x = Draw(4, 6, 5);
        foreach (var (name, function) in new (string, Func<Tensor, Tensor>)[]
        {
            ("Reshape", a => a.Reshape(-1, 2, 15)), ("View", a => a.View(a.Shape[0], 30)), ("Flatten", a => a.Flatten(1)),
            ("Unflatten", a => a.Unflatten(1, 2, 3)), ("Permute", a => a.Permute(2, 0, 1)), ("Transpose", a => a.Transpose(1, 2)),
            ("Squeeze", a => a[.., ..1].Squeeze(1)), ("Unsqueeze", a => a.Unsqueeze(1)), ("Expand", a => a.Unsqueeze(1).Expand(-1, 3, -1, -1)),
            ("Movedim", a => a.Movedim(0, 2)), ("Swapaxes", a => a.Swapaxes(0, 1)), ("Slice", a => a[.., 1..4]), ("Slice batch", a => a[1..]),
            ("Slice step", a => a.Slice(1, 0, 6, 2)), ("Select", a => a.Select(1, 2)), ("Select last", a => a[^1]),
            ("Narrow", a => a.Narrow(2, 1, 3)),
            ("Split", a => a.Split(2, 1)[1]), ("Chunk", a => a.Chunk(3, 1)[2]), ("TensorSplit", a => a.TensorSplit(3, 1)[0]),
            ("Unbind", a => a.Unbind(1)[3]), ("Cat", a => Tensor.Cat([a, a * 2], 1)), ("Cat batch", a => Tensor.Cat([a, a * 2], 0)),
            ("Stack", a => Tensor.Stack([a, a * 2], 1)), ("Hstack", a => Tensor.Hstack([a, a])), ("Vstack", a => Tensor.Vstack([a, a])),
            ("Dstack", a => Tensor.Dstack([a, a])), ("Flip", a => a.Flip(1, 2)), ("Flip batch", a => a.Flip(0)), ("Roll", a => a.Roll(2, 1)),
            ("Rot90", a => a.Rot90(1, 1, 2)), ("Repeat", a => a.Repeat(1, 2, 1)), ("Repeat more", a => a.Repeat(2, 1, 1, 1)),
            ("Tile", a => a.Tile(2)),
            ("RepeatInterleave", a => a.RepeatInterleave(2, 1)), ("Triu", a => a.Triu(1)), ("Tril", a => a.Tril()),
            ("Diagonal", a => a.Diagonal(1, 1, 2)),
            ("DiagEmbed", a => a.DiagEmbed()), ("DiagEmbed 1", a => a.DiagEmbed(1, 0, 2)), ("Pad", a => a.Pad([1, 2, 0, 1], value: 0.5)),
            ("Pad negative", a => a.Pad([-1, 2])), ("Unfold", a => a.Unfold(1, 3, 2)), ("Clone", a => a.Clone() + 0), ("Detach", a => a.Detach() + a),
            ("Ravel", a => a.Ravel()), ("NarrowCopy", a => a.NarrowCopy(1, 1, 2)), ("Swapdims", a => a.Swapdims(1, 2)),
            ("ChannelShuffle", a => a.ChannelShuffle(3)), ("Meshgrid", a => Tensor.Meshgrid([a[0, 0], a[0, 1]])[0]),
            ("ExpandAs", a => a.Sum(1, keepDim: true).ExpandAs(a)),
        })
        {
            yield return One(name, function, x);
        }

        yield return One("Diag", a => a.Diag(), Draw(3), null);
        yield return One("Trace", a => a.Trace(), Draw(3, 4), null);
    }
}
