namespace Adjoint;

public static partial class Linalg
{
    /// <summary>Matrices whose rows are the powers of elements from 0 on (<c>torch.linalg.vander</c>, Vandermonde's matrix).</summary>
    /// <param name="x">The elements, (*, n).</param>
    /// <param name="n">How many powers; as many as there are elements if null.</param>
    /// <returns>(*, n, N).</returns>
    /// <exception cref="ShapeException">There is no dimension, or fewer than two powers.</exception>
    public static Tensor Vander(Tensor x, int? n = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank == 0)
        {
            throw new ShapeException("linalg.vander: The input tensor x must have at least 1 dimension. Make a vector of it with Unsqueeze(0).");
        }

        if (n is <= 1)
        {
            throw new ShapeException("n must be greater than 1.");
        }

        var elements = x.DType.IsFloatingPoint ? x : x.To(DType.Int64);
        var powers = n ?? x.Layout.Sizes[^1];
        var ones = Tensor.Ones([.. x.Layout.Sizes, Math.Min(powers, 1)], elements.DType);
        if (powers < 2)
        {
            return ones;
        }

        var factors = elements.Unsqueeze(-1).Expand([.. x.Layout.Sizes, powers - 1]);
        return Tensor.Cat([ones, factors.CumProd(-1)], -1);
    }
}
