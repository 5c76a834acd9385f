using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The element of each row that occurs most often, and where it was.</summary>
internal readonly record struct Mode(int Dim, bool KeepDim) : IMultiOutput
{
    public static bool ReadsResult(int result) => result == 1;

    public static bool HasGradient(int result) => result == 0;

    public TensorType[] Infer(TensorType[] inputs)
    {
        var values = inputs[0].With(Ordering.SizesOfOne(inputs[0].Layout.Sizes, Dim, KeepDim));
        return [values, values.To(DType.Int64)];
    }

    public Tensor[] Apply(Tensor[] inputs) => Ordering.One(inputs[0], Dim, KeepDim, RowPick.Mode);

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) =>
        [Ordering.PullOne(gradients[0], shapes[0], results[1]!, Dim, KeepDim)];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [Ordering.PushOne(tangents[0]!, results[1], Dim, KeepDim), null];

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this with { Dim = Dim + 1 }, inputs);
}

/// <content>The most frequent element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The element that occurs most often along a dimension, the smallest of several, and where it is, the last of equal ones, which gets all the
    /// gradient (<c>torch.mode</c>). Every NaN counts alone.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <returns>The elements, and their positions as int64.</returns>
    /// <exception cref="TensorIndexException">The dimension does not exist, or is empty.</exception>
    public (Tensor Values, Tensor Indices) Mode(int dim = -1, bool keepDim = false)
    {
        var (x, axis) = Ordering.AtLeastOne(this, dim);
        Ordering.ThrowIfEmpty(x, axis, "mode");
        var results = Op.MultiOutput(new Mode(axis, keepDim && Rank > 0), x);
        return (results[0], results[1]);
    }
}
