using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Rows with mean 0 and variance 1, then scaled and shifted element by element; a row is all of the last dimensions.</summary>
internal readonly record struct LayerNorm(int Dims, double Eps) : IFused
{
    public string GradName => "NativeLayerNormBackward0";

    public int Differentiable => 3;

    public Reads Reads(Places wanted) => NormArguments.Reads(wanted);

    public TensorType Infer(TensorType?[] inputs) => inputs[0]!.Value;

    public Tensor Compose(Tensor?[] inputs)
    {
        var (normal, _) = Normal(inputs[0]!);
        var scaled = inputs[1] is { } weight ? normal * weight : normal;
        return inputs[2] is { } bias ? scaled + bias : scaled;
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        Tensor? ofX = null, ofWeight = null;
        var sizes = g.Layout.Sizes.AsSpan(g.Rank - Dims);
        if (saved.Inputs[0] is { } x)
        {
            var (normal, scale) = Normal(x);
            if (saved.Wanted[0])
            {
                var weighted = saved.Inputs[1] is { } weight ? g * weight : g;
                ofX = scale * (weighted - weighted.Mean(Last(x), keepDim: true) - (normal * (weighted * normal).Mean(Last(x), keepDim: true)));
            }

            ofWeight = saved.Wanted[1] ? (g * normal).SumToSize(sizes) : null;
        }

        return [ofX, ofWeight, saved.Wanted[2] ? g.SumToSize(sizes) : null];
    }

    public unsafe Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        var (x, weight, bias) = (Op.Contiguous(inputs[0]!), inputs[1], inputs[2]);
        var (rows, n) = Rows(x);
        var result = Op.Fresh(x.Layout, x.DType);
        var means = Op.Fresh(Layout.Dense([Shape.Dimension(rows, "the means of LayerNorm")]), x.DType);
        var scales = Op.Fresh(means.Layout, x.DType);
        made = [means, scales];
        Guard.Dense(weight, x.DType, n);
        Guard.Dense(bias, x.DType, n);
        using var pins = new Pins(x, weight, bias, result, means, scales);
        if (n == 0 || rows == 0)
        {
            return result;
        }

        x.DType.VisitReal(new Loops { Pins = pins, Rows = rows, Length = n, Eps = Eps }, "LayerNormKernelImpl");
        return result;
    }

    public unsafe Tensor?[] PullFused(Tensor g, in Remembered saved)
    {
        g = Op.Contiguous(g);
        var (rows, n) = Rows(g);
        var sizes = Layout.Dense(g.Layout.Sizes.AsSpan(g.Rank - Dims));
        if (n == 0 || rows == 0)
        {
            return NormArguments.Zeros(g, sizes, saved.Wanted);
        }

        // Where only the bias has a gradient nothing of x matters.
        var x = saved.Inputs[0] is { } input ? Op.Contiguous(input) : g;
        var (weight, means, scales) = (saved.Inputs[1], saved.Made[0], saved.Made[1]);
        Guard.Dense(x, g.DType, rows * n, "input");
        Guard.Dense(weight, g.DType, n);
        Guard.Dense(means, g.DType, rows, "mean");
        Guard.Dense(scales, g.DType, rows, "rstd");
        var ofX = saved.Wanted[0] ? Op.Fresh(g.Layout, g.DType) : null;
        var ofWeight = saved.Wanted[1] ? Op.Fresh(sizes, g.DType) : null;
        var ofBias = saved.Wanted[2] ? Op.Fresh(sizes, g.DType) : null;
        using var pins = new Pins(g, x, weight, means, scales, ofX, ofWeight, ofBias);
        g.DType.VisitReal(new PullLoops { Pins = pins, Rows = rows, Length = n }, "LayerNormKernelImpl");

        return [ofX, ofWeight, ofBias];
    }

    // A row is all of the last dimensions, however many there are before them.
    public Tensor? Batch(Tensor?[] inputs, Places batched) => batched == Places.Of(0) ? Op.Fused(this, inputs) : null;

    private unsafe ref struct Loops : IRealJob
    {
        public Pins Pins;
        public nint Rows;
        public nint Length;
        public double Eps;

        readonly void IRealJob.Run<T>() => Normalise.Rows(
            Rows, Length, (T*)Pins[0], (T*)Pins[1], (T*)Pins[2], T.CreateTruncating(Eps), (T*)Pins[3], (T*)Pins[4], (T*)Pins[5]);
    }

    private unsafe ref struct PullLoops : IRealJob
    {
        public Pins Pins;
        public nint Rows;
        public nint Length;

        readonly void IRealJob.Run<T>() => Normalise.RowsBackward(
            Rows, Length, (T*)Pins[0], (T*)Pins[1], (T*)Pins[2], (T*)Pins[3], (T*)Pins[4], (T*)Pins[5], (T*)Pins[6], (T*)Pins[7]);
    }

    private (nint Rows, nint Length) Rows(Tensor x) => (
        (nint)Shape.Product(x.Layout.Sizes.AsSpan(0, x.Rank - Dims)), (nint)Shape.Product(x.Layout.Sizes.AsSpan(x.Rank - Dims)));

    private int[] Last(Tensor x) => [.. Enumerable.Range(x.Rank - Dims, Dims)];

    private (Tensor Normal, Tensor Scale) Normal(Tensor x)
    {
        var centred = x - x.Mean(Last(x), keepDim: true);
        var scale = (centred.Square().Mean(Last(x), keepDim: true) + Eps).Sqrt().Reciprocal();
        return (centred * scale, scale);
    }
}

/// <content>Layer norm.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// (x - mean) / sqrt(variance + eps) over the last dimensions, times a weight plus a bias (<c>torch.nn.functional.layer_norm</c>). The variance
    /// is divided by the number of elements. float32 or float64.
    /// </summary>
    /// <param name="normalizedShape">The sizes of the last dimensions.</param>
    /// <param name="weight">Of that shape; null for ones.</param>
    /// <param name="bias">Of that shape; null for zeros.</param>
    /// <param name="eps">What keeps the divisor from 0.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are no reals.</exception>
    public Tensor LayerNorm(int[] normalizedShape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5)
    {
        NormArguments.CheckShape(normalizedShape, weight, bias);
        if (!NormArguments.EndsWith(this, normalizedShape))
        {
            throw NormArguments.Misfit(this, normalizedShape, ", ");
        }

        NormArguments.CheckDType(this, weight, bias, "LayerNormKernelImpl");
        return Op.Fused(new LayerNorm(normalizedShape.Length, eps), this, NormArguments.Dense(weight), NormArguments.Dense(bias));
    }
}
