using Adjoint.Families;

namespace Adjoint;

/// <summary>The variance over dimensions, or its root, and the mean.</summary>
internal readonly record struct VarMean(ValueArray<bool> Dim, bool KeepDim, double Correction, bool Whole, bool Root) : IMultiOutput
{
    public string GradName => Root ? "StdMeanBackward0" : "VarMeanBackward0";

    public static bool ReadsInput(int input) => true;

    public static bool ReadsResult(int result) => result == 0;

    public TensorType[] Infer(TensorType[] inputs)
    {
        var type = inputs[0].With(Op.ReducedSizes(inputs[0].Layout, Dim, KeepDim));
        return [type, type];
    }

    public Tensor[] Apply(Tensor[] inputs)
    {
        var variance = Root
            ? new Std(Correction).Apply(inputs[0], Rows)
            : Moments.Variance(inputs[0], Rows, Correction);
        return [variance, MeanOf.Apply(inputs[0])];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var x = inputs[0]!;
        var ofVariance = gradients[0] is not { } g ? null
            : Root ? new Std(Correction).Pull(g, x, results[0], Rows)
            : Moments.Pull(Dims.Unreduce(g, x.Shape, Dim), x, Rows, Correction);
        var ofMean = gradients[1] is { } h ? MeanOf.Transpose(h, shapes[0]) : null;
        return [Formulas.Sum(ofVariance, ofMean)];
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var ofVariance = Root
            ? new Std(Correction).Push(tangents[0]!, inputs[0], results[0], Rows)
            : Moments.Push(tangents[0]!, inputs[0], Rows, Correction);
        return [ofVariance, Op.Linear(MeanOf, tangents[0]!)];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this with { Dim = [false, .. Dim], Whole = false }, inputs);

    private RowDims Rows => new(Dim, KeepDim, Whole);

    private Mean MeanOf => new(Dim, KeepDim, Whole: false);
}

/// <content>Variances and means together.</content>
public sealed partial class Tensor
{
    /// <summary>The variance and the mean over dimensions, all if none is named (<c>torch.var_mean</c>).</summary>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <param name="correction">What is taken off the number of elements that the sum of squares is divided by.</param>
    /// <param name="keepDim">Keep the dimensions with size 1.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public (Tensor Var, Tensor Mean) VarMean(ReadOnlySpan<int> dims = default, double correction = 1, bool keepDim = false) =>
        VarMeanOver(this, dims, correction, keepDim, root: false, "var_mean");

    /// <summary>The variance and the mean over one dimension.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="correction">What is taken off the number of elements that the sum of squares is divided by.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public (Tensor Var, Tensor Mean) VarMean(int dim, double correction = 1, bool keepDim = false) => VarMean([dim], correction, keepDim);

    /// <summary>The standard deviation and the mean over dimensions, all if none is named (<c>torch.std_mean</c>).</summary>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <param name="correction">What is taken off the number of elements that the sum of squares is divided by.</param>
    /// <param name="keepDim">Keep the dimensions with size 1.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public (Tensor Std, Tensor Mean) StdMean(ReadOnlySpan<int> dims = default, double correction = 1, bool keepDim = false) =>
        VarMeanOver(this, dims, correction, keepDim, root: true, "std_mean");

    /// <summary>The standard deviation and the mean over one dimension.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="correction">What is taken off the number of elements that the sum of squares is divided by.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public (Tensor Std, Tensor Mean) StdMean(int dim, double correction = 1, bool keepDim = false) => StdMean([dim], correction, keepDim);

    private static (Tensor Spread, Tensor Mean) VarMeanOver(Tensor x, ReadOnlySpan<int> dims, double correction, bool keepDim, bool root, string name)
    {
        var reduced = Moments.Check(x, dims, correction, name);
        var results = Op.MultiOutput(new VarMean(reduced, keepDim, correction, dims.IsEmpty, root), x);
        return (results[0], results[1]);
    }
}
