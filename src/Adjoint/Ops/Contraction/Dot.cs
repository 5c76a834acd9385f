using Adjoint.Families;

namespace Adjoint;

/// <summary>The inner product of two vectors.</summary>
internal readonly record struct Dot : IBilinear
{
    public TensorType Infer(TensorType x, TensorType y) => x.With();

    public Tensor Apply(Tensor x, Tensor y) => Apply(x, y, null);

    public Tensor Apply(Tensor x, Tensor y, Tensor? addend) => Product.Run(
        1, 1, 1, x.Layout.Sizes[0], Product.Matrices.RowVector(x), Product.Matrices.ColumnVector(y), [], addend);

    public Tensor TransposeX(Tensor g, Tensor y, Shape x) => g * y;

    public Tensor TransposeY(Tensor g, Tensor x, Shape y) => g * x;

    public Tensor? Batch(Tensor x, bool batchedX, Tensor y, bool batchedY) => (batchedX, batchedY) switch
    {
        (true, true) => x.Unsqueeze(1).Bmm(y.Unsqueeze(2)).Reshape(x.Layout.Sizes[0]),
        (true, false) => x.Mv(y),
        _ => y.Mv(x),
    };
}

/// <content>The inner product.</content>
public sealed partial class Tensor
{
    /// <summary>The inner product of two vectors of one length and dtype.</summary>
    /// <exception cref="ShapeException">They are not vectors of one length.</exception>
    /// <exception cref="DTypeException">Their dtypes differ, or are bool.</exception>
    public static Tensor Dot(Tensor x, Tensor y)
    {
        ContractionArguments.CheckDot(x, y);
        return Op.Bilinear(default(Dot), x, y);
    }
}
