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
        NormArguments.CheckRows(this, normalizedShape, weight, null, "rms_norm");
        int[] dims = [.. Enumerable.Range(Rank - normalizedShape.Length, normalizedShape.Length)];

        // The distance from 1 to the next number: 2 to the power -23 or -52.
        var small = eps ?? DType switch
        {
            DType.Float32 => Math.ScaleB(1, -23),
            DType.Float64 => Math.ScaleB(1, -52),
            _ => throw DType.NotImplemented("rms_norm"),
        };
        var normal = this * (Square().Mean(dims, keepDim: true) + small).Sqrt().Reciprocal();
        return weight is null ? normal : (normal * weight).To(DType);
    }
}
