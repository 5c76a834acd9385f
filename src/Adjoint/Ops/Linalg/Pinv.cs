using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// The pseudo-inverse of matrices, where singular values below a tolerance count as zero. Inputs are the matrices, atol and rtol, (*, 1).
/// </summary>
internal readonly record struct Pinv(bool Hermitian) : IMultiOutput
{
    public string GradName => "LinalgPinvBackward0";

    public int[] ShownInputs => [0];

    public static bool ReadsInput(int input) => input == 0;

    public static bool ReadsResult(int result) => true;

    public static Tensor Of(Tensor a, Tensor? atol, Tensor? rtol, bool hermitian)
    {
        var (absolute, relative) = SpectralArguments.Tolerances(a, atol, rtol);
        var batch = Layout.Broadcast(
            Layout.Broadcast(absolute.Layout, relative.Layout), Layout.Dense([.. a.Layout.Sizes.AsSpan()[..^2], 1])).Sizes;
        a = LinalgArguments.Expand(a, batch.AsSpan()[..^1], 2);
        return Op.MultiOutput(new Pinv(hermitian), a, absolute.Expand(batch), relative.Expand(batch))[0];
    }

    public TensorType[] Infer(TensorType[] inputs) =>
        [inputs[0].With(LinalgArguments.Sizes(inputs[0], inputs[0].Layout.Sizes[^1], inputs[0].Layout.Sizes[^2]))];

    public Tensor[] Apply(Tensor[] inputs)
    {
        var (a, atol, rtol) = (inputs[0].Detach(), inputs[1].Detach(), inputs[2].Detach());
        if (a.Layout.Count == 0)
        {
            return [Op.Zeroed(Layout.Dense(LinalgArguments.Sizes(TensorType.Of(a), a.Layout.Sizes[^1], a.Layout.Sizes[^2])), a.DType)];
        }

        Tensor left, values, right;
        if (Hermitian)
        {
            (values, left) = Linalg.Eigh(a);
            right = left.Transpose(-2, -1);
        }
        else
        {
            (left, values, right) = Linalg.Svd(a, fullMatrices: false);
        }

        var sizes = values.Abs();
        var counts = sizes > atol.Maximum(rtol * sizes.Amax([-1], keepDim: true));
        var inverses = Tensor.Where(counts, 1.0 / Tensor.Where(counts, values, 1.0), 0.0);
        return [Op.Contiguous((right.Transpose(-2, -1) * inverses.Unsqueeze(-2)).MatMul(left.Transpose(-2, -1)))];
    }

    // dP = -P dA P + P P' dA' (I - A P) + (I - P A) dA' P' P (G. Golub, V. Pereyra, 1973), where the rank is constant.
    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var (a, p, g) = (inputs[0]!, results[0]!, gradients[0]!.Transpose(-2, -1));
        var back = p.Transpose(-2, -1);
        if (shapes[0][^2] <= shapes[0][^1])
        {
            var inner = g.MatMul(p);
            var moved = inner.MatMul(back);
            return
            [
                moved - p.MatMul(inner).Transpose(-2, -1) - a.MatMul(p.MatMul(moved)) + back.MatMul(p.MatMul(g - inner.MatMul(a))), null, null,
            ];
        }
        else
        {
            var inner = p.MatMul(g);
            var moved = back.MatMul(inner);
            return
            [
                moved - inner.MatMul(p).Transpose(-2, -1) - moved.MatMul(p).MatMul(a) + (g - a.MatMul(inner)).MatMul(p).MatMul(back), null, null,
            ];
        }
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        if (tangents[0] is not { } t)
        {
            return [null];
        }

        var (a, p) = (inputs[0], results[0]);
        Tensor back = p.Transpose(-2, -1), right = t.Transpose(-2, -1);
        var first = p.MatMul(back).MatMul(right);
        var last = right.MatMul(back).MatMul(p);
        return [first - first.MatMul(a).MatMul(p) + last - p.MatMul(a.MatMul(last)) - p.MatMul(t).MatMul(p)];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);
}

public static partial class Linalg
{
    /// <summary>
    /// The pseudo-inverse of Moore and Penrose, (*, n, m) (<c>torch.linalg.pinv</c>). Singular values at most max(atol, rtol s1), where s1 is the
    /// largest, count as zero. Derivatives are those at constant rank.
    /// </summary>
    /// <param name="a">Matrices of any sizes, (*, m, n).</param>
    /// <param name="atol">The absolute tolerance, of a shape that broadcasts over the batch; 0 if null.</param>
    /// <param name="rtol">
    /// The relative one; the rounding of the dtype times the larger of m and n if both are null, and 0 if only <paramref name="atol"/> is given.
    /// </param>
    /// <param name="hermitian">Whether the matrices are symmetric; then the lower triangle is read, and it is quicker.</param>
    /// <exception cref="ShapeException">There are fewer than two dimensions, or the shapes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are not float32 or float64.</exception>
    /// <exception cref="LinalgException">An element is not finite.</exception>
    public static Tensor Pinv(Tensor a, Tensor? atol = null, Tensor? rtol = null, bool hermitian = false)
    {
        if (hermitian)
        {
            LinalgArguments.Square(a, "linalg.pinv");
        }
        else
        {
            LinalgArguments.Matrix(a, "linalg.pinv");
        }

        return Adjoint.Pinv.Of(a, atol, rtol, hermitian);
    }
}

/// <content>The pseudo-inverse.</content>
public sealed partial class Tensor
{
    /// <summary>The pseudo-inverse (<c>torch.pinverse</c>, the older form of <see cref="Linalg.Pinv"/>).</summary>
    /// <param name="rcond">The relative tolerance below which singular values count as zero.</param>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    /// <exception cref="DTypeException">The elements are not float32 or float64.</exception>
    /// <exception cref="LinalgException">An element is not finite.</exception>
    public Tensor Pinverse(double rcond = 1e-15) => Linalg.Pinv(this, rtol: rcond);
}
