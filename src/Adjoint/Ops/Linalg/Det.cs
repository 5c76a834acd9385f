using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// The determinant, or its sign and the logarithm of its size, from kept factors. Inputs are A, its factors and pivots. Diagonals are those of
/// <see cref="SolveKept"/>.
/// </summary>
internal readonly record struct DetKept(bool Log, FactorKind Kind, int Below = -1, int Above = -1) : IMultiOutput
{
    internal FactorKind Kind { get; init; } = Kind;

    public string GradName => Log ? "LinalgSlogdetBackward0" : "LinalgDetBackward0";

    public int[] ShownInputs => [0];

    public static bool ReadsInput(int input) => true;

    public static Tensor[] Of(Tensor a, Tensor lu, Tensor pivots, bool log, FactorKind kind = FactorKind.Lu, int below = -1, int above = -1) =>
        Op.MultiOutput(new DetKept(log, kind, below, above), a, lu, pivots);

    public TensorType[] Infer(TensorType[] inputs)
    {
        var one = inputs[0].With(inputs[0].Layout.Sizes.AsSpan()[..^2]);
        return Log ? [one, one] : [one];
    }

    public Tensor[] Apply(Tensor[] inputs)
    {
        var (lu, pivots) = (Op.Contiguous(inputs[1]), Op.Contiguous(inputs[2]));
        var (first, second) = (MatrixBatch.Fresh(lu, 2, lu.DType), MatrixBatch.Fresh(lu, 2, lu.DType));
        var n = lu.Layout.Sizes[^2];
        MatrixBatch.Run(new Job(this, n), lu.DType, MatrixBatch.Count(lu.Layout.Sizes), n, lu, pivots, first, second);
        return Log ? [first, second] : [first];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var a = inputs[0]!;
        if (!Log)
        {
            // The determinant of no elements is 1, whatever they are.
            return [a.Layout.Count == 0 ? null : Spread(gradients[0]!) * Cofactor.Of(a), null, null];
        }

        // The sign is constant by pieces.
        return gradients[1] is { } g
            ? [Spread(g) * InverseTransposed(a, inputs[1]!, inputs[2]!), null, null]
            : [a * 0.0, null, null];
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var (a, t) = (inputs[0], tangents[0]!);
        return Log
            ? [results[0] * 0.0, (InverseTransposed(a, inputs[1], inputs[2]) * t).Sum([-2, -1])]
            : [(Cofactor.Of(a) * t).Sum([-2, -1])];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    private static Tensor Spread(Tensor g) => g.Unsqueeze(-1).Unsqueeze(-1);

    private Tensor InverseTransposed(Tensor a, Tensor lu, Tensor pivots)
    {
        var eye = Tensor.Eye(a.Layout.Sizes[^1], dtype: a.DType).Expand(a.Layout.Sizes);
        var inverse = SolveKept.Of(a, lu, pivots, eye, transposed: Kind is FactorKind.Lu or FactorKind.Banded, Kind, Below, Above);
        return Below < 0 ? inverse : Op.Linear(new Band(-Below, Above), inverse);
    }

    private readonly record struct Job(DetKept Of, int Order) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            for (var member = first; member < first + count; member++)
            {
                var factor = BandKept.Factors(operands.At<T>(0, member), Order, Of.Below, Of.Above);
                var pivots = operands.At<int>(1, member);
                var (product, log) = (T.One, T.Zero);
                for (var i = 0; i < Order; i++)
                {
                    var value = factor[i, i];
                    if (Of.Kind == FactorKind.Ldl && pivots[i] < 0 && i + 1 < Order)
                    {
                        // A block of two: its exchange of rows is one of columns as well.
                        value = (value * factor[i + 1, i + 1]) - (factor[i + 1, i] * factor[i + 1, i]);
                        i++;
                    }
                    else if (Of.Kind == FactorKind.Cholesky)
                    {
                        value *= value;
                    }
                    else if (Of.Kind is FactorKind.Lu or FactorKind.Banded && pivots[i] != i + 1)
                    {
                        product = -product;
                    }

                    product *= !Of.Log || T.IsNaN(value) ? value : T.CreateTruncating(T.Sign(value));
                    log += Of.Log ? T.Log(T.Abs(value)) : T.Zero;
                }

                *operands.At<T>(2, member) = product;
                *operands.At<T>(3, member) = log;
            }
        }
    }
}

/// <summary>The gradient of a determinant: det(A) A^-T where there is an inverse, and right where there is none.</summary>
internal readonly record struct Cofactor : IMultiOutput
{
    public static bool ReadsInput(int input) => true;

    public static Tensor Of(Tensor a) => Op.MultiOutput(default(Cofactor), a)[0];

    /// <summary>The cofactors, or their derivative along directions, one for each.</summary>
    public static Tensor Run(Tensor a, params ReadOnlySpan<Tensor> directions)
    {
        var (matrix, result) = (Op.Copy(a), Op.Fresh(a.Layout, a.DType));
        var n = a.Layout.Sizes[^1];
        var operands = new Tensor[directions.Length + 2];
        (operands[0], operands[1]) = (matrix, result);
        for (var i = 0; i < directions.Length; i++)
        {
            operands[i + 2] = Op.Contiguous(directions[i]);
        }

        MatrixBatch.Run(new Job(n, directions.Length), a.DType, MatrixBatch.Count(a.Layout.Sizes), 2.0 * n * n * n, operands);
        return result;
    }

    public TensorType[] Infer(TensorType[] inputs) => inputs;

    public Tensor[] Apply(Tensor[] inputs) => [Run(inputs[0])];

    // The second derivative of the determinant is symmetric.
    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) =>
        [CofactorTangent.Of(inputs[0]!, gradients[0]!)];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [CofactorTangent.Of(inputs[0], tangents[0]!)];

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    private readonly record struct Job(int Order, int Directions) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var directions = new MatrixView<T>[Directions];
            for (var member = first; member < first + count; member++)
            {
                for (var i = 0; i < Directions; i++)
                {
                    directions[i] = operands.Matrix<T>(i + 2, member, Order, Order);
                }

                Cofactors.Run(operands.Matrix<T>(0, member, Order, Order), directions, operands.Matrix<T>(1, member, Order, Order));
            }
        }
    }
}

/// <summary>The derivative of the matrix of cofactors in a direction, the second derivative of the determinant.</summary>
internal readonly record struct CofactorTangent : IMultiOutput
{
    public static bool ReadsInput(int input) => true;

    public static Tensor Of(Tensor a, Tensor direction) => Op.MultiOutput(default(CofactorTangent), a, direction)[0];

    public TensorType[] Infer(TensorType[] inputs) => [inputs[0]];

    public Tensor[] Apply(Tensor[] inputs) => [Cofactor.Run(inputs[0], inputs[1])];

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var (a, g, h) = (inputs[0]!, inputs[1]!, gradients[0]!);
        return [CofactorCurvature.Of(a, g, h), Of(a, h)];
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var along = tangents[1] is { } t ? Of(inputs[0], t) : null;
        return [Formulas.Sum(along, tangents[0] is { } s ? CofactorCurvature.Of(inputs[0], inputs[1], s) : null)];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);
}

/// <summary>
/// The derivative of the matrix of cofactors along two or more directions. It is linear in each of them and does not depend on their order, and a
/// derivative in the matrix is one along a further direction: so derivatives of every order are the same operator.
/// </summary>
internal readonly record struct CofactorCurvature : IMultiOutput
{
    public static bool ReadsInput(int input) => true;

    /// <summary>The matrix first, then the directions.</summary>
    public static Tensor Of(params Tensor[] inputs) => Op.MultiOutput(default(CofactorCurvature), inputs)[0];

    public TensorType[] Infer(TensorType[] inputs) => [inputs[0]];

    public Tensor[] Apply(Tensor[] inputs) => [Cofactor.Run(inputs[0], inputs.AsSpan(1))];

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        Tensor[] all = [.. inputs.Select(input => input!), gradients[0]!];
        var made = new Tensor?[inputs.Length];
        made[0] = Of(all);
        for (var i = 1; i < made.Length; i++)
        {
            made[i] = Of([.. all[..i], .. all[(i + 1)..]]);
        }

        return made;
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var made = tangents[0] is { } t ? Of([.. inputs, t]) : null;
        for (var i = 1; i < inputs.Length; i++)
        {
            made = Formulas.Sum(made, tangents[i] is { } s ? Of([.. inputs[..i], s, .. inputs[(i + 1)..]]) : null);
        }

        return [made];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);
}

public static partial class Linalg
{
    /// <summary>
    /// The determinant (<c>torch.linalg.det</c>). Its derivatives of every order are right for singular matrices too. Those up to the third cost
    /// about n^3, each further one about n times as much; those of <see cref="SlogDet"/> stay at n^3.
    /// </summary>
    /// <param name="a">Square matrices, (*, n, n).</param>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public static Tensor Det(Tensor a)
    {
        LinalgArguments.Square(a, "linalg.det");
        var factors = LuKept.Of(a);
        return DetKept.Of(a, factors[0], factors[1], log: false)[0];
    }

    /// <summary>The sign of the determinant and the logarithm of its size, which does not overflow (<c>torch.linalg.slogdet</c>).</summary>
    /// <param name="a">Square matrices, (*, n, n).</param>
    /// <returns>The sign, 0 for a singular matrix; the logarithm, -infinity for one.</returns>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public static (Tensor Sign, Tensor LogAbsDet) SlogDet(Tensor a)
    {
        LinalgArguments.Square(a, "linalg.slogdet");
        var factors = LuKept.Of(a);
        var results = DetKept.Of(a, factors[0], factors[1], log: true);
        return (results[0], results[1]);
    }
}

/// <content>Determinants.</content>
public sealed partial class Tensor
{
    /// <summary>The determinant (<c>torch.det</c>); see <see cref="Linalg.Det"/>.</summary>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public Tensor Det() => Linalg.Det(this);

    /// <summary>The sign of the determinant and the logarithm of its size (<c>torch.slogdet</c>); see <see cref="Linalg.SlogDet"/>.</summary>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public (Tensor Sign, Tensor LogAbsDet) SlogDet() => Linalg.SlogDet(this);

    /// <summary>The logarithm of the determinant, NaN where that is negative (<c>torch.logdet</c>).</summary>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public Tensor LogDet()
    {
        var (sign, log) = Linalg.SlogDet(this);
        return Where(sign.Lt(0), double.NaN, log);
    }
}
