using System.Runtime.InteropServices;

namespace Adjoint.Fuzz.Checks;

/// <summary>Compares what the same call returned twice, or for views and for dense copies of them.</summary>
internal static class Likeness
{
    /// <summary>The first difference; null if there is none.</summary>
    /// <param name="first">The tensors of one call.</param>
    /// <param name="second">The tensors of the other.</param>
    /// <param name="isExact">Whether every bit has to agree; otherwise sums may be in another order.</param>
    public static string? Difference(List<Tensor> first, List<Tensor> second, bool isExact)
    {
        if (first.Count != second.Count)
        {
            return $"{first.Count} and {second.Count} results";
        }

        for (var i = 0; i < first.Count; i++)
        {
            Tensor a = first[i], b = second[i];
            if (!Life.HasMemory(a) || !Life.HasMemory(b))
            {
                continue;
            }

            if (a.DType != b.DType)
            {
                return $"dtypes {a.DType} and {b.DType}";
            }

            if (a.Shape != b.Shape)
            {
                return "other shapes";
            }

            if (ValuesDiffer(a, b, isExact))
            {
                return "other values";
            }
        }

        return null;
    }

    private static bool ValuesDiffer(Tensor a, Tensor b, bool isExact)
    {
        using var off = Autograd.NoGrad();
        ReadOnlySpan<byte> x = Bytes(a), y = Bytes(b);
        if (x.SequenceEqual(y))
        {
            return false;
        }

        return a.DType == DType.Float32 ? Differ(MemoryMarshal.Cast<byte, float>(x), MemoryMarshal.Cast<byte, float>(y), isExact ? 0 : 2e-4)
            : a.DType != DType.Float64 || Differ(MemoryMarshal.Cast<byte, double>(x), MemoryMarshal.Cast<byte, double>(y), isExact ? 0 : 1e-9);
    }

    private static ReadOnlySpan<byte> Bytes(Tensor tensor)
    {
        if (tensor.Count == 0)
        {
            return [];
        }

        var dense = tensor.Detach().Contiguous();
        var size = dense.DType.ItemSize;
        return dense.Storage.AsSpan<byte>().Slice((int)dense.Layout.Offset * size, (int)dense.Count * size);
    }

    private static bool Differ<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, double tolerance)
        where T : System.Numerics.IFloatingPointIeee754<T>
    {
        var largest = 1.0;
        foreach (var element in x)
        {
            var size = Math.Abs(double.CreateSaturating(element));
            largest = double.IsFinite(size) ? Math.Max(largest, size) : largest;
        }

        for (var i = 0; i < x.Length; i++)
        {
            double a = double.CreateSaturating(x[i]), b = double.CreateSaturating(y[i]);
            if (a.Equals(b) || a == b)
            {
                continue;
            }

            if (!(Math.Abs(a - b) <= tolerance * largest))
            {
                return true;
            }
        }

        return false;
    }
}
