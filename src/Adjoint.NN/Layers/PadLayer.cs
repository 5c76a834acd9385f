namespace Adjoint.NN;

/// <summary>What padding layers share: how much they put around their last dimensions, and what.</summary>
public abstract class PadLayer : Layer
{
    private readonly PadMode _mode;

    private protected PadLayer(int axes, PerAxis padding, PadMode mode, double value = 0)
    {
        if (padding.Count != 1 && padding.Count != 2 * axes)
        {
            throw new ArgumentException($"padding has to be one number or {2 * axes}, but got {padding.Count}.", nameof(padding));
        }

        (_mode, Value) = (mode, value);
        Padding = ModuleText.Each(padding, 2 * axes, 0);
    }

    /// <summary>How many elements come before and after, from the last dimension on.</summary>
    public PerAxis Padding { get; }

    /// <inheritdoc/>
    protected internal override string Settings => Padding.ToString();

    /// <summary>The value that <see cref="PadMode.Constant"/> puts there.</summary>
    private protected double Value { get; }

    /// <summary>The tensor with more around it.</summary>
    /// <param name="x">Its last dimensions are padded; reflections and the like take a batch of images, or one image.</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Pad([.. Padding], _mode, Value);
    }
}
