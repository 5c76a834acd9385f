using System.Diagnostics.CodeAnalysis;

namespace Adjoint;

/// <summary>The zeros around the input of a convolution: numbers, <c>"valid"</c> for none, or <c>"same"</c> for as many as keep the sizes.</summary>
[SuppressMessage("Usage", "CA2225", Justification = "A padding is written as a number, a tuple or a word; there is nothing to name.")]
public readonly record struct ConvPadding
{
    private ConvPadding(PerAxis values, bool isSame)
    {
        Values = values;
        IsSame = isSame;
    }

    /// <summary>The zeros on both sides of each axis; none if not given.</summary>
    public PerAxis Values { get; }

    /// <summary>Whether the output shall have the input's sizes.</summary>
    public bool IsSame { get; }

    /// <summary>The same number for all axes.</summary>
    public static implicit operator ConvPadding(int all) => new(all, false);

    /// <summary>Height and width.</summary>
    public static implicit operator ConvPadding((int Height, int Width) values) => new(values, false);

    /// <summary>Depth, height and width.</summary>
    public static implicit operator ConvPadding((int Depth, int Height, int Width) values) => new(values, false);

    /// <summary>One number for each axis.</summary>
    public static implicit operator ConvPadding(int[] values) => new(values, false);

    /// <summary>One number for each axis.</summary>
    public static implicit operator ConvPadding(PerAxis values) => new(values, false);

    /// <summary><c>"same"</c> or <c>"valid"</c>.</summary>
    /// <exception cref="ArgumentException">It is another word.</exception>
    public static implicit operator ConvPadding(string name) => name switch
    {
        "same" => new(default, true),
        "valid" => default,
        null => throw new ArgumentNullException(nameof(name)),
        _ => throw new ArgumentException($"Invalid padding string: '{name}'. It must be \"same\" or \"valid\", or numbers.", nameof(name)),
    };
}
