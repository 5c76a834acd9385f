namespace Adjoint;

public static partial class Linalg
{
    /// <summary>A matrix to a whole power (<c>torch.linalg.matrix_power</c>), by squaring; negative powers are those of the inverse.</summary>
    /// <param name="a">Square matrices, (*, n, n).</param>
    /// <param name="n">The power.</param>
    /// <exception cref="LinalgException">The power is negative and a matrix is singular.</exception>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public static Tensor MatrixPower(Tensor a, int n)
    {
        LinalgArguments.Square(a, "linalg.matrix_power");
        if (n == 0)
        {
            return Tensor.Eye(a.Layout.Sizes[^1], dtype: a.DType).Expand(a.Layout.Sizes).Clone();
        }

        var left = Math.Abs((long)n);
        var square = n < 0 ? Inv(a) : n == 1 ? a.Clone() : a;
        Tensor? power = null;
        while (true)
        {
            if ((left & 1) != 0)
            {
                power = power is null ? square : power.MatMul(square);
            }

            left >>= 1;
            if (left == 0)
            {
                return power!;
            }

            square = square.MatMul(square);
        }
    }
}

/// <content>Powers of matrices.</content>
public sealed partial class Tensor
{
    /// <summary>A matrix to a whole power (<c>torch.matrix_power</c>); see <see cref="Linalg.MatrixPower"/>.</summary>
    /// <param name="n">The power.</param>
    /// <exception cref="LinalgException">The power is negative and a matrix is singular.</exception>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public Tensor MatrixPower(int n) => Linalg.MatrixPower(this, n);
}
