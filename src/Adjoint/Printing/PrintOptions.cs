namespace Adjoint;

/// <summary>How tensors are turned into text: PyTorch's <c>torch.set_printoptions</c> as an immutable value.</summary>
/// <remarks>
/// The text follows PyTorch character for character. Changing how everything prints is an assignment:
/// <code>PrintOptions.Current = PrintOptions.Current with { Precision = 2 };</code>
/// </remarks>
public sealed record PrintOptions
{
    private static PrintOptions s_current = new();

    /// <summary>PyTorch's <c>default</c> profile: precision 4, threshold 1000, edge items 3, line width 80.</summary>
    public static PrintOptions Default { get; } = new();

    /// <summary>PyTorch's <c>short</c> profile: precision 2, threshold 1000, edge items 2, line width 80.</summary>
    public static PrintOptions Short { get; } = new() { Precision = 2, EdgeItems = 2 };

    /// <summary>PyTorch's <c>full</c> profile: the default one, but every tensor is printed whole.</summary>
    public static PrintOptions Full { get; } = new() { Threshold = long.MaxValue };

    /// <summary>The options that a tensor's <c>ToString()</c> uses, shared by the whole process.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public static PrintOptions Current
    {
        get => Volatile.Read(ref s_current);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Volatile.Write(ref s_current, value);
        }
    }

    /// <summary>The number of digits after the decimal point of real numbers that are not all whole.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or above .NET's 999,999,999.</exception>
    public int Precision
    {
        get;
        init
        {
            Limits.ThrowIfNegative(value);
            Limits.ThrowIfGreaterThan(value, 999_999_999);
            field = value;
        }
    } = 4;

    /// <summary>The largest element count that is printed whole; a larger tensor shows its edges only.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long Threshold
    {
        get;
        init
        {
            Limits.ThrowIfNegative(value);
            field = value;
        }
    } = 1000;

    /// <summary>How many items a summarised tensor shows at either end of a dimension.</summary>
    /// <remarks>PyTorch accepts 0 and then fails, or shows everything; here 0 is refused.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public int EdgeItems
    {
        get;
        init
        {
            Limits.ThrowIfNegativeOrZero(value);
            field = value;
        }
    } = 3;

    /// <summary>The width of a line in characters; an element that is wider gets a line of its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public int LineWidth
    {
        get;
        init
        {
            Limits.ThrowIfNegativeOrZero(value);
            field = value;
        }
    } = 80;

    /// <summary>
    /// Whether real numbers are written with an exponent; null, the default, lets the printed values decide.
    /// As in PyTorch, a tensor that shows no finite non-zero number ignores it.
    /// </summary>
    public bool? SciMode { get; init; }
}
