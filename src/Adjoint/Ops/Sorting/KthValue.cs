using System.Globalization;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The element of each row at a place of its order, and where it was.</summary>
internal readonly record struct KthValue(int K, int Dim, bool KeepDim) : IMultiOutput
{
    public static string Name => "Kthvalue";

    public static bool ReadsResult(int result) => result == 1;

    public static bool HasGradient(int result) => result == 0;

    public TensorType[] Infer(TensorType[] inputs)
    {
        var values = inputs[0].With(Ordering.SizesOfOne(inputs[0].Layout.Sizes, Dim, KeepDim));
        return [values, values.To(DType.Int64)];
    }

    public Tensor[] Apply(Tensor[] inputs) => Ordering.One(inputs[0], Dim, KeepDim, RowPick.Kth, K - 1);

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) =>
        [Ordering.PullOne(gradients[0], shapes[0], results[1]!, Dim, KeepDim)];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [Ordering.PushOne(tangents[0]!, results[1], Dim, KeepDim), null];

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this with { Dim = Dim + 1 }, inputs);
}

/// <content>The k-th smallest element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The k-th smallest element along a dimension and where it is, the first of equal ones, which gets all the gradient (<c>torch.kthvalue</c>).
    /// NaN is larger than everything.
    /// </summary>
    /// <param name="k">Counted from 1.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <returns>The elements, and their positions as int64.</returns>
    /// <exception cref="TensorIndexException">The dimension does not exist, or has fewer elements.</exception>
    /// <exception cref="DTypeException">The elements are truth values.</exception>
    public (Tensor Values, Tensor Indices) KthValue(int k, int dim = -1, bool keepDim = false)
    {
        var (x, axis) = Ordering.AtLeastOne(this, dim);
        if (k < 1 || k > x.Layout.Sizes[axis])
        {
            throw new TensorIndexException(string.Create(
                CultureInfo.InvariantCulture,
                $"kthvalue(): selected number k out of range for dimension {axis}. k is {k}, counted from 1, and the dimension has " +
                $"{x.Layout.Sizes[axis]} elements."));
        }

        if (DType == DType.Bool)
        {
            throw DType.NotImplemented("kthvalue_cpu");
        }

        var results = Op.MultiOutput(new KthValue(k, axis, keepDim && Rank > 0), x);
        return (results[0], results[1]);
    }
}
