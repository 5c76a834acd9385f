using Adjoint.Families;

namespace Adjoint;

/// <summary>The gradients of values, which must be zero where a value is equal to another one; zeros, or an error.</summary>
internal readonly record struct RefusedShares(EqualKind Kind) : IMultiOutput
{
    public TensorType[] Infer(TensorType[] inputs) =>
        [inputs[0].With([.. inputs[0].Layout.Sizes.AsSpan()[..^1]])];

    public Tensor[] Apply(Tensor[] inputs)
    {
        foreach (var share in inputs[0].Detach().To(DType.Float64).ToArray<double>())
        {
            if (share != 0)
            {
                throw new AutogradException(EqualValues.Sentence(EqualValues.Undetermined, Kind));
            }
        }

        return [Op.Zeroed(Layout.Dense([.. inputs[0].Layout.Sizes.AsSpan()[..^1]]), inputs[0].DType)];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) => [null];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [null];

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);
}
