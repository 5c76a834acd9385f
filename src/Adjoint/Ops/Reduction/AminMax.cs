using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The smallest and the largest element over dimensions; ties share the gradient evenly.</summary>
internal readonly record struct AminMax(ValueArray<bool> Dim, bool KeepDim) : IMultiOutput
{
    public static string Name => "Aminmax";

    public static bool ReadsInput(int input) => true;

    public static bool ReadsResult(int result) => true;

    public TensorType[] Infer(TensorType[] inputs)
    {
        var type = inputs[0].With(Op.ReducedSizes(inputs[0].Layout, Dim, KeepDim));
        return [type, type];
    }

    public Tensor[] Apply(Tensor[] inputs) =>
        [Op.Fold(default(Amin), inputs[0], Dim, KeepDim), Op.Fold(default(Amax), inputs[0], Dim, KeepDim)];

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var x = inputs[0]!;
        var rows = Rows;
        var least = gradients[0] is { } g ? rows.Keep(g, x.Shape) * Shares(x, results[0]!) : null;
        var most = gradients[1] is { } h ? rows.Keep(h, x.Shape) * Shares(x, results[1]!) : null;
        return [Formulas.Sum(least, most)];
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) =>
    [
        Formulas.SumOver(tangents[0]! * Shares(inputs[0], results[0]), Dim, KeepDim),
        Formulas.SumOver(tangents[0]! * Shares(inputs[0], results[1]), Dim, KeepDim),
    ];

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this with { Dim = [false, .. Dim] }, inputs);

    private RowDims Rows => new(Dim, KeepDim);

    /// <summary>What part of the gradient each element gets: a constant.</summary>
    private Tensor Shares(Tensor x, Tensor y)
    {
        var (own, extreme) = (x.Detach(), Rows.Keep(y.Detach(), x.Shape));

        // A NaN is the extreme of itself, although it does not equal it.
        var isIt = own.Eq(extreme).LogicalOr(own.Ne(own)).To(x.DType);
        return isIt / Rows.Sum(isIt);
    }
}

/// <content>Both extremes.</content>
public sealed partial class Tensor
{
    /// <summary>The smallest and the largest of all elements (<c>torch.aminmax</c>); ties share the gradient evenly. NaN wins both.</summary>
    /// <param name="keepDim">Keep all dimensions with size 1.</param>
    /// <exception cref="TensorException">The tensor is empty.</exception>
    public (Tensor Min, Tensor Max) AminMax(bool keepDim = false) => Layout.Count > 0
        ? AminMaxOver(this, [], keepDim)
        : throw new TensorException("aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity.");

    /// <summary>
    /// The smallest and the largest element along a dimension (<c>torch.aminmax</c>); ties share the gradient evenly. NaN wins both.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="keepDim">Keep it with size 1; of a scalar it makes a vector.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist, or is empty.</exception>
    public (Tensor Min, Tensor Max) AminMax(int dim, bool keepDim = false)
    {
        Ordering.ThrowIfEmpty(this, Layout.Dim(dim), "aminmax");
        return Rank == 0 && keepDim ? AminMaxOver(Reshape(1), [0], keepDim) : AminMaxOver(this, [dim], keepDim);
    }

    private static (Tensor Min, Tensor Max) AminMaxOver(Tensor x, ReadOnlySpan<int> dims, bool keepDim)
    {
        var results = Op.MultiOutput(new AminMax(Dims.Mask(dims, x.Rank), keepDim), x);
        return (results[0], results[1]);
    }
}
