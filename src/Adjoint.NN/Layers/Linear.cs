namespace Adjoint.NN;

/// <summary>An affine map of the last dimension, y = x W^T + b (<c>torch.nn.Linear</c>).</summary>
public sealed class Linear : Layer
{
    private readonly Tensor _weight;

    /// <summary>
    /// Makes the layer with PyTorch's first values: weight and bias uniform in +-1 / sqrt(inFeatures), drawn in that
    /// order.
    /// </summary>
    /// <param name="inFeatures">The size of the last dimension of inputs.</param>
    /// <param name="outFeatures">The size of the last dimension of outputs.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of the first values; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public Linear(
        int inFeatures, int outFeatures, bool bias = true, DType? dtype = null, Generator? generator = null)
    {
        Limits.ThrowIfNegative(inFeatures);
        Limits.ThrowIfNegative(outFeatures);
        InFeatures = inFeatures;
        OutFeatures = outFeatures;

        // PyTorch writes the weight's bound as Kaiming's with a = sqrt(5): 1 / sqrt(inFeatures) but for rounding.
        _weight = Parametrizable(
            "weight", Init.KaimingUniform_(Tensor.Empty([outFeatures, inFeatures], dtype), Math.Sqrt(5), generator));
        if (bias)
        {
            var bound = inFeatures > 0 ? 1 / Math.Sqrt(inFeatures) : 0;
            Bias = Parameter("bias", Tensor.Empty([outFeatures], dtype).Uniform_(-bound, bound, generator));
        }
    }

    /// <summary>The size of the last dimension of inputs.</summary>
    public int InFeatures { get; }

    /// <summary>The size of the last dimension of outputs.</summary>
    public int OutFeatures { get; }

    /// <summary>The weight, of shape [outFeatures, inFeatures].</summary>
    public Tensor Weight => Current(_weight);

    /// <summary>The bias, of shape [outFeatures]; null if the layer has none.</summary>
    public Tensor? Bias { get; }

    /// <summary>The class that PyTorch prints instead, for a layer that is a part of another.</summary>
    internal string? PrintedAs { get; init; }

    /// <inheritdoc/>
    protected internal override string Settings =>
        $"in_features={InFeatures}, out_features={OutFeatures}, bias={ModuleText.Of(Bias is not null)}";

    private protected override string PrintedName => PrintedAs ?? base.PrintedName;

    /// <summary>Maps the last dimension from inFeatures to outFeatures; the others stay.</summary>
    /// <param name="x">Of shape [..., inFeatures].</param>
    /// <exception cref="ShapeException">The last dimension is not inFeatures.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Linear(Weight, Bias);
    }
}
