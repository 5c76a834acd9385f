namespace Adjoint.Fuzz.Checks;

/// <summary>Whether a result lies inside of its memory.</summary>
internal static class Bounds
{
    public static string? Fault(Tensor tensor)
    {
        if (!DType.All.Contains(tensor.DType))
        {
            return "a result has a dtype that does not exist";
        }

        if (!Life.HasMemory(tensor))
        {
            return null;
        }

        var layout = tensor.Layout;
        Int128 count = 1, low = layout.Offset, high = layout.Offset;
        for (var d = 0; d < layout.Rank; d++)
        {
            count *= layout.Sizes[d];
            var reach = (Int128)(layout.Sizes[d] - 1) * layout.Strides[d];
            (low, high) = reach < 0 ? (low + reach, high) : (low, high + reach);
        }

        if (count != layout.Count)
        {
            return "a result counts its elements wrongly";
        }

        var isInside = count == 0 || (low >= 0 && (high + 1) * tensor.DType.ItemSize <= tensor.Storage.ByteLength);
        return isInside ? null : "a result reaches beyond its memory";
    }
}
