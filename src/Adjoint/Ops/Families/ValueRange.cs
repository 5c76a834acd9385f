namespace Adjoint.Ops.Families;

/// <summary>The shape of a tensor and the range of its elements, as they were when it was looked at.</summary>
/// <param name="Shape">The sizes of its dimensions.</param>
/// <param name="DType">The type of its elements.</param>
/// <param name="Min">The least finite element; NaN if there is none.</param>
/// <param name="Max">The greatest finite element; NaN if there is none.</param>
/// <param name="NaNs">How many elements are NaN.</param>
/// <param name="Infinities">How many elements are infinite, of either sign.</param>
public sealed record ValueRange(Shape Shape, DType DType, double Min, double Max, long NaNs, long Infinities)
{
    /// <summary>How many elements are NaN or infinite.</summary>
    public long NonFinite => NaNs + Infinities;

    /// <summary>The range of a tensor that has memory.</summary>
    internal static ValueRange Of(Tensor x)
    {
        var dense = x.Layout.IsContiguous ? x : Op.Copy(x);
        var range = x.DType switch
        {
            DType.Float32 => Of<float>(dense),
            DType.Float64 => Of<double>(dense),
            DType.Int64 => Of<long>(dense),
            DType.Int32 => Of<int>(dense),
            DType.UInt8 or DType.Bool => Of<byte>(dense),
            _ => throw x.DType.Undefined(),
        };
        GC.KeepAlive(dense);
        return range with { Shape = x.Shape, DType = x.DType };
    }

    /// <summary>The range of a contiguous tensor, part by part: a span has at most 2^31 - 1 elements.</summary>
    private static ValueRange Of<T>(Tensor dense)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        const int part = 1 << 30;
        var range = Scan<T>([]);
        for (nint start = 0; start < dense.Layout.Count; start += part)
        {
            var length = (int)Math.Min(part, dense.Layout.Count - start);
            var next = Scan<T>(dense.Storage.AsSpan<T>(dense.Layout.Offset + start, length));
            range = range with
            {
                Min = double.MinNumber(range.Min, next.Min),
                Max = double.MaxNumber(range.Max, next.Max),
                NaNs = range.NaNs + next.NaNs,
                Infinities = range.Infinities + next.Infinities,
            };
        }

        return range;
    }

    /// <summary>Such as <c>[3] float32 from -1 to 2, 1 NaN</c>.</summary>
    public override string ToString()
    {
        var text = $"{(Shape.Rank == 0 ? "scalar" : Shape.Text(Shape.AsSpan()))} {DType.TorchName["torch.".Length..]}";
        text += double.IsNaN(Min) ? string.Empty : Min == Max
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $", {(Shape.Rank == 0 ? string.Empty : "all ")}{Min:G6}")
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $", from {Min:G6} to {Max:G6}");
        text += NaNs == 0 ? string.Empty : $", {NaNs} NaN";
        return text + (Infinities == 0 ? string.Empty : $", {Infinities} infinite");
    }

    private static ValueRange Scan<T>(ReadOnlySpan<T> values)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        var (nans, infinities) = (0L, 0L);
        foreach (var value in values)
        {
            var number = double.CreateTruncating(value);
            if (double.IsFinite(number))
            {
                min = number < min ? number : min;
                max = number > max ? number : max;
            }
            else if (double.IsNaN(number))
            {
                nans++;
            }
            else
            {
                infinities++;
            }
        }

        var hasFinite = min <= max;
        return new ValueRange(default!, default, hasFinite ? min : double.NaN, hasFinite ? max : double.NaN, nans, infinities);
    }
}
