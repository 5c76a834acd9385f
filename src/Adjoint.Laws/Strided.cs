namespace Adjoint.Laws;

/// <summary>Tensors that hold given values in memory that is not row-major, among elements that must not be read.</summary>
internal static class Strided
{
    /// <summary>The same values, in memory in another order of dimensions.</summary>
    public static Tensor Permuted(Tensor x, int[] order)
    {
        var inverse = new int[order.Length];
        for (var d = 0; d < order.Length; d++)
        {
            inverse[order[d]] = d;
        }

        return x.Permute(order).Clone().Permute(inverse).Detach();
    }

    /// <summary>The same values as every third of a larger tensor, which holds NaN, or 1, everywhere else.</summary>
    public static Tensor Stepped(Tensor x, int dim)
    {
        var sizes = x.Shape.ToArray();
        sizes[dim] = (3 * sizes[dim]) + 2;
        var larger = Tensor.Full(sizes, x.DType.IsFloatingPoint ? double.NaN : 1, x.DType);
        var slice = larger.Slice(dim, 1, 1 + (3 * x.Shape[dim]), 3);
        slice.Copy_(x);
        return slice.Detach();
    }

    /// <summary>The first values along a dimension, repeated with stride 0.</summary>
    public static Tensor Repeated(Tensor x, int dim) =>
        x.Shape[dim] == 0 ? x : x.Narrow(dim, 0, 1).Clone().Expand(x.Shape.ToArray()).Detach();
}
