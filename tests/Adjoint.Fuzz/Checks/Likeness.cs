using System.Runtime.InteropServices;

namespace Adjoint.Fuzz.Checks;

/// <summary>Compares what the same call returned twice, or for views and for dense copies of them.</summary>
internal static class Likeness
{
    /// <summary>The first difference; null if there is none.</summary>
    /// <param name="first">The tensors of one call.</param>
    /// <param name="second">The tensors of the other.</param>
    /// <param name="rounding">Whose sums may be in another order; null where every bit has to agree.</param>
    public static string? Difference(List<Tensor> first, List<Tensor> second, DType? rounding)
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

            if (ValuesDiffer(a, b, rounding))
            {
                return "other values";
            }
        }

        return null;
    }

    private static bool ValuesDiffer(Tensor a, Tensor b, DType? rounding)
    {
        using var off = Autograd.NoGrad();
        Tensor first, second;
        try
        {
            (first, second) = (Distinct(a, b).Contiguous(), Distinct(b, a).Contiguous());
        }
        catch (OutOfMemoryException)
        {
            return false; // Small memory seen as large; there is none for what it is seen as.
        }

        ReadOnlySpan<byte> x = Bytes(first), y = Bytes(second);
        var tolerance = rounding is null ? 0 : rounding == DType.Float64 ? 1e-9 : 2e-4;
        var differ = !x.SequenceEqual(y)
            && (a.DType == DType.Float32 ? Differ(MemoryMarshal.Cast<byte, float>(x), MemoryMarshal.Cast<byte, float>(y), rounding is null ? 0 : 2e-4)
                : a.DType != DType.Float64 || Differ(MemoryMarshal.Cast<byte, double>(x), MemoryMarshal.Cast<byte, double>(y), tolerance));

        // A span of a block does not keep it from being given back and written to by others.
        GC.KeepAlive(first);
        GC.KeepAlive(second);
        return differ;
    }

    // Once what both repeat along a dimension: a view of one element may be larger than all memory.
    private static Tensor Distinct(Tensor tensor, Tensor other)
    {
        var distinct = tensor.Detach();
        for (var d = 0; d < tensor.Rank; d++)
        {
            if (tensor.Layout.Strides[d] == 0 && other.Layout.Strides[d] == 0 && tensor.Layout.Sizes[d] > 1)
            {
                distinct = distinct.Narrow(d, 0, 1);
            }
        }

        return distinct;
    }

    private static ReadOnlySpan<byte> Bytes(Tensor dense)
    {
        var size = dense.DType.ItemSize;
        return dense.Count == 0 ? [] : dense.Storage.AsSpan<byte>().Slice((int)dense.Layout.Offset * size, (int)dense.Count * size);
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
