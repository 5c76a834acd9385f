using System.Numerics;
using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

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
        var job = new Look { Dense = dense };
        x.DType.Visit(ref job);
        GC.KeepAlive(dense);
        return job.Range with { Shape = x.Shape, DType = x.DType };
    }

    /// <summary>The range of a contiguous tensor, part by part: a span has at most 2^31 - 1 elements.</summary>
    private static ValueRange Of<S, T, C>(Tensor dense)
        where S : unmanaged
        where T : unmanaged, INumberBase<T>
        where C : struct, IStored<S, T>
    {
        const int part = 1 << 30;
        var range = Scan<S, T, C>([]);
        for (nint start = 0; start < dense.Layout.Count; start += part)
        {
            var length = (int)Math.Min(part, dense.Layout.Count - start);
            var next = Scan<S, T, C>(dense.Storage.AsSpan<S>(dense.Layout.Offset + start, length));
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

    private static ValueRange Scan<S, T, C>(ReadOnlySpan<S> values)
        where T : unmanaged, INumberBase<T>
        where C : struct, IStored<S, T>
    {
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        var (nans, infinities) = (0L, 0L);
        foreach (var value in values)
        {
            var number = double.CreateTruncating(C.Widen(value));
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
        return new ValueRange(default!, default!, hasFinite ? min : double.NaN, hasFinite ? max : double.NaN, nans, infinities);
    }

    /// <summary>Looks at all elements.</summary>
    private struct Look : IDTypeJob
    {
        public Tensor Dense;
        public ValueRange Range;

        static RareWhole IDTypeJob.Rare => RareWhole.Run;

        void IDTypeJob.Truth() => Range = Of<byte, byte, AsStored<byte>>(Dense);

        void IDTypeJob.Whole<T>() => Range = Of<T, T, AsStored<T>>(Dense);

        void IDTypeJob.Real<S, T, C>() => Range = Of<S, T, C>(Dense);
    }
}
