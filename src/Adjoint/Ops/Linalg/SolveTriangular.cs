using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The solution of systems with triangular matrices; the other triangle is not read.</summary>
internal readonly record struct SolveTriangular(bool Upper, bool Left, bool Unitriangular) : IMultiOutput
{
    public string GradName => "LinalgSolveTriangularBackward0";

    public static bool ReadsInput(int input) => input == 0;

    public static bool ReadsResult(int result) => true;

    /// <summary>The systems as an operator, whose inputs have the same batch.</summary>
    public static Tensor Of(Tensor a, Tensor b, bool upper, bool left = true, bool unit = false) =>
        Op.MultiOutput(new SolveTriangular(upper, left, unit), a, b)[0];

    public TensorType[] Infer(TensorType[] inputs) => [inputs[1]];

    public Tensor[] Apply(Tensor[] inputs)
    {
        var (a, x) = (inputs[0], Op.Copy(inputs[1]));
        var turned = a.Detach().Transpose(-2, -1);
        var isTurned = !a.Layout.IsContiguous && turned.Layout.IsContiguous;
        a = isTurned ? turned : Op.Contiguous(a);
        var (rows, columns) = (x.Layout.Sizes[^2], x.Layout.Sizes[^1]);
        var work = (double)rows * columns * a.Layout.Sizes[^1] / 2;
        MatrixBatch.Run(new Job(this, isTurned, a.Layout.Sizes[^1], rows, columns), x.DType, MatrixBatch.Count(x.Layout.Sizes), work, a, x);
        return [x];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var (a, x) = (inputs[0]!, results[0]!);
        var ofB = Of(a.Transpose(-2, -1), gradients[0]!, !Upper, Left, Unitriangular);
        var product = Left ? ofB.MatMul(x.Transpose(-2, -1)) : x.Transpose(-2, -1).MatMul(ofB);
        return [-Triangle(product), ofB];
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var right = tangents[1];
        if (tangents[0] is { } t)
        {
            var moved = Left ? Triangle(t).MatMul(results[0]) : results[0].MatMul(Triangle(t));
            right = right is null ? -moved : right - moved;
        }

        return [Op.MultiOutput(this, inputs[0], right!)[0]];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    private Tensor Triangle(Tensor x) => Upper ? Band.Upper(x, Unitriangular ? 1 : 0) : Band.Lower(x, Unitriangular ? -1 : 0);

    private readonly record struct Job(SolveTriangular Of, bool IsTurned, int Order, int Rows, int Columns) : IMatrixJob
    {
        public void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (Order <= LaneMatrices.MostOrder && count >= LaneMatrices.FewestMembers)
            {
                LaneMatrices.SolveTriangular<T>(
                    Of.Upper, Of.Left, Of.Unitriangular, IsTurned, Order, Rows, Columns, operands, first, count);
                return;
            }

            for (var member = first; member < first + count; member++)
            {
                var a = operands.Matrix<T>(0, member, Order, Order);
                a = IsTurned ? a.Transposed : a;
                var x = operands.Matrix<T>(1, member, Rows, Columns);
                Triangular.Solve(Of.Left ? Of.Upper : !Of.Upper, Of.Unitriangular, Of.Left ? a : a.Transposed, Of.Left ? x : x.Transposed);
            }
        }
    }
}

public static partial class Linalg
{
    /// <summary>
    /// The solution X of A X = B, or of X A = B, with triangular A (<c>torch.linalg.solve_triangular</c>). The other triangle of A is not read. A
    /// zero
    /// on the diagonal gives infinities, and no error.
    /// </summary>
    /// <param name="a">Triangular matrices, (*, n, n).</param>
    /// <param name="b">Right-hand sides, (*, n, k), or (*, k, n) if A stands on the right; batches broadcast.</param>
    /// <param name="upper">Whether A is upper triangular.</param>
    /// <param name="left">Whether A stands on the left of X.</param>
    /// <param name="unitriangular">Take the diagonal for ones, and do not read it.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are not float32 or float64.</exception>
    public static Tensor SolveTriangular(Tensor a, Tensor b, bool upper, bool left = true, bool unitriangular = false)
    {
        (a, b) = LinalgArguments.System(a, b, left, "linalg.solve_triangular");
        return Adjoint.SolveTriangular.Of(a, b, upper, left, unitriangular);
    }
}

/// <content>Systems with triangular matrices.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The solution X of A X = this, and A (<c>torch.triangular_solve</c>, the older form of <see cref="Linalg.SolveTriangular"/>).
    /// </summary>
    /// <param name="a">Triangular matrices, (*, n, n).</param>
    /// <param name="upper">Whether A is upper triangular.</param>
    /// <param name="transpose">Solve with the transpose of A.</param>
    /// <param name="unitriangular">Take the diagonal for ones, and do not read it.</param>
    /// <returns>The solution, and A expanded to the batch of the solution.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are not float32 or float64.</exception>
    public (Tensor Solution, Tensor ClonedCoefficient) TriangularSolve(
        Tensor a, bool upper = true, bool transpose = false, bool unitriangular = false)
    {
        var (left, right) = LinalgArguments.System(a, this, left: true, "triangular_solve");
        var matrix = transpose ? left.Transpose(-2, -1) : left;
        return (Adjoint.SolveTriangular.Of(matrix, right, upper != transpose, left: true, unitriangular), left.Clone());
    }
}
