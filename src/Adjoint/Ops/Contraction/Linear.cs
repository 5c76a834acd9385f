using Adjoint.Families;

namespace Adjoint;

/// <summary>x times the transpose of y, for matrices: what a fully connected layer computes. None of its three products copies an operand.</summary>
internal readonly record struct LinearMap(bool HasBias) : IBilinear
{
    public string GradName => HasBias ? "AddmmBackward0" : "MmBackward0";

    public TensorType Infer(TensorType x, TensorType y) => x.With(x.Layout.Sizes[0], y.Layout.Sizes[0]);

    public Tensor Apply(Tensor x, Tensor y) => Apply(x, y, null);

    public Tensor Apply(Tensor x, Tensor y, Tensor? addend)
    {
        var (m, k, n) = (x.Layout.Sizes[0], x.Layout.Sizes[1], y.Layout.Sizes[0]);
        var right = new Product.Matrices(y, 0, y.Layout.Strides[1], y.Layout.Strides[0]);
        return Product.Run(1, m, n, k, Product.Matrices.Matrix(x), right, [m, n], addend);
    }

    public Tensor TransposeX(Tensor g, Tensor y, Shape x) => g.Mm(y);

    public Tensor TransposeY(Tensor g, Tensor x, Shape y) => g.Transpose().Mm(x);

    public Tensor PullX(Tensor g, Tensor y, Shape x) => Product.Of(Product.Matrices.Matrix(g), Product.Matrices.Matrix(y), Layout.Dense(x.Sizes));

    public Tensor PullY(Tensor g, Tensor x, Shape y) => Product.Of(Product.Matrices.Transpose(g), Product.Matrices.Matrix(x), Layout.Dense(y.Sizes));

    public Tensor? Batch(Tensor x, bool batchedX, Tensor y, bool batchedY) =>
        batchedY ? x.MatMul(y.Transpose(-2, -1)) : x.Linear(y);
}

/// <content>A fully connected layer's map.</content>
public sealed partial class Tensor
{
    /// <summary>x W^T + b over the last dimension (<c>torch.nn.functional.linear</c>).</summary>
    /// <param name="weight">Of shape [out, in], or [in] for one output that has no dimension.</param>
    /// <param name="bias">Of shape [out]; null for none.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are bool.</exception>
    public Tensor Linear(Tensor weight, Tensor? bias = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.Rank == 1)
        {
            var single = MatMul(weight);
            return bias is null ? single : single + bias;
        }

        ContractionArguments.CheckLinear(this, weight, bias);
        var op = new LinearMap(bias is not null);
        if (Rank == 2)
        {
            return Op.Bilinear(op, this, weight, bias);
        }

        var sizes = Layout.Sizes;
        var rows = Merged(this, 0, sizes.Length - 2, "Linear");
        return Op.Bilinear(op, Reshape(rows, sizes[^1]), weight, bias).Reshape([.. sizes[..^1], weight.Layout.Sizes[0]]);
    }
}
