using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Which parts of A = Q R are wanted; PyTorch's <c>mode</c>.</summary>
public enum QrMode
{
    /// <summary>Q of m by k and R of k by n, where k is the smaller of both.</summary>
    Reduced,

    /// <summary>Q of m by m and R of m by n.</summary>
    Complete,

    /// <summary>R of k by n alone; Q is empty.</summary>
    R,
}

/// <summary>Q and R.</summary>
internal readonly record struct Qr(bool Complete) : IMultiOutput
{
    public string GradName => "LinalgQrBackward0";

    public static bool ReadsResult(int result) => true;

    public TensorType[] Infer(TensorType[] inputs)
    {
        var (m, n) = (inputs[0].Layout.Sizes[^2], inputs[0].Layout.Sizes[^1]);
        var k = Complete ? m : Math.Min(m, n);
        return [inputs[0].WithSize(-1, k), inputs[0].WithSize(-2, k)];
    }

    public Tensor[] Apply(Tensor[] inputs)
    {
        var (m, n) = (inputs[0].Layout.Sizes[^2], inputs[0].Layout.Sizes[^1]);
        var most = Math.Min(m, n);
        var k = Complete ? m : most;
        var packed = Op.Copy(inputs[0]);
        var tau = MatrixBatch.Fresh(packed, 2, packed.DType, most);
        var (q, r) = (MatrixBatch.Fresh(packed, 2, packed.DType, m, k), MatrixBatch.Fresh(packed, 2, packed.DType, k, n));
        MatrixBatch.Run(
            new Job(m, n, k), packed.DType, MatrixBatch.Count(packed.Layout.Sizes), 4.0 * m * n * most, packed, tau, q, r);
        return [q, r];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var (q, r, ofQ, ofR) = (results[0]!, results[1]!, gradients[0], gradients[1]);
        var (m, n) = (shapes[0].AsSpan()[^2], shapes[0].AsSpan()[^1]);
        if (Complete && m > n)
        {
            throw new AutogradException(
                "The QR decomposition is not differentiable when mode='complete' and nrows > ncols. The columns of Q after those of the matrix are " +
                "any that are orthogonal: use QrMode.Reduced.");
        }

        if (m >= n)
        {
            return [Square(q, r, ofQ, ofR)];
        }

        // A = [X Y], R = [U V], where Q U = X and V = Q' Y.
        var u = r.Narrow(-1, 0, m);
        if (ofR is null)
        {
            var first = Square(q, u, ofQ, null)!;
            return [Tensor.Cat([first, Tensor.Zeros([.. shapes[0].ToArray()[..^1], n - m], q.DType)], -1)];
        }

        var (v, ofU, ofV) = (r.Narrow(-1, m, n - m), ofR.Narrow(-1, 0, m), ofR.Narrow(-1, m, n - m));
        var fromV = q.MatMul(v).MatMul(ofV.Transpose(-2, -1));
        var ofX = Square(q, u, Formulas.Sum(ofQ, fromV), ofU)!;
        return [Tensor.Cat([ofX, q.MatMul(ofV)], -1)];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    /// <summary>The gradient where R is square: (gQ + Q copy(M)) R^-T with M = R gR' - gQ' Q, whose lower triangle is copied to the upper
    /// one.</summary>
    private static Tensor? Square(Tensor q, Tensor r, Tensor? ofQ, Tensor? ofR)
    {
        var inner = ofR is null ? null : r.MatMul(ofR.Transpose(-2, -1));
        if (ofQ is not null)
        {
            var moved = ofQ.Transpose(-2, -1).MatMul(q);
            inner = inner is null ? -moved : inner - moved;
        }

        var lower = Band.Lower(inner!);
        var both = q.MatMul(lower + Band.Lower(lower, -1).Transpose(-2, -1));
        return SolveTriangular.Of(r.Transpose(-2, -1), Formulas.Sum(ofQ, both)!, upper: false, left: false);
    }

    private readonly record struct Job(int Rows, int Columns, int Vectors) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var most = Math.Min(Rows, Columns);
            for (var member = first; member < first + count; member++)
            {
                var packed = operands.Matrix<T>(0, member, Rows, Columns);
                var tau = operands.At<T>(1, member);
                Householder.Factor(packed, tau);
                Householder.Form(packed.Block(0, Rows, 0, most), tau, operands.Matrix<T>(2, member, Rows, Vectors));
                var r = operands.Matrix<T>(3, member, Vectors, Columns);
                r.Fill(T.Zero);
                for (var i = 0; i < most; i++)
                {
                    packed.Block(i, 1, i, Columns - i).CopyTo(r.Block(i, 1, i, Columns - i));
                }
            }
        }
    }
}

public static partial class Linalg
{
    /// <summary>
    /// A = Q R with orthonormal columns of Q and upper triangular R (<c>torch.linalg.qr</c>), by Householder's reflectors. Elements on the diagonal
    /// of R
    /// may be negative. There is a derivative where the first columns of A, as many as R has rows, are independent.
    /// </summary>
    /// <param name="a">Matrices of any sizes, (*, m, n).</param>
    /// <param name="mode">Which parts are wanted.</param>
    /// <exception cref="ShapeException">It is no matrix.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public static (Tensor Q, Tensor R) Qr(Tensor a, QrMode mode = QrMode.Reduced)
    {
        LinalgArguments.Matrix(a, "linalg.qr");
        var results = Op.MultiOutput(new Qr(mode == QrMode.Complete), a);
        return mode == QrMode.R ? (Tensor.Zeros([0], a.DType), results[1]) : (results[0], results[1]);
    }
}

/// <content>QR by PyTorch's older name.</content>
public sealed partial class Tensor
{
    /// <summary>A = Q R (<c>torch.qr</c>); see <see cref="Linalg.Qr"/>.</summary>
    /// <param name="some">Reduced; complete if not.</param>
    /// <exception cref="ShapeException">It is no matrix.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public (Tensor Q, Tensor R) Qr(bool some = true) => Linalg.Qr(this, some ? QrMode.Reduced : QrMode.Complete);
}
