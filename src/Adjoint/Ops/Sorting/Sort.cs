using Adjoint.Families;

namespace Adjoint;

/// <summary>The elements along a dimension in order, and where they were.</summary>
internal readonly record struct Sort(int Dim, bool Descending) : IMultiOutput
{
    public static bool ReadsResult(int result) => result == 1;

    public static bool HasGradient(int result) => result == 0;

    public TensorType[] Infer(TensorType[] inputs) => [inputs[0], inputs[0].To(DType.Int64)];

    public Tensor[] Apply(Tensor[] inputs) => Ordering.First(inputs[0], Dim, inputs[0].Layout.Sizes[Dim], Descending);

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) =>
        [Ordering.Pull(gradients[0], shapes[0], results[1]!, Dim, AlongCall.Sort)];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [tangents[0]!.Gather(Dim, results[1]), null];

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this with { Dim = Dim + 1 }, inputs);
}

/// <content>Elements in order.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The elements along a dimension in order, and the positions that they had (<c>torch.sort</c>). Equal elements stay in their order, whether that
    /// is asked for or not; NaN is larger than everything.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="descending">Largest first.</param>
    /// <param name="stable">Equal elements have to stay in their order; they always do.</param>
    /// <returns>The elements, and their positions as int64.</returns>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public (Tensor Values, Tensor Indices) Sort(int dim = -1, bool descending = false, bool stable = false)
    {
        _ = stable;
        var (x, axis) = Ordering.AtLeastOne(this, dim);
        var results = Op.MultiOutput(new Sort(axis, descending), x);
        return Rank > 0 ? (results[0], results[1]) : (results[0].Reshape(), results[1].Reshape());
    }

    /// <summary>The positions that the elements along a dimension have in order (<c>torch.argsort</c>); see <see cref="Sort"/>.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="descending">Largest first.</param>
    /// <param name="stable">Equal elements have to stay in their order; they always do.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor ArgSort(int dim = -1, bool descending = false, bool stable = false) => Detach().Sort(dim, descending, stable).Indices;

    /// <summary>The elements along the first dimension in order, smallest first (<c>torch.msort</c>); see <see cref="Sort"/>.</summary>
    public Tensor MSort() => Sort(0).Values;
}
