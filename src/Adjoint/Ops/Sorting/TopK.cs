using Adjoint.Families;

namespace Adjoint;

/// <summary>The largest or the smallest elements along a dimension in order, and where they were.</summary>
internal readonly record struct TopK(int K, int Dim, bool Largest) : IMultiOutput
{
    public static string Name => "Topk";

    public static bool ReadsResult(int result) => result == 1;

    public static bool HasGradient(int result) => result == 0;

    public TensorType[] Infer(TensorType[] inputs)
    {
        var values = inputs[0].WithSize(Dim, K);
        return [values, values.To(DType.Int64)];
    }

    public Tensor[] Apply(Tensor[] inputs) => Ordering.First(inputs[0], Dim, K, Largest);

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) =>
        [Ordering.Pull(gradients[0], shapes[0], results[1]!, Dim, AlongCall.TopK)];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [tangents[0]!.Gather(Dim, results[1]), null];

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this with { Dim = Dim + 1 }, inputs);
}

/// <content>The largest elements.</content>
public sealed partial class Tensor
{
    /// <summary>The k largest or smallest elements along a dimension, in order, and the positions that they had (<c>torch.topk</c>).</summary>
    /// <param name="k">How many.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="largest">The largest, not the smallest.</param>
    /// <param name="sorted">They have to be in order; they always are.</param>
    /// <returns>The elements, and their positions as int64.</returns>
    /// <exception cref="TensorIndexException">The dimension does not exist, or has fewer elements.</exception>
    /// <exception cref="DTypeException">The elements are truth values.</exception>
    public (Tensor Values, Tensor Indices) TopK(int k, int dim = -1, bool largest = true, bool sorted = true)
    {
        _ = sorted;
        var (x, axis) = Ordering.AtLeastOne(this, dim);
        if (k < 0 || k > x.Layout.Sizes[axis])
        {
            throw new TensorIndexException(
                $"selected index k out of range. k is {k}, and dimension {axis} of a tensor of shape {Shape.Text(Layout.Sizes)} has " +
                $"{x.Layout.Sizes[axis]} elements.");
        }

        if (DType == DType.Bool)
        {
            throw DType.NotImplemented("topk_cpu");
        }

        var results = Op.MultiOutput(new TopK(k, axis, largest), x);
        return Rank > 0 || k == 0 ? (results[0], results[1]) : (results[0].Reshape(), results[1].Reshape());
    }
}
