namespace Adjoint;

/// <summary>How <see cref="Transform.Scan{C, X, Y}"/> goes over its elements.</summary>
public sealed record ScanOptions
{
    /// <summary>From the last element to the first; outputs keep the places of their elements.</summary>
    public bool Reverse { get; init; }

    /// <summary>What the backward pass keeps of the steps.</summary>
    public Every Checkpoint { get; init; }
}
