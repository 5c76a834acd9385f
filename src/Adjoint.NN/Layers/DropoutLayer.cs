namespace Adjoint.NN;

/// <summary>What dropout layers share: the share that they drop, their source of random numbers, and their text.</summary>
public abstract class DropoutLayer : Layer
{
    private protected DropoutLayer(double p, Generator? generator)
    {
        if (!(p is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(p), $"dropout probability has to be between 0 and 1, but got {p}. It is the share that becomes zero: 0.5 for half.");
        }

        (P, Generator) = (p, generator);
    }

    /// <summary>The share that becomes 0.</summary>
    public double P { get; }

    /// <inheritdoc/>
    protected internal override string Settings => $"p={ModuleText.Of(P)}, inplace=False";

    /// <summary>The source of random numbers; the default one if null.</summary>
    internal Generator? Generator { get; set; }
}
