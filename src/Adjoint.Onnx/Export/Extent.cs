using System.Globalization;

namespace Adjoint.Onnx.Export;

/// <summary>
/// A size, or another whole number, that is the same in every run or grows evenly with the size that may differ between runs: n * Scale + Offset.
/// </summary>
internal readonly record struct Extent(long Scale, long Offset)
{
    /// <summary>Whether it is the same in every run.</summary>
    public bool IsFixed => Scale == 0;

    /// <summary>The number; nothing else may be asked of a fixed one.</summary>
    public int Fixed => IsFixed
        ? checked((int)Offset)
        : throw new OnnxException($"{this} is wanted as a number that no run changes. Export with OnnxOptions.DynamicDim = null.");

    public static Extent operator +(Extent a, Extent b) => new(a.Scale + b.Scale, a.Offset + b.Offset);

    public static Extent operator -(Extent a, Extent b) => new(a.Scale - b.Scale, a.Offset - b.Offset);

    public static Extent operator *(Extent a, long by) => new(a.Scale * by, a.Offset * by);

    public static implicit operator Extent(long number) => new(0, number);

    /// <summary>The extent that has these values for these sizes; null if it does not grow evenly.</summary>
    /// <param name="values">The values.</param>
    /// <param name="sizes">The sizes, all different.</param>
    public static Extent? Of(ReadOnlySpan<long> values, ReadOnlySpan<int> sizes)
    {
        if (values.Length == 1)
        {
            return new(0, values[0]);
        }

        var (rise, run) = (values[1] - values[0], sizes[1] - sizes[0]);
        var extent = new Extent(rise / run, values[0] - (rise / run * sizes[0]));
        for (var i = 0; i < values.Length; i++)
        {
            if ((extent.Scale * sizes[i]) + extent.Offset != values[i])
            {
                return null;
            }
        }

        return extent;
    }

    public override string ToString() => IsFixed
        ? Offset.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Scale} * n + {Offset}");
}
