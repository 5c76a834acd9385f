using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>
/// Singular values in descending order and, if wanted, singular vectors: the left ones before the values, the right ones after, as rows.
/// </summary>
internal readonly record struct Svd(bool Full, bool Vectors) : IMultiOutput
{
    public string GradName => "LinalgSvdBackward0";

    public static bool ReadsResult(int result) => true;

    /// <summary>Singular values; their vectors are only computed where a derivative may ask for them.</summary>
    public static Tensor Values(Tensor a)
    {
        var vectors = a.IsStandIn || (a.RequiresGrad && Recording.IsOn);
        return Op.MultiOutput(new Svd(Full: false, vectors), a)[vectors ? 1 : 0];
    }

    public TensorType[] Infer(TensorType[] inputs)
    {
        var (a, sizes) = (inputs[0], inputs[0].Layout.Sizes);
        var (batch, m, n) = (sizes[..^2], sizes[^2], sizes[^1]);
        var k = Math.Min(m, n);
        var values = a.With([.. batch, k]);
        return Vectors ? [a.With([.. batch, m, Full ? m : k]), values, a.With([.. batch, Full ? n : k, n])] : [values];
    }

    public Tensor[] Apply(Tensor[] inputs)
    {
        var a = Op.Contiguous(inputs[0]);
        Tensor[] results = [.. Infer([TensorType.Of(a)]).Select(type => Op.Fresh(Layout.Dense(type.Layout.Sizes), a.DType))];
        var (m, n) = (a.Layout.Sizes[^2], a.Layout.Sizes[^1]);
        var infos = MatrixBatch.Fresh(a, 2, DType.Int32);
        MatrixBatch.Run(
            new Job(this, m, n), a.DType, MatrixBatch.Count(a.Layout.Sizes), (Vectors ? 10.0 : 3.0) * m * n * Math.Min(m, n), [a, infos, .. results]);
        MatrixBatch.ThrowIfFailed(infos, "linalg.svd", SpectralArguments.Failure);
        return results;
    }

    // gA = U (diag(gs) + M) V', and what is seen of vectors that turn out of the space of all of them; see EqualValues.
    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var s = results[1]!;
        var (m, n, k) = (shapes[0][^2], shapes[0][^1], s.Layout.Sizes[^1]);
        Tensor u = First(results[0]!, -1, k), vh = First(results[2]!, -2, k);
        var (ofU, ofValues, ofVh) = (gradients[0], gradients[1], gradients[2]);
        var left = ofValues is null ? null : u * ofValues.Unsqueeze(-2);
        if (ofU is null && ofVh is null)
        {
            return [left?.MatMul(vh)];
        }

        var slopes = ofValues ?? Tensor.ZerosLike(s);
        var turnU = ofU is null ? null : u.Transpose(-2, -1).MatMul(First(ofU, -1, k));
        var turnV = ofVh is null ? null : vh.MatMul(First(ofVh, -2, k).Transpose(-2, -1));
        Tensor x = Formulas.Sum(turnU, turnV)!, y = turnU is null ? -turnV! : turnV is null ? turnU : turnU - turnV;
        Tensor backX = x.Transpose(-2, -1), backY = y.Transpose(-2, -1);
        var gaps = Op.MultiOutput(new ValueGaps(EqualKind.Svd), s, slopes, x, y);
        var inner = 0.5 * ((gaps[0] * (x - backX)) + (gaps[1] * (x + backX)) + (gaps[2] * (y - backY)));
        left = Formulas.Sum(left, u.MatMul(inner))!;
        if (m > k && ofU is not null)
        {
            var seen = Beyond(results[0]!, ofU, u, turnU!, m, k, out var basis, out var free);
            var scaled = seen * Inverses(s, slopes, seen.Transpose(-2, -1), free).Unsqueeze(-2);
            left = left! + (basis is null ? scaled : basis.MatMul(scaled));
        }

        var made = left!.MatMul(vh);
        if (n > k && ofVh is not null)
        {
            var seen = Beyond(
                results[2]!.Transpose(-2, -1), ofVh.Transpose(-2, -1), vh.Transpose(-2, -1), turnV!, n, k, out var basis, out var free);
            var scaled = (seen * Inverses(s, slopes, seen.Transpose(-2, -1), free).Unsqueeze(-2)).Transpose(-2, -1);
            made = made + u.MatMul(basis is null ? scaled : scaled.MatMul(basis.Transpose(-2, -1)));
        }

        return [made];
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var (t, s) = (tangents[0]!, results[1]);
        var (m, n, k) = (t.Layout.Sizes[^2], t.Layout.Sizes[^1], s.Layout.Sizes[^1]);
        Tensor u = First(results[0], -1, k), vh = First(results[2], -2, k), v = vh.Transpose(-2, -1);
        Tensor right = t.MatMul(v), flat = Tensor.ZerosLike(s);
        var x = u.Transpose(-2, -1).MatMul(right);
        var back = x.Transpose(-2, -1);
        var gaps = Op.MultiOutput(new ValueGaps(EqualKind.SvdForward), s, flat, x, x);
        Tensor together = (x + back) * gaps[0], against = (x - back) * gaps[2];
        var ofU = Moved(results[0], u, 0.5 * (together + against), right, x, s, flat, m, k);
        var ofV = Moved(
            results[2].Transpose(-2, -1), v, 0.5 * (together - against), t.Transpose(-2, -1).MatMul(u), back, s, flat, n, k);
        return [ofU, (u * right).Sum(-2), ofV.Transpose(-2, -1)];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    /// <summary>The first vectors, as many as there are values.</summary>
    private static Tensor First(Tensor x, int dim, int count) => x.Shape[dim] == count ? x : x.Narrow(dim, 0, count);

    /// <summary>What is seen of vectors that turn towards those beyond them: in these, if all are there, or in all coordinates.</summary>
    private Tensor Beyond(Tensor all, Tensor gradient, Tensor u, Tensor turn, int size, int k, out Tensor? basis, out Tensor free)
    {
        if (!Full)
        {
            basis = null;
            free = Empty(all);
            return gradient - u.MatMul(turn);
        }

        basis = all.Narrow(-1, k, size - k);
        var ofBasis = gradient.Narrow(-1, k, size - k);
        free = basis.Transpose(-2, -1).MatMul(ofBasis);
        return basis.Transpose(-2, -1).MatMul(First(gradient, -1, k)) - ofBasis.Transpose(-2, -1).MatMul(u);
    }

    /// <summary>The tangent of vectors that turn among themselves and towards those beyond.</summary>
    private Tensor Moved(Tensor all, Tensor u, Tensor turn, Tensor seen, Tensor inside, Tensor s, Tensor flat, int size, int k)
    {
        var moved = u.MatMul(turn);
        if (size == k)
        {
            return moved;
        }

        var basis = Full ? all.Narrow(-1, k, size - k) : null;
        var rest = basis is null ? seen - u.MatMul(inside) : basis.Transpose(-2, -1).MatMul(seen);
        var kind = new ValueInverses(EqualKind.SvdForward);
        rest = rest * Op.MultiOutput(kind, s, flat, rest.Transpose(-2, -1), Empty(all))[0].Unsqueeze(-2);
        return basis is null ? moved + rest : Tensor.Cat([moved + basis.MatMul(rest), -u.MatMul(rest.Transpose(-2, -1))], -1);
    }

    private static Tensor Inverses(Tensor s, Tensor slopes, Tensor seen, Tensor free) =>
        Op.MultiOutput(new ValueInverses(EqualKind.Svd), s, slopes, seen, free)[0];

    private static Tensor Empty(Tensor like) => Tensor.Zeros([.. like.Layout.Sizes.AsSpan()[..^2], 0, 0], like.DType);

    private readonly record struct Job(Svd Of, int Rows, int Columns) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var most = Math.Min(Rows, Columns);
            var (left, right) = Of.Full ? (Rows, Columns) : (most, most);
            for (var member = first; member < first + count; member++)
            {
                var a = operands.Matrix<T>(0, member, Rows, Columns);
                *operands.At<int>(1, member) = Of.Vectors
                    ? SingularValues.Run(
                        a, operands.At<T>(3, member), operands.Matrix<T>(2, member, Rows, left), operands.Matrix<T>(4, member, right, Columns), true)
                    : SingularValues.Run(a, operands.At<T>(2, member), default, default, false);
            }
        }
    }
}

public static partial class Linalg
{
    /// <summary>
    /// Singular values in descending order, and singular vectors: A = U diag(S) Vh (<c>torch.linalg.svd</c>). The signs of pairs of vectors are open,
    /// and so is, where singular values are equal, the choice of vectors in the spaces that they span: a loss must not depend on that choice.
    /// </summary>
    /// <remarks>
    /// At equal singular values, a loss of a function of the matrix, U diag(h(S)) Vh, of such a space, or of singular values has its exact gradient.
    /// One that depends on the choice of vectors is refused, and so is one of which the gradients of the results do not say what that of A is.
    /// </remarks>
    /// <param name="a">Matrices of any sizes, (*, m, n).</param>
    /// <param name="fullMatrices">Whether U and Vh are square; else they have as many vectors as there are singular values.</param>
    /// <returns>U, (*, m, m) or (*, m, k), S, (*, k), and Vh, (*, n, n) or (*, k, n), where k is the smaller of m and n.</returns>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    /// <exception cref="DTypeException">The elements are not float32 or float64.</exception>
    /// <exception cref="LinalgException">An element is not finite.</exception>
    public static (Tensor U, Tensor S, Tensor Vh) Svd(Tensor a, bool fullMatrices = true)
    {
        LinalgArguments.Matrix(a, "linalg.svd");
        var results = Op.MultiOutput(new Svd(fullMatrices, Vectors: true), a);
        return (results[0], results[1], results[2]);
    }

    /// <summary>
    /// Singular values in descending order, (*, k) (<c>torch.linalg.svdvals</c>). At equal singular values the gradient is exact where the loss
    /// treats them alike, and a subgradient elsewhere.
    /// </summary>
    /// <param name="a">Matrices of any sizes, (*, m, n).</param>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    /// <exception cref="DTypeException">The elements are not float32 or float64.</exception>
    /// <exception cref="LinalgException">An element is not finite.</exception>
    public static Tensor Svdvals(Tensor a)
    {
        LinalgArguments.Matrix(a, "linalg.svdvals");
        return Adjoint.Svd.Values(a);
    }
}

/// <content>Singular values.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Singular values in descending order, and singular vectors as columns: this = U diag(S) V' (<c>torch.svd</c>, the older form of
    /// <see cref="Linalg.Svd"/>).
    /// </summary>
    /// <param name="some">Whether there are only as many vectors as singular values; else U and V are square.</param>
    /// <param name="computeUv">Whether vectors are wanted; else U and V are square and zero.</param>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    /// <exception cref="DTypeException">The elements are not float32 or float64.</exception>
    /// <exception cref="LinalgException">An element is not finite.</exception>
    public (Tensor U, Tensor S, Tensor V) Svd(bool some = true, bool computeUv = true)
    {
        LinalgArguments.Matrix(this, "svd");
        if (!computeUv)
        {
            var (batch, m, n) = (Layout.Sizes[..^2], Layout.Sizes[^2], Layout.Sizes[^1]);
            return (Zeros([.. batch, m, m], DType), Adjoint.Svd.Values(this), Zeros([.. batch, n, n], DType));
        }

        var results = Op.MultiOutput(new Svd(!some, Vectors: true), this);
        return (results[0], results[1], results[2].Transpose(-2, -1));
    }
}
