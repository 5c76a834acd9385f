using Adjoint.Families;

namespace Adjoint;

/// <summary>L and U, from packed factors.</summary>
internal readonly record struct LuUnpack(bool OfLu) : IMultiOutput
{
    public string GradName => OfLu ? "LinalgLuBackward0" : "LuUnpackBackward0";

    public TensorType[] Infer(TensorType[] inputs)
    {
        var (m, n) = (inputs[0].Layout.Sizes[^2], inputs[0].Layout.Sizes[^1]);
        return [inputs[0].WithSize(-1, Math.Min(m, n)), inputs[0].WithSize(-2, Math.Min(m, n))];
    }

    public Tensor[] Apply(Tensor[] inputs)
    {
        var lu = inputs[0];
        var (m, n) = (lu.Layout.Sizes[^2], lu.Layout.Sizes[^1]);
        var most = Math.Min(m, n);
        var ones = Tensor.Eye(m, most, lu.DType);
        return [Band.Lower(lu.Narrow(-1, 0, most), -1) + ones, Band.Upper(lu.Narrow(-2, 0, most))];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var (m, n) = (shapes[0].AsSpan()[^2], shapes[0].AsSpan()[^1]);
        var ofL = gradients[0] is { } g ? Padded(Band.Lower(g, -1), -1, n) : null;
        var ofU = gradients[1] is { } h ? Padded(Band.Upper(h), -2, m) : null;
        return [Formulas.Sum(ofL, ofU)];
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var most = Math.Min(inputs[0].Layout.Sizes[^2], inputs[0].Layout.Sizes[^1]);
        return [Band.Lower(tangents[0]!.Narrow(-1, 0, most), -1), Band.Upper(tangents[0]!.Narrow(-2, 0, most))];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    private static Tensor Padded(Tensor x, int dim, int size)
    {
        var sizes = x.Layout.Sizes.ToArray();
        var missing = size - sizes[^-dim];
        sizes[^-dim] = missing;
        return missing == 0 ? x : Tensor.Cat([x, Tensor.Zeros(sizes, x.DType)], dim);
    }
}

public static partial class Linalg
{
    /// <summary>The factors of A = P L U (<c>torch.linalg.lu</c>).</summary>
    /// <param name="a">Matrices of any sizes, (*, m, n).</param>
    /// <param name="pivot">Exchange rows so that pivots are large; without, P is empty.</param>
    /// <returns>P, (*, m, m); L, (*, m, k), with ones on its diagonal; U, (*, k, n); k is the smaller of m and n.</returns>
    /// <exception cref="ShapeException">It is no matrix.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public static (Tensor P, Tensor L, Tensor U) Lu(Tensor a, bool pivot = true)
    {
        LinalgArguments.Matrix(a, "linalg.lu");
        var factors = Op.MultiOutput(new LuFactorEx(pivot, LinalgCheck.None), a);
        var parts = Op.MultiOutput(new LuUnpack(OfLu: true), factors[0]);
        return (pivot ? Matrix(factors[1], a) : Tensor.Zeros([0], a.DType), parts[0], parts[1]);
    }

    /// <summary>The factors of A = P L U, packed into one matrix, and pivots (<c>torch.linalg.lu_factor</c>).</summary>
    /// <param name="a">Matrices of any sizes, (*, m, n).</param>
    /// <param name="pivot">Exchange rows so that pivots are large.</param>
    /// <returns>L below the diagonal and U on and above it; the row that each row was exchanged with in turn, int32, counted from 1.</returns>
    /// <exception cref="LinalgException">A pivot is zero.</exception>
    /// <exception cref="ShapeException">It is no matrix.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public static (Tensor LU, Tensor Pivots) LuFactor(Tensor a, bool pivot = true)
    {
        var (lu, pivots, _) = LuFactorEx(a, pivot, checkErrors: true);
        return (lu, pivots);
    }

    /// <summary>The same as <see cref="LuFactor"/>, and where the first pivot is zero (<c>torch.linalg.lu_factor_ex</c>).</summary>
    /// <param name="a">Matrices of any sizes, (*, m, n).</param>
    /// <param name="pivot">Exchange rows so that pivots are large.</param>
    /// <param name="checkErrors">Throw where a pivot is zero.</param>
    /// <returns>Packed factors; pivots; 0, or the place of the first pivot that is zero, counted from 1, int32.</returns>
    /// <exception cref="LinalgException">A pivot is zero, and errors are checked.</exception>
    /// <exception cref="ShapeException">It is no matrix.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public static (Tensor LU, Tensor Pivots, Tensor Info) LuFactorEx(Tensor a, bool pivot = true, bool checkErrors = false)
    {
        LinalgArguments.Matrix(a, "linalg.lu_factor_ex");
        var factors = Op.MultiOutput(new LuFactorEx(pivot, checkErrors ? LinalgCheck.LuFactor : LinalgCheck.None), a);
        return (factors[0], factors[1], factors[2]);
    }

    /// <summary>The solution of A X = B from the packed factors of A (<c>torch.linalg.lu_solve</c>).</summary>
    /// <param name="lu">Packed factors, (*, n, n).</param>
    /// <param name="pivots">Pivots, (*, n), int32.</param>
    /// <param name="b">Right-hand sides, (*, n, k), or (*, k, n) if A stands on the right.</param>
    /// <param name="left">Whether A stands on the left of X.</param>
    /// <param name="adjoint">Solve with the transpose of A.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are not float32 or float64; or pivots are not int32.</exception>
    public static Tensor LuSolve(Tensor lu, Tensor pivots, Tensor b, bool left = true, bool adjoint = false)
    {
        const string call = "linalg.lu_solve";
        LinalgArguments.System(lu, b, left, call);
        var order = lu.Layout.Sizes[^1];
        CheckPivots(lu, pivots, order, call);
        var batch = LinalgArguments.BatchOf(lu, b);
        lu = LinalgArguments.Expand(lu, batch, 2);
        pivots = LinalgArguments.Expand(pivots, batch, 1);
        b = LinalgArguments.Expand(b, batch, 2);

        // On the right: A' X' = B'.
        if (!left)
        {
            return Solved(lu, pivots, b.Transpose(-2, -1), !adjoint).Transpose(-2, -1);
        }

        return Solved(lu, pivots, b, adjoint);
    }

    internal static void CheckPivots(Tensor lu, Tensor pivots, int order, string call)
    {
        ArgumentNullException.ThrowIfNull(pivots);
        if (pivots.DType != DType.Int32)
        {
            throw new DTypeException(
                $"{call}: pivots should be a Tensor of scalar type torch.int32, not {pivots.DType.TorchName}. Pass them on as Linalg.LuFactor " +
                $"gives them.");
        }

        if (pivots.Rank != lu.Rank - 1 || !pivots.Layout.Sizes.AsSpan().SequenceEqual((int[])[.. lu.Layout.Sizes[..^2], order]))
        {
            throw new ShapeException(
                $"{call}: Number of pivots per batch should be same as the dimension of the matrix. They have the shape " +
                $"{Shape.Text(pivots.Layout.Sizes)} beside factors of the shape {Shape.Text(lu.Layout.Sizes)}.");
        }
    }

    /// <summary>The matrix P of pivots, for a matrix like another.</summary>
    internal static Tensor Matrix(Tensor pivots, Tensor like)
    {
        var rows = like.Layout.Sizes[^2];
        var eye = Tensor.Eye(rows, dtype: like.DType).Expand([.. like.Layout.Sizes[..^2], rows, rows]);
        return Permutation.Rows(eye, pivots, inverse: true);
    }

    private static Tensor Solved(Tensor lu, Tensor pivots, Tensor b, bool transposed)
    {
        if (transposed)
        {
            var t = lu.Transpose(-2, -1);
            var y = Adjoint.SolveTriangular.Of(t, b, upper: false);
            return Permutation.Rows(Adjoint.SolveTriangular.Of(t, y, upper: true, unit: true), pivots, inverse: true);
        }

        var z = Adjoint.SolveTriangular.Of(lu, Permutation.Rows(b, pivots, inverse: false), upper: false, unit: true);
        return Adjoint.SolveTriangular.Of(lu, z, upper: true);
    }
}

/// <content>Factors of matrices by PyTorch's older names.</content>
public sealed partial class Tensor
{
    /// <summary>The solution of A X = this from the packed factors of A (<c>torch.lu_solve</c>, the older form of
    /// <see cref="Linalg.LuSolve"/>).</summary>
    /// <param name="lu">Packed factors, (*, n, n).</param>
    /// <param name="pivots">Pivots, (*, n), int32.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are not float32 or float64; or pivots are not int32.</exception>
    public Tensor LuSolve(Tensor lu, Tensor pivots) => Linalg.LuSolve(lu, pivots, this);

    /// <summary>P, L and U from packed factors and pivots (<c>torch.lu_unpack</c>).</summary>
    /// <param name="lu">Packed factors, (*, m, n).</param>
    /// <param name="pivots">Pivots, int32.</param>
    /// <param name="unpackData">Give L and U; they are empty without.</param>
    /// <param name="unpackPivots">Give P; it is empty without.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64; or pivots are not int32.</exception>
    public static (Tensor P, Tensor L, Tensor U) LuUnpack(Tensor lu, Tensor pivots, bool unpackData = true, bool unpackPivots = true)
    {
        LinalgArguments.Matrix(lu, "lu_unpack", "LU_data");
        Linalg.CheckPivots(lu, pivots, Math.Min(lu.Layout.Sizes[^2], lu.Layout.Sizes[^1]), "lu_unpack");
        var empty = Zeros([0], lu.DType);
        var parts = unpackData ? Op.MultiOutput(new LuUnpack(OfLu: false), lu) : [empty, empty];
        return (unpackPivots ? Linalg.Matrix(pivots, lu) : empty, parts[0], parts[1]);
    }
}
