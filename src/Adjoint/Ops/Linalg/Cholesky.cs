using System.Globalization;
using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>L of A = L L', and the order of the first leading minor that is not positive.</summary>
internal readonly record struct CholeskyEx(bool Checks) : IMultiOutput
{
    public string GradName => "LinalgCholeskyExBackward0";

    public static bool ReadsResult(int result) => result == 0;

    public static bool HasGradient(int result) => result == 0;

    public TensorType[] Infer(TensorType[] inputs) => [inputs[0], inputs[0].To(DType.Int32).With(inputs[0].Layout.Sizes.AsSpan()[..^2])];

    public Tensor[] Apply(Tensor[] inputs)
    {
        var factor = Op.Copy(inputs[0]);
        var infos = MatrixBatch.Fresh(factor, 2, DType.Int32);
        var n = factor.Layout.Sizes[^1];
        MatrixBatch.Run(new Job(n), factor.DType, MatrixBatch.Count(factor.Layout.Sizes), (double)n * n * n / 6, factor, infos);
        if (Checks)
        {
            MatrixBatch.ThrowIfFailed(infos, "linalg.cholesky", info => string.Create(
                CultureInfo.InvariantCulture,
                $"The factorization could not be completed because the input is not positive-definite (the leading minor of order {info} is not " +
                $"positive-definite). A small multiple of the identity, added to the matrix, may help."));
        }

        return [factor, infos];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        // dL = L low(L^-1 dA L^-T), where low halves the diagonal; this is its transpose. A symmetric gradient belongs to a symmetric matrix.
        var l = results[0]!;
        var transposed = l.Transpose(-2, -1);
        var both = Op.Linear(default(Mirror), transposed.MatMul(Band.Lower(gradients[0]!)));
        var left = SolveTriangular.Of(transposed, both, upper: true);
        return [SolveTriangular.Of(l, left, upper: false, left: false)];
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var (l, t) = (results[0], tangents[0]!);
        var middle = SolveTriangular.Of(l, (t + t.Transpose(-2, -1)) * 0.5, upper: false);
        middle = SolveTriangular.Of(l.Transpose(-2, -1), middle, upper: true, left: false);
        return [l.MatMul(Band.Lower(middle) - (Op.Linear(new Band(0, 0), middle) * 0.5)), null];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    private readonly record struct Job(int Order) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (Order <= LaneMatrices.MostOrder && count >= LaneMatrices.FewestMembers)
            {
                LaneMatrices.Cholesky<T>(Order, operands, first, count);
                return;
            }

            for (var member = first; member < first + count; member++)
            {
                *operands.At<int>(1, member) = CholeskyFactor.Run(operands.Matrix<T>(0, member, Order, Order));
            }
        }
    }
}

public static partial class Linalg
{
    /// <summary>L of A = L L' for a symmetric positive definite matrix (<c>torch.linalg.cholesky</c>).</summary>
    /// <param name="a">Symmetric matrices, (*, n, n), of which only one triangle is read. The gradient is symmetric.</param>
    /// <param name="upper">Read the upper triangle and give U of A = U' U.</param>
    /// <exception cref="LinalgException">A matrix is not positive definite.</exception>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public static Tensor Cholesky(Tensor a, bool upper = false) => CholeskyEx(a, upper, checkErrors: true).L;

    /// <summary>The same as <see cref="Cholesky"/>, and which leading minor is not positive (<c>torch.linalg.cholesky_ex</c>).</summary>
    /// <param name="a">Symmetric matrices, (*, n, n), of which only one triangle is read.</param>
    /// <param name="upper">Read the upper triangle and give U of A = U' U.</param>
    /// <param name="checkErrors">Throw where a matrix is not positive definite.</param>
    /// <returns>The factor, which means nothing where it failed; 0, or the order of the first leading minor that is not positive, int32.</returns>
    /// <exception cref="LinalgException">A matrix is not positive definite, and errors are checked.</exception>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public static (Tensor L, Tensor Info) CholeskyEx(Tensor a, bool upper = false, bool checkErrors = false)
    {
        LinalgArguments.Square(a, "linalg.cholesky");
        var results = Op.MultiOutput(new CholeskyEx(checkErrors), upper ? a.Transpose(-2, -1) : a);
        return (upper ? results[0].Transpose(-2, -1) : results[0], results[1]);
    }
}

/// <content>Cholesky factors by PyTorch's older names.</content>
public sealed partial class Tensor
{
    /// <summary>L of A = L L' (<c>torch.cholesky</c>); see <see cref="Linalg.Cholesky"/>.</summary>
    /// <param name="upper">Read the upper triangle and give U of A = U' U.</param>
    /// <exception cref="LinalgException">A matrix is not positive definite.</exception>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public Tensor Cholesky(bool upper = false) => Linalg.Cholesky(this, upper);

    /// <summary>The solution of A X = this from the Cholesky factor of A (<c>torch.cholesky_solve</c>).</summary>
    /// <param name="l">The factor, (*, n, n); its other triangle is not read.</param>
    /// <param name="upper">Whether it is U of A = U' U.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are not float32 or float64.</exception>
    public Tensor CholeskySolve(Tensor l, bool upper = false)
    {
        var (factor, b) = LinalgArguments.System(l, this, left: true, "cholesky_solve");
        return CholeskySolved(factor, b, upper);
    }

    /// <summary>The inverse of A from its Cholesky factor, which this is (<c>torch.cholesky_inverse</c>).</summary>
    /// <param name="upper">Whether it is U of A = U' U.</param>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public Tensor CholeskyInverse(bool upper = false)
    {
        LinalgArguments.Square(this, "cholesky_inverse");
        return CholeskySolved(this, Eye(Layout.Sizes[^1], dtype: DType).Expand(Layout.Sizes), upper);
    }

    /// <summary>
    /// The solution with A = L L'. As in PyTorch the gradient of L is that of the whole product: what it says of the triangle that is not read
    /// belongs to factors that are zero there.
    /// </summary>
    private static Tensor CholeskySolved(Tensor factor, Tensor b, bool upper)
    {
        var l = upper ? factor.Transpose(-2, -1) : factor;
        var needed = l.IsStandIn || (l.RequiresGrad && Recording.IsOn);
        var pivots = Zeros(l.Layout.Sizes.AsSpan()[..^1], DType.Int32);
        return SolveKept.Of(needed ? l.MatMul(l.Transpose(-2, -1)) : l, l.Detach(), pivots, b, kind: FactorKind.Cholesky);
    }
}
