using Adjoint.Kernels;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>Rows with mean 0 and variance 1, then scaled and shifted element by element; a row is all of the last dimensions.</summary>
internal readonly struct LayerNorm(int dims, double eps) : IFused
{
    public static bool ReadsZ => false;

    public string GradName => "NativeLayerNormBackward0";

    public Tensor Compose(Tensor x, Tensor? y, Tensor? z)
    {
        var (normal, _) = Normal(x);
        var scaled = y is null ? normal : normal * y;
        return z is null ? scaled : scaled + z;
    }

    public Gradients Pull(Tensor g, Tensor x, Tensor? y, Tensor? z, Wanted wanted)
    {
        var (normal, scale) = Normal(x);
        Tensor? ofX = null;
        if (wanted.X)
        {
            var weighted = y is null ? g : g * y;
            ofX = scale * (weighted - weighted.Mean(Last(x), keepDim: true) - (normal * (weighted * normal).Mean(Last(x), keepDim: true)));
        }

        var sizes = x.Layout.Sizes.AsSpan(x.Rank - dims);
        return new(ofX, wanted.Y ? (g * normal).SumToSize(sizes) : null, wanted.Z ? g.SumToSize(sizes) : null);
    }

    public unsafe Tensor Apply(Tensor x, Tensor? y, Tensor? z, out Kept kept)
    {
        x = Op.Contiguous(x);
        var (rows, n) = Rows(x);
        var result = Op.Fresh(x.Layout, x.DType);
        var means = Op.Fresh(Layout.Dense([Shape.Dimension(rows, "the means of LayerNorm")]), x.DType);
        var scales = Op.Fresh(means.Layout, x.DType);
        kept = new(means, scales);
        Guard.Dense(y, x.DType, n, "weight");
        Guard.Dense(z, x.DType, n, "bias");
        using var pins = new Pins(x, y, z, result, means, scales);
        if (n == 0 || rows == 0)
        {
            return result;
        }

        switch (x.DType)
        {
            case DType.Float32:
                Normalise.Rows(
                    rows, n, (float*)pins[0], (float*)pins[1], (float*)pins[2], (float)eps, (float*)pins[3], (float*)pins[4], (float*)pins[5]);
                break;
            case DType.Float64:
                Normalise.Rows(
                    rows, n, (double*)pins[0], (double*)pins[1], (double*)pins[2], eps, (double*)pins[3], (double*)pins[4], (double*)pins[5]);
                break;
            default:
                throw x.DType.NotImplemented("LayerNormKernelImpl");
        }

        return result;
    }

    public unsafe Gradients PullFused(Tensor g, Tensor x, Tensor? y, Tensor? z, Kept kept, Wanted wanted)
    {
        (g, x) = (Op.Contiguous(g), Op.Contiguous(x));
        var (rows, n) = Rows(x);
        var sizes = Layout.Dense(x.Layout.Sizes.AsSpan(x.Rank - dims));
        if (n == 0 || rows == 0)
        {
            return new(
                wanted.X ? Op.Zeroed(x.Layout, x.DType) : null,
                wanted.Y ? Op.Zeroed(sizes, x.DType) : null,
                wanted.Z ? Op.Zeroed(sizes, x.DType) : null);
        }

        Guard.Dense(g, x.DType, rows * n, "grad_output");
        Guard.Dense(y, x.DType, n, "weight");
        Guard.Dense(kept.First, x.DType, rows, "mean");
        Guard.Dense(kept.Second, x.DType, rows, "rstd");
        var ofX = wanted.X ? Op.Fresh(x.Layout, x.DType) : null;
        var ofWeight = wanted.Y ? Op.Fresh(sizes, x.DType) : null;
        var ofBias = wanted.Z ? Op.Fresh(sizes, x.DType) : null;
        using var pins = new Pins(g, x, y, kept.First, kept.Second, ofX, ofWeight, ofBias);
        switch (x.DType)
        {
            case DType.Float32:
                Normalise.RowsBackward(
                    rows, n, (float*)pins[0], (float*)pins[1], (float*)pins[2], (float*)pins[3], (float*)pins[4], (float*)pins[5], (float*)pins[6],
                    (float*)pins[7]);
                break;
            case DType.Float64:
                Normalise.RowsBackward(
                    rows, n, (double*)pins[0], (double*)pins[1], (double*)pins[2], (double*)pins[3], (double*)pins[4], (double*)pins[5], (double*)pins[6],
                    (double*)pins[7]);
                break;
            default:
                throw x.DType.NotImplemented("LayerNormKernelImpl");
        }

        return new(ofX, ofWeight, ofBias);
    }

    private (nint Rows, nint Length) Rows(Tensor x) => (
        (nint)Shape.Product(x.Layout.Sizes.AsSpan(0, x.Rank - dims)), (nint)Shape.Product(x.Layout.Sizes.AsSpan(x.Rank - dims)));

    private int[] Last(Tensor x) => [.. Enumerable.Range(x.Rank - dims, dims)];

    private (Tensor Normal, Tensor Scale) Normal(Tensor x)
    {
        var centred = x - x.Mean(Last(x), keepDim: true);
        var scale = (centred.Square().Mean(Last(x), keepDim: true) + eps).Sqrt().Reciprocal();
        return (centred * scale, scale);
    }
}

/// <content>Layer norm.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// (x - mean) / sqrt(variance + eps) over the last dimensions, times a weight plus a bias (<c>torch.nn.functional.layer_norm</c>). The variance is
    /// divided by the number of elements. float32 or float64.
    /// </summary>
    /// <param name="normalizedShape">The sizes of the last dimensions.</param>
    /// <param name="weight">Of that shape; null for ones.</param>
    /// <param name="bias">Of that shape; null for zeros.</param>
    /// <param name="eps">What keeps the divisor from 0.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are no reals.</exception>
    public Tensor LayerNorm(int[] normalizedShape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5)
    {
        NormArguments.CheckRows(this, normalizedShape, weight, bias, "LayerNormKernelImpl");
        return Op.Fused(new LayerNorm(normalizedShape.Length, eps), this, NormArguments.Dense(weight), NormArguments.Dense(bias));
    }
}
