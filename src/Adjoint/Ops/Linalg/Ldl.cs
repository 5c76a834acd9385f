using System.Globalization;
using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The factors of symmetric matrices as they are kept: packed L and D, pivots, and infos. Nothing flows through it.</summary>
internal readonly record struct LdlKept(bool Checks) : IKept
{
    public static Tensor[] Of(Tensor a, bool checks) => Op.MultiOutput(new LdlKept(checks), a.Detach());

    public TensorType[] Infer(TensorType[] inputs) => LuFactorEx.Types(inputs[0]);

    public Tensor[] Apply(Tensor[] inputs)
    {
        var n = inputs[0].Layout.Sizes[^1];
        var ld = Band.Lower(inputs[0]);
        var (pivots, infos) = (MatrixBatch.Fresh(ld, 2, DType.Int32, n), MatrixBatch.Fresh(ld, 2, DType.Int32));
        MatrixBatch.Run(new Job(n), ld.DType, MatrixBatch.Count(ld.Layout.Sizes), (double)n * n * n / 3, ld, pivots, infos);
        if (Checks)
        {
            MatrixBatch.ThrowIfFailed(infos, "torch.linalg.ldl_factor_ex", info => string.Create(
                CultureInfo.InvariantCulture, $"D[{info},{info}] is exactly zero. The factorization has been completed, but D is singular."));
        }

        return [ld, pivots, infos];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    private readonly record struct Job(int Order) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            for (var member = first; member < first + count; member++)
            {
                *operands.At<int>(2, member) = LdlFactor.Run(operands.Matrix<T>(0, member, Order, Order), operands.At<int>(1, member));
            }
        }
    }
}

public static partial class Linalg
{
    /// <summary>
    /// The factors of a symmetric matrix, A = P L D L' P', packed, by the pivots of Bunch and Kaufman (<c>torch.linalg.ldl_factor</c>). They have no
    /// derivatives; <see cref="Factor(Tensor, Assume)"/> with <see cref="Assume.Symmetric"/> solves with such factors and has.
    /// </summary>
    /// <param name="a">Symmetric matrices, (*, n, n), of which the lower triangle is read.</param>
    /// <param name="hermitian">For complex numbers; means nothing here.</param>
    /// <returns>L below D, whose blocks are of one or two; pivots, int32, as LAPACK's sytrf gives them.</returns>
    /// <exception cref="LinalgException">D is singular.</exception>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public static (Tensor LD, Tensor Pivots) LdlFactor(Tensor a, bool hermitian = false)
    {
        var (ld, pivots, _) = LdlFactorEx(a, hermitian, checkErrors: true);
        return (ld, pivots);
    }

    /// <summary>The same as <see cref="LdlFactor"/>, and where D is zero (<c>torch.linalg.ldl_factor_ex</c>).</summary>
    /// <param name="a">Symmetric matrices, (*, n, n), of which the lower triangle is read.</param>
    /// <param name="hermitian">For complex numbers; means nothing here.</param>
    /// <param name="checkErrors">Throw where D is singular.</param>
    /// <exception cref="LinalgException">D is singular, and errors are checked.</exception>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public static (Tensor LD, Tensor Pivots, Tensor Info) LdlFactorEx(Tensor a, bool hermitian = false, bool checkErrors = false)
    {
        _ = hermitian;
        LinalgArguments.Square(a, "torch.linalg.ldl_factor_ex");
        var results = LdlKept.Of(a, checkErrors);
        return (results[0], results[1], results[2]);
    }

    /// <summary>The solution of A X = B from the packed factors of a symmetric A (<c>torch.linalg.ldl_solve</c>), which have no derivative.</summary>
    /// <param name="ld">Packed factors, (*, n, n).</param>
    /// <param name="pivots">Pivots, (*, n), int32.</param>
    /// <param name="b">Right-hand sides, (*, n, k).</param>
    /// <param name="hermitian">For complex numbers; means nothing here.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are not float32 or float64; or pivots are not int32.</exception>
    public static Tensor LdlSolve(Tensor ld, Tensor pivots, Tensor b, bool hermitian = false)
    {
        _ = hermitian;
        const string call = "torch.linalg.ldl_solve";
        var (factor, right) = LinalgArguments.System(ld, b, left: true, call);
        CheckPivots(ld, pivots, ld.Layout.Sizes[^1], call);
        factor = factor.Detach();
        return SolveKept.Of(factor, factor, LinalgArguments.Expand(pivots, factor.Layout.Sizes.AsSpan()[..^2], 1), right, kind: FactorKind.Ldl);
    }
}
