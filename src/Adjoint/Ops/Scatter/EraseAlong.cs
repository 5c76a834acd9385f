using Adjoint.Families;

namespace Adjoint;

/// <summary>A tensor with the elements at positions along a dimension set to zero; its own transpose.</summary>
internal readonly record struct EraseAlong(int Dim, AlongCall Call) : IIndexed
{
    internal AlongCall Call { get; init; } = Call;

    public string GradName => new Scatter(Dim, Call).GradName;

    public string Called => new Scatter(Dim, Call).Called;

    /// <summary>All samples of a scalar as lines of one element, which positions may be of; all samples of others as they are.</summary>
    public static Tensor Lined(Tensor samples) => samples.Rank > 1 ? samples : samples.Unsqueeze(1);

    /// <summary>What was made of <see cref="Lined"/> samples in their shape.</summary>
    public static Tensor Unlined(Tensor samples, Tensor made) => samples.Rank > 1 ? made : made.Squeeze(1);

    public TensorType Infer(TensorType x, TensorType positions) => x;

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var result = Op.Copy(x);
        var zero = Op.Zeroed(Layout.Scalar, x.DType);
        Along.Run(AlongMove.Put, result, positions, Dim, zero.View(zero.Layout.Expand(positions.Layout.Sizes)), Call);
        return result;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) => Op.Indexed(this, g, positions);

    public Tensor Batch(Tensor x, Tensor positions) => Unlined(x, Op.Indexed(new EraseAlong(Dim + 1, Call), Lined(x), Lined(positions)));
}
