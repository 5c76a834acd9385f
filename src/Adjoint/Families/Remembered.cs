namespace Adjoint.Families;

/// <summary>What a pull of an <see cref="IPulled"/> is given; null for what it said it does not read (<see cref="IPulled.Reads"/>).</summary>
public readonly struct Remembered
{
    private readonly Layout?[] _layouts;

    // Inputs, then what was made: one array less in every backward pass.
    private readonly Tensor?[] _values;

    /// <summary>What a pull may read.</summary>
    /// <param name="layouts">The layouts of the inputs; null for one that is absent.</param>
    /// <param name="values">The inputs, and then what was made on the way, where somebody remembers that.</param>
    /// <param name="result">The result.</param>
    /// <param name="wanted">The inputs whose gradient is wanted.</param>
    internal Remembered(Layout?[] layouts, Tensor?[] values, Tensor? result, Places wanted)
    {
        _layouts = layouts;
        _values = values;
        Result = result;
        Wanted = wanted;
    }

    /// <summary>The inputs.</summary>
    public ReadOnlySpan<Tensor?> Inputs => _values.AsSpan(0, Layouts.Length);

    /// <summary>What the operator made on the way; nothing where a transform followed it, which <see cref="IPulled.PullFused"/> never sees.</summary>
    public ReadOnlySpan<Tensor?> Made => _values.AsSpan(Layouts.Length);

    /// <summary>The result.</summary>
    public Tensor? Result { get; }

    /// <summary>The inputs whose gradient is wanted now, some of those for which it was wanted when the call was recorded.</summary>
    public Places Wanted { get; }

    /// <summary>The layouts of the inputs; null for one that is absent.</summary>
    internal ReadOnlySpan<Layout?> Layouts => _layouts;

    /// <summary>The shape of an input, read or not; null for one that is absent.</summary>
    /// <param name="input">Which input.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such input.</exception>
    public Shape? ShapeOf(int input) => (uint)input < (uint)Layouts.Length ? _layouts[input]?.Shape : throw new ArgumentOutOfRangeException(
        nameof(input), $"There is no input {input} among {Layouts.Length}.");
}
