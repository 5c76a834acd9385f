using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The inverse of A, from kept factors. Inputs are A, its factors and pivots; the derivative reads the inverse itself.</summary>
internal readonly record struct Inv : IMultiOutput
{
    public string GradName => "LinalgInvExBackward0";

    public int[] ShownInputs => [0];

    public static bool ReadsResult(int result) => true;

    public TensorType[] Infer(TensorType[] inputs) => [inputs[0]];

    public Tensor[] Apply(Tensor[] inputs)
    {
        var (lu, pivots, x) = (Op.Contiguous(inputs[1]), Op.Contiguous(inputs[2]), Op.Fresh(inputs[0].Layout, inputs[0].DType));
        var n = x.Layout.Sizes[^1];
        MatrixBatch.Run(new Job(n), x.DType, MatrixBatch.Count(x.Layout.Sizes), 2.0 * n * n * n, lu, pivots, x);
        return [x];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var transposed = results[0]!.Transpose(-2, -1);
        return [-transposed.MatMul(gradients[0]!).MatMul(transposed), null, null];
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [-results[0].MatMul(tangents[0]!).MatMul(results[0])];

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    private readonly record struct Job(int Order) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var inLanes = Order <= LaneMatrices.MostOrder && count >= LaneMatrices.FewestMembers;
            for (var member = first; member < first + count; member++)
            {
                var inverse = operands.Matrix<T>(2, member, Order, Order);
                if (inLanes)
                {
                    inverse.FillIdentity();
                }
                else
                {
                    LuFactor.Invert(operands.Matrix<T>(0, member, Order, Order), operands.At<int>(1, member), inverse);
                }
            }

            if (inLanes)
            {
                LaneMatrices.LuSolve<T>(transposed: false, Order, Order, operands, first, count);
            }
        }
    }
}

public static partial class Linalg
{
    /// <summary>The inverse (<c>torch.linalg.inv</c>). To solve a system, <see cref="Solve"/> is quicker and more accurate.</summary>
    /// <param name="a">Square matrices, (*, n, n).</param>
    /// <exception cref="LinalgException">A matrix is singular.</exception>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public static Tensor Inv(Tensor a) => InvEx(a, checkErrors: true).Inverse;

    /// <summary>The inverse, and where a pivot is zero (<c>torch.linalg.inv_ex</c>).</summary>
    /// <param name="a">Square matrices, (*, n, n).</param>
    /// <param name="checkErrors">Throw where a matrix is singular.</param>
    /// <returns>The inverse; 0, or the place of the first pivot that is zero, counted from 1, int32.</returns>
    /// <exception cref="LinalgException">A matrix is singular, and errors are checked.</exception>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public static (Tensor Inverse, Tensor Info) InvEx(Tensor a, bool checkErrors = false)
    {
        LinalgArguments.Square(a, "linalg.inv");
        var factors = LuKept.Of(a, checkErrors ? LinalgCheck.Inverse : LinalgCheck.None);
        return (Op.MultiOutput(default(Inv), a, factors[0], factors[1])[0], factors[2]);
    }
}

/// <content>Inverses.</content>
public sealed partial class Tensor
{
    /// <summary>The inverse (<c>torch.inverse</c>); see <see cref="Linalg.Inv"/>.</summary>
    /// <exception cref="LinalgException">A matrix is singular.</exception>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public Tensor Inverse() => Linalg.Inv(this);
}
