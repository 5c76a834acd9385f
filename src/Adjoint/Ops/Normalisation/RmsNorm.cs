namespace Adjoint;

/// <content>RMS norm.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// x / sqrt(mean of squares + eps) over the last dimensions, times a weight (<c>torch.nn.functional.rms_norm</c>). float32 or float64.
    /// </summary>
    /// <param name="normalizedShape">The sizes of the last dimensions.</param>
    /// <param name="weight">Of that shape; null for ones.</param>
    /// <param name="eps">What keeps the divisor from 0; the dtype's machine epsilon if null.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor RmsNorm(int[] normalizedShape, Tensor? weight = null, double? eps = null)
    {
        NormArguments.CheckShape(normalizedShape, weight, null);
        if (!NormArguments.EndsWith(this, normalizedShape))
        {
            // PyTorch's RMS norm has a check of its own, without the comma.
            throw Rank < normalizedShape.Length
                ? new ShapeException(
                    $"Input tensor must have at least {normalizedShape.Length} dimensions, but got {Rank}. Its shape is {Shape.Text(Layout.Sizes)}.")
                : NormArguments.Misfit(this, normalizedShape, string.Empty);
        }

        // It is made of other operators, which take a weight of any dtype.
        NormArguments.CheckDType(this, null, null, "rms_norm");
        int[] dims = [.. Enumerable.Range(Rank - normalizedShape.Length, normalizedShape.Length)];

        var small = eps ?? (DType.IsFloatingPoint ? DType.Epsilon : throw DType.NotImplemented("rms_norm"));
        var normal = this * (Square().Mean(dims, keepDim: true) + small).Sqrt().Reciprocal();
        return weight is null ? normal : (normal * weight).To(DType);
    }
}
