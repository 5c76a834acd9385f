namespace Adjoint.NN;

/// <summary>Limiting to a range as a layer (<c>torch.nn.Hardtanh</c>); see <c>Tensor.Hardtanh</c>.</summary>
public sealed class Hardtanh : Layer
{
    private readonly double _min;
    private readonly double _max;

    /// <summary>Makes the layer.</summary>
    /// <param name="minVal">The smallest result.</param>
    /// <param name="maxVal">The largest result.</param>
    /// <exception cref="ArgumentException">The range is empty.</exception>
    public Hardtanh(double minVal = -1, double maxVal = 1)
    {
        if (!(maxVal > minVal))
        {
            throw new ArgumentException($"max_val must be larger than min_val: {maxVal} and {minVal}.", nameof(maxVal));
        }

        (_min, _max) = (minVal, maxVal);
    }

    /// <inheritdoc/>
    protected internal override string Settings => $"min_val={ModuleText.Of(_min)}, max_val={ModuleText.Of(_max)}";

    /// <summary>Every element limited to the range.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Hardtanh(_min, _max);
    }
}
