using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// The exponential of square matrices. The exponential of [[A, E], [0, A]] has the derivative along E in its corner, exactly, so that every
/// derivative is an exponential again, of twice the order (N. Higham, Functions of Matrices, 3.6).
/// </summary>
internal readonly record struct MatrixExp : IMultiOutput
{
    public string GradName => "LinalgMatrixExpBackward0";

    public static bool ReadsInput(int input) => true;

    public static Tensor Of(Tensor a) => Op.MultiOutput(default(MatrixExp), a)[0];

    public TensorType[] Infer(TensorType[] inputs) => inputs;

    public Tensor[] Apply(Tensor[] inputs)
    {
        var result = Op.Copy(inputs[0]);
        var n = result.Layout.Sizes[^1];
        MatrixBatch.Run(new Job(n), result.DType, MatrixBatch.Count(result.Layout.Sizes), 10.0 * n * n * n, result);
        return [result];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) =>
        [Along(inputs[0]!.Transpose(-2, -1), gradients[0]!)];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [Along(inputs[0], tangents[0]!)];

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    /// <summary>The derivative at a matrix along another.</summary>
    private static Tensor Along(Tensor a, Tensor direction)
    {
        var n = a.Layout.Sizes[^1];
        var above = Tensor.Cat([a, direction], -1);
        var below = Tensor.Cat([Tensor.ZerosLike(a), a], -1);
        return Of(Tensor.Cat([above, below], -2)).Narrow(-2, 0, n).Narrow(-1, n, n);
    }

    private readonly record struct Job(int Order) : IMatrixJob
    {
        public void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            for (var member = first; member < first + count; member++)
            {
                MatrixExponential.Run(operands.Matrix<T>(0, member, Order, Order));
            }
        }
    }
}

public static partial class Linalg
{
    /// <summary>
    /// The exponential of square matrices, the sum of A^k / k! (<c>torch.linalg.matrix_exp</c>), by scaling, an approximant of Padé, and squaring.
    /// </summary>
    /// <param name="a">Square matrices, (*, n, n).</param>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The elements are not float32 or float64.</exception>
    public static Tensor MatrixExp(Tensor a)
    {
        LinalgArguments.Square(a, "linalg.matrix_exp");
        return Adjoint.MatrixExp.Of(a);
    }
}

/// <content>The exponential of matrices.</content>
public sealed partial class Tensor
{
    /// <summary>The exponential of square matrices (<c>torch.matrix_exp</c>): the same as <see cref="Linalg.MatrixExp"/>.</summary>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The elements are not float32 or float64.</exception>
    public Tensor MatrixExp() => Linalg.MatrixExp(this);
}
