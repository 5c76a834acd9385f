using System.Globalization;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>How many elements lie in each of several bins of one width; nothing flows through counts.</summary>
internal readonly record struct Histc(int Bins, double Min, double Max) : IWhole
{
    public TensorType Infer(TensorType x) => x.With([Bins]);

    public unsafe Tensor Apply(Tensor x)
    {
        var elements = Op.Contiguous(x);
        var (low, high) = Range(elements);
        var counts = Op.Zeroed(Layout.Dense([Bins]), x.DType);
        using var pins = new Pins(elements, counts);
        x.DType.VisitReal(
            new Job { X = pins[0], Count = elements.Layout.Count, Low = low, High = high, Bins = Bins, Counts = pins[1] }, "histogram_cpu");
        return counts;
    }

    /// <summary>The ends: those named, or those of the elements if these are equal, one to either side if all are.</summary>
    private (double Low, double High) Range(Tensor x)
    {
        var (low, high) = (Min, Max);
        if (low == high && x.Layout.Count > 0)
        {
            (low, high) = (x.Min().Item(), x.Max().Item());
        }

        if (low == high)
        {
            (low, high) = (low - 1, high + 1);
        }

        return double.IsFinite(low) && double.IsFinite(high)
            ? (low, high)
            : throw new TensorException(string.Create(
                CultureInfo.InvariantCulture, $"range of [{low}, {high}] is not finite. Name finite ends, or take what is not finite out first."));
    }

    private unsafe struct Job : IRealJob
    {
        public byte* X;
        public nint Count;
        public double Low;
        public double High;
        public int Bins;
        public byte* Counts;

        readonly void IRealJob.Run<T>() =>
            BinSums.Even((T*)X, Count, T.CreateTruncating(Low), T.CreateTruncating(High), Bins, (T*)Counts);
    }
}

/// <content>Histograms of bins of one width.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// How many elements lie in each of several bins of one width (<c>torch.histc</c>); what lies outside, or is NaN, is not counted. The last
    /// bin holds its right end. Nothing flows through.
    /// </summary>
    /// <param name="bins">How many.</param>
    /// <param name="min">The left end; if both ends are equal they are those of the elements.</param>
    /// <param name="max">The right end.</param>
    /// <exception cref="TensorException">There are no bins, or the ends are in the wrong order or not finite.</exception>
    /// <exception cref="DTypeException">The elements are neither float32 nor float64.</exception>
    public Tensor Histc(int bins = 100, double min = 0, double max = 0)
    {
        if (!DType.IsFloatingPoint || DType.IsNarrow)
        {
            throw DType.NotImplemented("histogram_cpu");
        }

        if (bins <= 0)
        {
            throw new TensorException("bins must be > 0");
        }

        return min <= max
            ? Op.Whole(new Histc(bins, min, max), Detach())
            : throw new TensorException("max must be larger than min");
    }
}
