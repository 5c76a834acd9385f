using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>Eigenvalues of symmetric matrices in ascending order and, if wanted, eigenvectors as columns; one triangle is read.</summary>
internal readonly record struct Eigh(bool Upper, bool Vectors) : IMultiOutput
{
    public string GradName => "LinalgEighBackward0";

    public static bool ReadsResult(int result) => true;

    /// <summary>Eigenvalues; their vectors are only computed where a derivative may ask for them.</summary>
    public static Tensor Values(Tensor a, bool upper) =>
        Op.MultiOutput(new Eigh(upper, a.IsStandIn || (a.RequiresGrad && Recording.IsOn)), a)[0];

    public TensorType[] Infer(TensorType[] inputs)
    {
        var values = inputs[0].With([.. inputs[0].Layout.Sizes.AsSpan()[..^1]]);
        return Vectors ? [values, inputs[0].With(inputs[0].Layout.Sizes)] : [values];
    }

    public Tensor[] Apply(Tensor[] inputs)
    {
        var a = Op.Contiguous(inputs[0]);
        var n = a.Layout.Sizes[^1];
        Tensor values = MatrixBatch.Fresh(a, 1, a.DType), infos = MatrixBatch.Fresh(a, 2, DType.Int32);
        Tensor[] results = Vectors ? [values, MatrixBatch.Fresh(a, 0, a.DType)] : [values];
        MatrixBatch.Run(
            new Job(this, n), a.DType, MatrixBatch.Count(a.Layout.Sizes), (Vectors ? 8.0 : 3.0) * n * n * n, [a, values, infos, .. results[1..]]);
        MatrixBatch.ThrowIfFailed(infos, "linalg.eigh", SpectralArguments.Failure);
        return results;
    }

    // gA = V (diag(gl) + M) V', where M is what is seen of the turning of eigenvectors: see EqualValues.
    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        Tensor v = results[1]!, transposed = v.Transpose(-2, -1);
        var inner = gradients[0] is { } ofValues ? v * ofValues.Unsqueeze(-2) : null;
        if (gradients[1] is { } ofVectors)
        {
            var x = transposed.MatMul(ofVectors);
            var back = x.Transpose(-2, -1);
            var gaps = Op.MultiOutput(new ValueGaps(EqualKind.Eigh), results[0]!, gradients[0] ?? Tensor.ZerosLike(results[0]!), x);
            inner = Formulas.Sum(inner, v.MatMul(0.5 * ((gaps[0] * (x - back)) + (gaps[1] * (x + back)))));
        }

        return [inner?.MatMul(transposed)];
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var t = tangents[0]!;
        var moved = 0.5 * (t + t.Transpose(-2, -1)).MatMul(results[1]);
        var x = results[1].Transpose(-2, -1).MatMul(moved);
        var gaps = Op.MultiOutput(new ValueGaps(EqualKind.EighForward), results[0], Tensor.ZerosLike(results[0]), x);
        return [(results[1] * moved).Sum(-2), results[1].MatMul(gaps[0] * x)];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    private readonly record struct Job(Eigh Of, int Order) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (Order <= SymmetricJacobi.MostOrder && count >= LaneMatrices.FewestMembers)
            {
                SymmetricJacobi.Run<T>(Of.Upper, Of.Vectors, Order, operands, first, count);
                return;
            }

            using var scratch = new Scratch<T>((long)Order * Order);
            var work = new MatrixView<T>(scratch.Data, Order, Order);
            for (var member = first; member < first + count; member++)
            {
                var a = operands.Matrix<T>(0, member, Order, Order);
                for (var i = 0; i < Order; i++)
                {
                    for (var j = 0; j <= i; j++)
                    {
                        work[i, j] = work[j, i] = Of.Upper ? a[j, i] : a[i, j];
                    }
                }

                *operands.At<int>(2, member) = SymmetricEigen.Run(
                    work, operands.At<T>(1, member), Of.Vectors ? operands.Matrix<T>(3, member, Order, Order) : default);
            }
        }
    }
}

public static partial class Linalg
{
    /// <summary>
    /// Eigenvalues of symmetric matrices in ascending order, (*, n), and eigenvectors as columns, (*, n, n): A = V diag(L) V'
    /// (<c>torch.linalg.eigh</c>). One triangle is read, and the gradient is symmetric. The sign of an eigenvector is open, and where eigenvalues are
    /// equal, the choice of eigenvectors in the space that they span: a loss must not depend on that choice.
    /// </summary>
    /// <remarks>
    /// At equal eigenvalues, a loss of a function of the matrix, V diag(h(L)) V', of such a space, or of eigenvalues has its exact gradient. One that
    /// depends on the choice of eigenvectors is refused, and so is one of which the gradients of L and V do not say what that of A is.
    /// </remarks>
    /// <param name="a">Symmetric matrices, (*, n, n).</param>
    /// <param name="UPLO">The triangle that is read: <c>L</c> is the lower, <c>U</c> the upper.</param>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The elements are not float32 or float64.</exception>
    /// <exception cref="LinalgException">An element is not finite.</exception>
    public static (Tensor Eigenvalues, Tensor Eigenvectors) Eigh(Tensor a, string UPLO = "L")
    {
        LinalgArguments.Square(a, "linalg.eigh");
        var results = Op.MultiOutput(new Eigh(SpectralArguments.IsUpper(UPLO), Vectors: true), a);
        return (results[0], results[1]);
    }

    /// <summary>
    /// Eigenvalues of symmetric matrices in ascending order, (*, n) (<c>torch.linalg.eigvalsh</c>). At equal eigenvalues the gradient is exact where
    /// the loss treats them alike, and a subgradient elsewhere.
    /// </summary>
    /// <param name="a">Symmetric matrices, (*, n, n).</param>
    /// <param name="UPLO">The triangle that is read: <c>L</c> is the lower, <c>U</c> the upper.</param>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The elements are not float32 or float64.</exception>
    /// <exception cref="LinalgException">An element is not finite.</exception>
    public static Tensor Eigvalsh(Tensor a, string UPLO = "L")
    {
        LinalgArguments.Square(a, "linalg.eigvalsh");
        return Adjoint.Eigh.Values(a, SpectralArguments.IsUpper(UPLO));
    }
}

/// <content>Eigenvalues of symmetric matrices.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Eigenvalues of symmetric matrices in ascending order, and eigenvectors as columns (<c>torch.symeig</c>, the older form of
    /// <see cref="Linalg.Eigh"/>).
    /// </summary>
    /// <param name="eigenvectors">Whether to compute eigenvectors; an empty tensor stands for them if not.</param>
    /// <param name="upper">Whether the upper triangle is read.</param>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The elements are not float32 or float64.</exception>
    /// <exception cref="LinalgException">An element is not finite.</exception>
    public (Tensor Eigenvalues, Tensor Eigenvectors) Symeig(bool eigenvectors = false, bool upper = true)
    {
        LinalgArguments.Square(this, "symeig");
        if (!eigenvectors)
        {
            return (Adjoint.Eigh.Values(this, upper), Zeros([0], DType));
        }

        var results = Op.MultiOutput(new Eigh(upper, Vectors: true), this);
        return (results[0], results[1]);
    }
}
