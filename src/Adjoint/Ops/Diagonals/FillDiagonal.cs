namespace Adjoint;

/// <content>One value on the main diagonal.</content>
public sealed partial class Tensor
{
    /// <summary>Sets the main diagonal to a value, in place (<c>Tensor.fill_diagonal_</c>).</summary>
    /// <param name="fillValue">A number or a tensor without dimensions.</param>
    /// <param name="wrap">The diagonal of a matrix with more rows than columns starts again, one row after it ended.</param>
    /// <exception cref="ShapeException">There are fewer than two dimensions, or more that have not all one size.</exception>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="DTypeException">The value does not fit this tensor's dtype.</exception>
    public Tensor FillDiagonal_(Tensor fillValue, bool wrap = false)
    {
        ArgumentNullException.ThrowIfNull(fillValue);
        if (Rank < 2)
        {
            throw new ShapeException("dimensions must larger than 1");
        }

        var (height, width) = (Layout.Sizes[0], Layout.Sizes[1]);
        if (Rank > 2)
        {
            if (Layout.Sizes.ContainsAnyExcept(height))
            {
                throw new ShapeException("all dimensions of input must be of equal length");
            }

            var diagonal = this;
            while (diagonal.Rank > 1)
            {
                diagonal = diagonal.Diagonal(0, 0, 1);
            }

            diagonal.Fill_(fillValue);
            return this;
        }

        Diagonal().Fill_(fillValue);
        for (var row = width + 1; wrap && row < height; row += width + 1)
        {
            Narrow(0, row, Math.Min(width, height - row)).Diagonal().Fill_(fillValue);
        }

        return this;
    }
}
