using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// Elements along a dimension picked by their order, with their positions: what sort and top-k have in common. Gradients go back to the positions.
/// </summary>
internal static class Ordering
{
    /// <summary>The first elements in order, and where they were.</summary>
    /// <param name="x">The tensor; it has the dimension.</param>
    /// <param name="dim">The dimension.</param>
    /// <param name="count">How many.</param>
    /// <param name="descending">Largest first.</param>
    public static unsafe Tensor[] First(Tensor x, int dim, int count, bool descending)
    {
        if (x.DType is { IsNarrow: true, IsFloatingPoint: false } stored)
        {
            var wide = First(Op.Wide(x), dim, count, descending);
            return [Op.Convert(wide[0], stored), wide[1]];
        }

        var rows = Op.Contiguous(new Permute(LastIs(dim, x.Rank)).Apply(x));
        var length = rows.Layout.Sizes[^1];
        int[] sizes = [.. rows.Layout.Sizes[..^1], count];
        var (values, positions) = (Op.Fresh(Layout.Dense(sizes), x.DType), Op.Fresh(Layout.Dense(sizes), DType.Int64));
        if (values.Layout.Count > 0)
        {
            using var pins = new Pins(rows, values, positions);
            var job = new Job
            {
                From = pins[0], Values = pins[1], Positions = (long*)pins[2], Rows = values.Layout.Count / count, Length = length, Count = count,
                Descending = descending,
            };
            x.DType.Visit(ref job);
        }

        return [Back(values, dim), Back(positions, dim)];
    }

    /// <summary>Elements of zeros at positions: the gradient of the tensor from that of what was picked.</summary>
    public static Tensor? Pull(Tensor? g, Shape input, Tensor positions, int dim, AlongCall call) =>
        g is null ? null : Op.Indexed(new PutAlong(dim, input.Sizes, call), g, positions);

    /// <summary>A scalar has one dimension here.</summary>
    public static (Tensor X, int Dim) AtLeastOne(Tensor x, int dim) => x.Rank > 0 ? (x, x.Layout.Dim(dim)) : (x.Reshape(1), x.Layout.Dim(dim));

    private static int[] LastIs(int dim, int rank) => [.. Enumerable.Range(0, rank).Where(d => d != dim), dim];

    /// <summary>The last dimension back in its place, in memory of its own.</summary>
    private static Tensor Back(Tensor made, int dim)
    {
        int[] order = [.. Enumerable.Range(0, dim), made.Rank - 1, .. Enumerable.Range(dim, made.Rank - 1 - dim)];
        return Op.Contiguous(new Permute(order).Apply(made)).Owned();
    }

    private unsafe struct Job : IDTypeJob
    {
        public byte* From;
        public byte* Values;
        public long* Positions;
        public nint Rows;
        public int Length;
        public int Count;
        public bool Descending;

        readonly void IDTypeJob.Truth() => Run<byte, WholeKey<byte>>();

        readonly void IDTypeJob.Whole<T>() => Run<T, WholeKey<T>>();

        readonly void IDTypeJob.Real<S, T, C>() => Run<S, RealKey<S, T, C>>();

        private readonly void Run<T, K>()
            where T : unmanaged
            where K : struct, ISortKey<T>
        {
            var (keys, places) = (new ulong[Length], new int[Length]);
            for (nint row = 0; row < Rows; row++)
            {
                var from = (T*)From + (row * Length);
                SortRows.Order<T, K>(from, keys, places, Descending);
                for (var i = 0; i < Count; i++)
                {
                    ((T*)Values)[(row * Count) + i] = from[places[i]];
                    Positions[(row * Count) + i] = places[i];
                }
            }
        }
    }
}
