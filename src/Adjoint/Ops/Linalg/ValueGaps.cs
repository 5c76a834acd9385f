using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

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
