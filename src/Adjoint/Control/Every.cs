namespace Adjoint;

/// <summary>How often a loop keeps its state for the backward pass; between such steps what the body saves is computed again.</summary>
public readonly record struct Every
{
    private readonly int _steps;

    private Every(int steps) => _steps = steps;

    /// <summary>No checkpoints: everything that the body saves is kept. The default.</summary>
    public static Every Never => default;

    /// <summary>
    /// About as many checkpoints as steps between two of them: memory for the square root of the number of steps, twice, and each step runs twice.
    /// </summary>
    public static Every SquareRoot => new(-1);

    /// <summary>A checkpoint after so many steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none between two checkpoints.</exception>
    public static Every Steps(int steps)
    {
        Limits.ThrowIfLessThan(steps, 1);
        return new Every(steps);
    }

    /// <summary>The steps of a segment in a loop of so many; 0 for no segments.</summary>
    internal int Segment(int length) => _steps < 0 ? (int)Math.Ceiling(Math.Sqrt(length)) : _steps;

    /// <inheritdoc/>
    public override string ToString() => _steps switch
    {
        0 => nameof(Never),
        < 0 => nameof(SquareRoot),
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{nameof(Steps)}({_steps})"),
    };
}
