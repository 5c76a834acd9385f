namespace Adjoint.Families;

/// <summary>A layout as an operator's parameter: compared by its sizes, strides and offset.</summary>
/// <param name="layout">The layout.</param>
internal readonly struct LayoutValue(Layout layout) : IEquatable<LayoutValue>, IParameters
{
    /// <summary>The layout.</summary>
    public Layout Layout => layout;

    /// <summary>A layout as a parameter.</summary>
    public static implicit operator LayoutValue(Layout layout) => new(layout);

    /// <summary>The layout.</summary>
    public static implicit operator Layout(LayoutValue value) => value.Layout;

    public bool Equals(LayoutValue other) => ReferenceEquals(layout, other.Layout)
        || (layout is not null
            && other.Layout is not null
            && layout.Offset == other.Layout.Offset
            && layout.SameSizes(other.Layout)
            && layout.Strides.AsSpan().SequenceEqual(other.Layout.Strides));

    public override bool Equals(object? obj) => obj is LayoutValue other && Equals(other);

    public override int GetHashCode() => layout is null ? 0 : HashCode.Combine(layout.Rank, layout.Count, layout.Offset);

    public IEnumerable<KeyValuePair<string, object?>> List(string name) =>
    [
        new(name + "Sizes", layout.Sizes), new(name + "Strides", Parameter.Readable(layout.Strides)), new(name + "Offset", (long)layout.Offset),
    ];
}
