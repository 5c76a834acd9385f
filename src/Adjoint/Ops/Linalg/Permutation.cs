using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// The order of rows that exchanges make, from pivots counted from 1: which row of A is row i of P' A, or, inverse, which row of P' A is row i of A.
/// </summary>
internal readonly record struct Permutation(int Size, bool Inverse) : IWhole
{
    /// <summary>P' x, or P x, for the pivots of a factorisation.</summary>
    public static Tensor Rows(Tensor x, Tensor pivots, bool inverse)
    {
        var order = Op.Whole(new Permutation(x.Layout.Sizes[^2], inverse), pivots.Detach());
        return x.Gather(x.Rank - 2, order.Unsqueeze(-1).Expand(x.Layout.Sizes));
    }

    public TensorType Infer(TensorType x) => x.To(DType.Int64).WithSize(-1, Size);

    public Tensor Apply(Tensor x)
    {
        var pivots = x.ToArray<int>();
        var (batch, most) = (MatrixBatch.Count(x.Layout.Sizes, 1), x.Layout.Sizes[^1]);
        var result = MatrixBatch.Fresh(x, 1, DType.Int64, Size);
        var orders = result.Storage.AsSpan<long>();
        Span<long> order = new long[Size];
        for (var member = 0; member < batch; member++)
        {
            for (var i = 0; i < Size; i++)
            {
                order[i] = i;
            }

            for (var i = 0; i < most; i++)
            {
                var other = pivots[((long)member * most) + i] - 1;
                if ((uint)other >= (uint)Size || i >= Size)
                {
                    throw new LinalgException("pivots must be row numbers counted from 1, as Linalg.LuFactor gives them.");
                }

                (order[i], order[other]) = (order[other], order[i]);
            }

            var to = orders.Slice(member * Size, Size);
            for (var i = 0; i < Size; i++)
            {
                to[Inverse ? (int)order[i] : i] = Inverse ? i : order[i];
            }
        }

        return result;
    }

    public Tensor? Batch(Tensor x) => Op.Whole(this, x);
}
