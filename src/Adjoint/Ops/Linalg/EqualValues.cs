using System.Globalization;
using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

// Derivatives where eigenvalues or singular values are equal.
//
// Eigenvectors turn with A by rotations Omega, where Omega_ij = P_ij / (l_j - l_i) and P is dA seen from the eigenvectors. Where l_i = l_j nothing says
// how they turn: any rotation of the space that they span gives eigenvectors as good. So a loss is only well defined if it is the same for all
// of them, and then the skew part of X = V' gV, by which it sees Omega_ij, is zero. 0 / 0 is not computed:
//
// 1. Skew part not zero: the loss depends on the choice of eigenvectors. An error.
// 2. The loss may still depend on P_ij. If it is made of a function h of A, its gradient inside of the space is h' times a symmetric G, of which the
//    gradients of the eigenvalues show the diagonal, h' G_ii, and X shows all, 2 h G_ij. So where the first are proportional to the diagonal of X, the
//    rest is in the same proportion to the rest of X.
// 3. Otherwise, if the gradients of the equal eigenvalues are equal, the loss is the sum of one that depends on the space alone and one that depends
//    on the eigenvalues alone; nothing is added beside the diagonal.
// 4. Otherwise two numbers per eigenvalue do not say what the gradient is. An error, and no guess.
//
// A loss of eigenvalues alone never comes here: V diag(gl) V' is its gradient, or a subgradient.
// Singular vectors are pairs of such: their turning together, U' gU + V' gV, has the gaps s_j - s_i, and against each other s_j + s_i. Where both are
// zero, the two sides turn independently, and nothing but the space may be seen.

/// <summary>How the loss, or the direction, sees vectors of equal values.</summary>
internal enum EqualKind
{
    /// <summary>A gradient of eigenvectors.</summary>
    Eigh,

    /// <summary>A gradient of singular vectors.</summary>
    Svd,

    /// <summary>A tangent of a symmetric matrix.</summary>
    EighForward,

    /// <summary>A tangent of a matrix.</summary>
    SvdForward,
}

/// <summary>
/// One over the gaps between values: 1 / (l_j - l_i), the factor of the symmetric part of X (see above), and, for singular values, 1 / (s_i + s_j).
/// All are zero where values are equal, but for the second. Inputs are the values, their gradients, X, and what turns the sides against each other.
/// </summary>
internal readonly record struct ValueGaps(EqualKind Kind) : IMultiOutput
{
    private bool IsForward => Kind >= EqualKind.EighForward;

    private bool HasSides => Kind is EqualKind.Svd or EqualKind.SvdForward;

    public static bool ReadsInput(int input) => input == 0;

    public static bool ReadsResult(int result) => true;

    public TensorType[] Infer(TensorType[] inputs) => [.. Enumerable.Repeat(inputs[2], HasSides ? 3 : 2)];

    public Tensor[] Apply(Tensor[] inputs)
    {
        var n = inputs[0].Layout.Sizes[^1];
        var dtype = inputs[0].DType;
        Tensor[] results = [.. Infer(Array.ConvertAll(inputs, TensorType.Of)).Select(type => Op.Fresh(Layout.Dense(type.Layout.Sizes), dtype))];
        var infos = MatrixBatch.Fresh(inputs[2], 2, DType.Int32);
        MatrixBatch.Run(
            new Job(this, n), dtype, MatrixBatch.Count(inputs[2].Layout.Sizes), 8.0 * n * n, [.. inputs.Select(Op.Contiguous), .. results, infos]);
        EqualValues.ThrowIfRefused(infos, Kind);
        return results;
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        Tensor? made = null;
        if (gradients[0] is { } g)
        {
            var moved = g * results[0]!.Square();
            made = moved.Sum(-1) - moved.Sum(-2);
        }

        if (gradients[1] is { } share)
        {
            made = Formulas.Sum(made, EqualValues.Refuse(results[1]! * share, Kind));
        }

        if (gradients.Length > 2 && gradients[2] is { } against)
        {
            var moved = against * results[2]!.Square();
            made = Formulas.Sum(made, -(moved.Sum(-1) + moved.Sum(-2)));
        }

        return [made, .. new Tensor?[inputs.Length - 1]];
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        if (tangents[0] is not { } t)
        {
            return new Tensor?[results.Length];
        }

        var (column, row) = (t.Unsqueeze(-1), t.Unsqueeze(-2));
        var refused = EqualValues.Refuse(results[1] * (column.Abs() + row.Abs()), Kind).Unsqueeze(-1).Expand(results[1].Layout.Sizes);
        var gaps = (column - row) * results[0].Square();
        return HasSides ? [gaps, refused, -(column + row) * results[2].Square()] : [gaps, refused];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    private readonly record struct Job(ValueGaps Of, int Order) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var inputs = Of.HasSides ? 4 : 3;
            for (var member = first; member < first + count; member++)
            {
                T* values = operands.At<T>(0, member), slopes = operands.At<T>(1, member);
                var x = operands.Matrix<T>(2, member, Order, Order);
                var gaps = operands.Matrix<T>(inputs, member, Order, Order);
                var shares = operands.Matrix<T>(inputs + 1, member, Order, Order);
                var equal = EqualValues.Tolerance(values, Order);
                for (var i = 0; i < Order; i++)
                {
                    gaps[i, i] = T.Zero;
                    var isEqual = true;
                    for (var j = i + 1; j < Order; j++)
                    {
                        isEqual &= T.Abs(values[j] - values[j - 1]) <= equal;
                        var inverse = isEqual ? T.Zero : T.One / (values[j] - values[i]);
                        gaps[i, j] = inverse;
                        gaps[j, i] = -inverse;
                    }
                }

                shares.Fill(T.Zero);
                var info = Of.IsForward ? Forward(values, x, equal) : Reverse(values, slopes, x, shares, equal);
                if (Of.HasSides)
                {
                    var against = operands.Matrix<T>(3, member, Order, Order);
                    info = Math.Max(info, Sides(values, slopes, x, against, operands.Matrix<T>(inputs + 2, member, Order, Order), equal));
                }

                *operands.At<int>(Of.HasSides ? 7 : 5, member) = info;
            }
        }

        private unsafe int Forward<T>(T* values, MatrixView<T> x, T equal)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var slack = EqualValues.Slack<T>() * EqualValues.Largest(x);
            for (var i = 0; i < Order; i++)
            {
                for (var j = i + 1; j < Order && T.Abs(values[j] - values[j - 1]) <= equal; j++)
                {
                    if (T.Abs(x[i, j] + x[j, i]) > slack)
                    {
                        return EqualValues.Gauge;
                    }
                }
            }

            return 0;
        }

        private unsafe int Reverse<T>(T* values, T* slopes, MatrixView<T> x, MatrixView<T> shares, T equal)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            T steepest = EqualValues.Largest(new MatrixView<T>(slopes, 1, Order)), most = EqualValues.Largest(new MatrixView<T>(values, 1, Order));
            var slack = EqualValues.Slack<T>() * T.Max(EqualValues.Largest(x), steepest * most);
            var slackOfSlopes = EqualValues.Slack<T>() * steepest;
            for (var from = 0; from < Order;)
            {
                var to = from + 1;
                while (to < Order && T.Abs(values[to] - values[to - 1]) <= equal)
                {
                    to++;
                }

                if (to - from > 1)
                {
                    for (var i = from; i < to; i++)
                    {
                        for (var j = i + 1; j < to; j++)
                        {
                            if (T.Abs(x[i, j] - x[j, i]) > slack + slack)
                            {
                                return EqualValues.Gauge;
                            }
                        }
                    }

                    // Singular values that are zero are judged with both sides.
                    var isZero = Of.HasSides && T.Abs(values[from]) <= equal;
                    if (!isZero && !Share(from, to, slopes, x, shares, slack, slackOfSlopes))
                    {
                        return EqualValues.Undetermined;
                    }
                }

                from = to;
            }

            return 0;
        }

        /// <summary>Finds in which proportion the rest of X counts.</summary>
        private static unsafe bool Share<T>(int from, int to, T* slopes, MatrixView<T> x, MatrixView<T> shares, T slack, T slackOfSlopes)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            T product = T.Zero, square = T.Zero;
            bool isFlat = true, isSteep = false;
            for (var i = from; i < to; i++)
            {
                isSteep |= T.Abs(slopes[i]) > slackOfSlopes;
                product += slopes[i] * x[i, i];
                square += x[i, i] * x[i, i];
                isFlat &= T.Abs(slopes[i] - slopes[from]) <= slackOfSlopes;
            }

            var share = isSteep && square > slack * slack ? product / square : T.Zero;
            var isShared = !T.IsZero(share);
            for (var i = from; i < to; i++)
            {
                isShared &= T.Abs(slopes[i] - (share * x[i, i])) <= slackOfSlopes;
            }

            for (var i = from; i < to && isShared; i++)
            {
                for (var j = from; j < to; j++)
                {
                    shares[i, j] = i == j ? T.Zero : share;
                }
            }

            return isShared || isFlat;
        }

        private unsafe int Sides<T>(T* values, T* slopes, MatrixView<T> x, MatrixView<T> against, MatrixView<T> sums, T equal)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var steepest = EqualValues.Slack<T>() * EqualValues.Largest(new MatrixView<T>(slopes, 1, Order));
            var slack = EqualValues.Slack<T>() * T.Max(EqualValues.Largest(x), EqualValues.Largest(against));
            slack = T.Max(slack, steepest * EqualValues.Largest(new MatrixView<T>(values, 1, Order)));
            var info = 0;
            for (var i = 0; i < Order; i++)
            {
                sums[i, i] = T.Zero;
                for (var j = i + 1; j < Order; j++)
                {
                    var sum = values[i] + values[j];
                    var areZero = T.Max(T.Abs(values[i]), T.Abs(values[j])) <= equal;
                    sums[i, j] = sums[j, i] = areZero ? T.Zero : T.One / sum;
                    if (areZero)
                    {
                        var isSeen = T.Abs(against[i, j] - against[j, i]) > slack + slack;
                        var isSteep = !Of.IsForward && T.Max(T.Abs(slopes[i]), T.Abs(slopes[j])) > steepest;
                        info = Math.Max(info, isSeen ? EqualValues.Gauge : isSteep ? EqualValues.Undetermined : 0);
                    }
                }
            }

            return info;
        }
    }
}

/// <summary>
/// One over singular values, and zero for those that are zero: the turning of vectors out of the space that they span. Inputs are the values, their
/// gradients, what is seen of the turning, (*, k, m), and how further vectors are seen to turn among themselves, which nothing determines.
/// </summary>
internal readonly record struct ValueInverses(EqualKind Kind) : IMultiOutput
{
    public static bool ReadsResult(int result) => true;

    public TensorType[] Infer(TensorType[] inputs) => [inputs[0]];

    public Tensor[] Apply(Tensor[] inputs)
    {
        var (k, m, free) = (inputs[2].Layout.Sizes[^2], inputs[2].Layout.Sizes[^1], inputs[3].Layout.Sizes[^1]);
        var made = Op.Fresh(Layout.Dense(inputs[0].Layout.Sizes), inputs[0].DType);
        var infos = MatrixBatch.Fresh(inputs[2], 2, DType.Int32);
        MatrixBatch.Run(
            new Job(Kind == EqualKind.SvdForward, k, m, free), made.DType, MatrixBatch.Count(inputs[2].Layout.Sizes), (2.0 * k * m) + (free * free),
            [.. inputs.Select(Op.Contiguous), made, infos]);
        EqualValues.ThrowIfRefused(infos, Kind);
        return [made];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) =>
        [-gradients[0]! * results[0]!.Square(), null, null, null];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) =>
        [tangents[0] is { } t ? -t * results[0].Square() : null];

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    private readonly record struct Job(bool IsForward, int Order, int Size, int Free) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            for (var member = first; member < first + count; member++)
            {
                T* values = operands.At<T>(0, member), slopes = operands.At<T>(1, member), made = operands.At<T>(4, member);
                var seen = operands.Matrix<T>(2, member, Order, Size);
                var free = operands.Matrix<T>(3, member, Free, Free);
                var equal = EqualValues.Tolerance(values, Order);
                var slack = EqualValues.Slack<T>();
                var steepest = EqualValues.Largest(new MatrixView<T>(slopes, 1, Order)) * slack;
                var most = EqualValues.Largest(new MatrixView<T>(values, 1, Order));
                var seenMost = slack * T.Max(EqualValues.Largest(seen), EqualValues.Largest(free));
                seenMost = T.Max(seenMost, steepest * most);
                var info = 0;
                for (var i = 0; i < Order; i++)
                {
                    var isZero = T.Abs(values[i]) <= equal;
                    made[i] = isZero ? T.Zero : T.One / values[i];
                    if (isZero)
                    {
                        var row = EqualValues.Largest(new MatrixView<T>(seen.At(i, 0), 1, Size));
                        info = Math.Max(info, row > seenMost ? EqualValues.Gauge : 0);
                        info = Math.Max(info, !IsForward && T.Abs(slopes[i]) > steepest ? EqualValues.Undetermined : 0);
                    }
                }

                for (var i = 0; i < Free; i++)
                {
                    for (var j = 0; j < i; j++)
                    {
                        info = T.Abs(free[i, j] - free[j, i]) > seenMost ? EqualValues.Free : info;
                    }
                }

                *operands.At<int>(5, member) = info;
            }
        }
    }
}

/// <summary>The gradients of values, which must be zero where a value is equal to another one; zeros, or an error.</summary>
internal readonly record struct RefusedShares(EqualKind Kind) : IMultiOutput
{
    public TensorType[] Infer(TensorType[] inputs) =>
        [inputs[0].With(inputs[0].Layout.Sizes[..^1])];

    public Tensor[] Apply(Tensor[] inputs)
    {
        foreach (var share in inputs[0].Detach().To(DType.Float64).ToArray<double>())
        {
            if (share != 0)
            {
                throw new AutogradException(EqualValues.Sentence(EqualValues.Undetermined, Kind));
            }
        }

        return [Op.Zeroed(Layout.Dense(inputs[0].Layout.Sizes[..^1]), inputs[0].DType)];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) => [null];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [null];

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);
}

/// <summary>When values count as equal, and what is said where that leaves a derivative open.</summary>
internal static unsafe class EqualValues
{
    /// <summary>The vectors of equal values are seen one by one.</summary>
    public const int Gauge = 2;

    /// <summary>The gradient beside the diagonal is not known.</summary>
    public const int Undetermined = 1;

    /// <summary>Vectors beyond the singular values are seen one by one.</summary>
    public const int Free = 3;

    /// <summary>Values that differ by less are equal: the rounding of a backward stable algorithm.</summary>
    public static T Tolerance<T>(T* values, int count)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Largest(new MatrixView<T>(values, 1, count)) * Precise<T>.Epsilon * T.CreateTruncating(2 * Math.Max(8, count));

    /// <summary>The part of the largest that counts as nothing.</summary>
    public static T Slack<T>()
        where T : unmanaged, IFloatingPointIeee754<T> => T.Sqrt(Precise<T>.Epsilon);

    public static T Largest<T>(MatrixView<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var largest = T.Zero;
        for (var i = 0; i < x.Rows; i++)
        {
            for (var j = 0; j < x.Columns; j++)
            {
                largest = T.MaxNumber(largest, T.Abs(x[i, j]));
            }
        }

        return largest;
    }

    /// <summary>Zeros for each row of a matrix that must be zero.</summary>
    public static Tensor Refuse(Tensor shares, EqualKind kind) => Op.MultiOutput(new RefusedShares(kind), shares)[0];

    public static void ThrowIfRefused(Tensor infos, EqualKind kind)
    {
        var values = infos.Storage.AsSpan<int>().Slice((int)infos.Layout.Offset, (int)infos.Layout.Count);
        var member = values.IndexOfAnyExcept(0);
        if (member >= 0)
        {
            var where = infos.Rank > 0 ? string.Create(CultureInfo.InvariantCulture, $" This is batch element {member}.") : string.Empty;
            throw new AutogradException(Sentence(values[member], kind) + where);
        }
    }

    public static string Sentence(int info, EqualKind kind) => (kind, info) switch
    {
        (EqualKind.Eigh, Gauge) =>
            "linalg_eigh_backward: The eigenvectors of equal eigenvalues are specified up to a rotation. The specified loss function depends on this " +
            "quantity, so it is ill-defined. Let it depend on the space that they span, as V V' of their columns does, or on a function of the matrix.",
        (EqualKind.Svd, Gauge) =>
            "svd_backward: The singular vectors of equal singular values are specified up to a rotation. The specified loss function depends on this " +
            "quantity, making it ill-defined. Let it depend on the spaces that they span, or on a function of the matrix.",
        (_, Free) =>
            "svd_backward: The singular vectors beyond the singular values are specified up to a rotation. The specified loss function depends on this " +
            "quantity, making it ill-defined. Let it depend on the space that they span, as U U' of their columns does, or use fullMatrices: false.",
        (EqualKind.Eigh, _) =>
            "linalg_eigh_backward: Eigenvalues are equal, and the gradients of the eigenvalues and eigenvectors do not determine that of the matrix. " +
            "Take eigenvalues from Linalg.Eigvalsh where the loss has a part that depends on them alone.",
        (EqualKind.Svd, _) =>
            "svd_backward: Singular values are equal or zero, and the gradients of the singular values and vectors do not determine that of the matrix. " +
            "Take singular values from Linalg.Svdvals where the loss has a part that depends on them alone.",
        (EqualKind.EighForward, _) =>
            "linalg_eigh_jvp: Eigenvalues are equal along a direction that makes them differ, so that their eigenvectors have no derivative. Use reverse " +
            "mode if what is made of them has one, or Linalg.Eigvalsh if only eigenvalues are needed.",
        _ =>
            "svd_jvp: Singular values are equal or zero along a direction that makes them differ, so that their singular vectors have no derivative. Use " +
            "reverse mode if what is made of them has one, or Linalg.Svdvals if only singular values are needed.",
    };
}
