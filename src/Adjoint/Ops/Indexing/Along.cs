using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>What is done with an element of a table and the value that belongs to it.</summary>
internal enum AlongMove
{
    /// <summary>The value becomes the element.</summary>
    Take,

    /// <summary>The element becomes the value; where several are put, the last one stays.</summary>
    Put,

    /// <summary>The value is added.</summary>
    Sum,

    /// <summary>The element is multiplied by the value.</summary>
    Prod,

    /// <summary>The larger of both stays.</summary>
    Max,

    /// <summary>The smaller of both stays.</summary>
    Min,
}

/// <summary>
/// The loop that gathers and scatters share: each position names an element of the table along one dimension, and a value belongs to it.
/// Positions may repeat themselves along a dimension, as those of whole rows do; then rows are moved at once. Each position is held against
/// the table where it is used, because hooks may have changed what was checked before.
/// </summary>
internal static unsafe class Along
{
    /// <summary>For each position: reads an element of <paramref name="table"/>, or adds to it.</summary>
    /// <exception cref="TensorIndexException">A position is out of range.</exception>
    public static void Move(Tensor table, Tensor positions, int dim, Tensor values, bool put) =>
        Run(put ? AlongMove.Sum : AlongMove.Take, table, positions, dim, values, AlongCall.Gather);

    /// <summary>Runs a move over all positions.</summary>
    /// <param name="move">The move.</param>
    /// <param name="table">The table.</param>
    /// <param name="positions">int64, with the dimensions of the table.</param>
    /// <param name="dim">The dimension that positions are of.</param>
    /// <param name="values">The values, no fewer than positions in each dimension.</param>
    /// <param name="call">Who asks, which decides the words and whether positions may count from the end.</param>
    /// <exception cref="TensorIndexException">A position is out of range.</exception>
    /// <exception cref="ShapeException">Positions do not fit the table or the values.</exception>
    public static void Run(AlongMove move, Tensor table, Tensor positions, int dim, Tensor values, AlongCall call)
    {
        Guard.DTypes(table.DType, table, values);
        Guard.DTypes(DType.Int64, positions);
        if (table.DType is { IsNarrow: true, IsFloatingPoint: false } && move is not (AlongMove.Take or AlongMove.Put))
        {
            var wide = Op.Wide(table);
            Run(move, wide, positions, dim, Op.Wide(values), call);
            Op.CopyInto(wide, table);
            return;
        }

        var (t, p, v) = (Lined(table.Layout), Lined(positions.Layout), Lined(values.Layout));
        Check(t.Sizes, p.Sizes, v.Sizes, dim);
        if (p.Count == 0)
        {
            return;
        }

        fixed (byte* pt = &table.Storage.Origin, pp = &positions.Storage.Origin, pv = &values.Storage.Origin)
        {
            var walk = new AlongWalk(t, p, v, dim, call)
            {
                Table = pt + (t.Offset * table.DType.ItemSize),
                Positions = (long*)pp + p.Offset,
                Values = pv + (v.Offset * values.DType.ItemSize),
            };
            if (move is AlongMove.Take or AlongMove.Put)
            {
                Moved(move == AlongMove.Take, table.DType.ItemSize, walk);
            }
            else
            {
                var job = new FoldJob { Move = move, Walk = walk };
                table.DType.Visit(ref job);
            }
        }

        GC.KeepAlive(table);
        GC.KeepAlive(positions);
        GC.KeepAlive(values);
    }

    /// <summary>A scalar is a line of one element.</summary>
    private static Layout Lined(Layout layout) => layout.Rank > 0 ? layout : new Layout([1], [1], layout.Offset);

    private static void Moved(bool takes, int size, AlongWalk walk)
    {
        switch (size)
        {
            case 1:
                Chosen<byte>(takes, walk);
                break;
            case 2:
                Chosen<ushort>(takes, walk);
                break;
            case 4:
                Chosen<uint>(takes, walk);
                break;
            case 8:
                Chosen<ulong>(takes, walk);
                break;
            default:
                throw new NotSupportedException($"Elements of {size} bytes are not moved.");
        }
    }

    private static void Chosen<S>(bool takes, AlongWalk walk)
        where S : unmanaged
    {
        if (takes)
        {
            Divide<S, TakeStep<S>>(walk, isFree: true);
        }
        else
        {
            Divide<S, PutStep<S>>(walk, isFree: false);
        }
    }

    /// <summary>Positions reach no further than the table does beside the dimension, nor than the values.</summary>
    private static void Check(int[] table, int[] positions, int[] values, int dim)
    {
        var fits = table.Length == positions.Length && values.Length == positions.Length;
        for (var d = 0; fits && d < positions.Length; d++)
        {
            fits = positions[d] <= values[d] && (d == dim || positions[d] <= table[d]);
        }

        if (!fits)
        {
            throw new ShapeException(
                $"Expected index {Shape.Text(positions)} to be smaller than self {Shape.Text(table)} apart from dimension {dim} and to be smaller " +
                $"size than src {Shape.Text(values)}");
        }
    }

    /// <summary>Runs all lines, on several threads where no two of them can meet in the table.</summary>
    private static void Divide<S, K>(AlongWalk walk, bool isFree)
        where S : unmanaged
        where K : struct, IAlongStep<S>
    {
        var (lines, length) = (walk.Lines, walk.Length);
        if ((isFree || (walk.IsInner && lines > 1)) && lines * length >= Work.SharedFrom(Work.Single, sizeof(S)))
        {
            var parts = (int)Math.Min(lines > 1 ? lines : length, 2 * Team.MaxThreads);
            Team.Run(parts, isLarge: true, part =>
            {
                if (lines > 1)
                {
                    Lines<S, K>(walk, lines * part / parts, lines * (part + 1) / parts, 0, length);
                }
                else
                {
                    Lines<S, K>(walk, 0, 1, length * part / parts, length * (part + 1) / parts);
                }
            });
            return;
        }

        Lines<S, K>(walk, 0, lines, 0, length);
    }

    /// <summary>Runs some lines, each from one element to another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Lines<S, K>(AlongWalk walk, nint from, nint to, nint first, nint end)
        where S : unmanaged
        where K : struct, IAlongStep<S>
    {
        var size = walk.Size;
        var (tableStep, positionStep, valueStep, stride) = (walk.TableStep, walk.PositionStep, walk.ValueStep, walk.Stride);
        for (var line = from; line < to; line++)
        {
            walk.Seek(line, out var ofTable, out var ofPositions, out var ofValues);
            S* t = (S*)walk.Table + ofTable + (first * tableStep), v = (S*)walk.Values + ofValues + (first * valueStep);
            var p = walk.Positions + ofPositions + (first * positionStep);
            if (positionStep == 0)
            {
                K.Row(t + (walk.At(*p, size) * stride), tableStep, v, valueStep, end - first);
                continue;
            }

            for (var i = first; i < end; i++)
            {
                var position = (nint)(*p);
                if ((nuint)position >= (nuint)size)
                {
                    position = walk.At(*p, size);
                }

                K.Do(t + (position * stride), v);
                t += tableStep;
                p += positionStep;
                v += valueStep;
            }
        }
    }

    private interface IAlongStep<S>
        where S : unmanaged
    {
        static abstract void Do(S* element, S* value);

        static abstract void Row(S* elements, nint step, S* values, nint valueStep, nint count);
    }

    private readonly struct TakeStep<S> : IAlongStep<S>
        where S : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Do(S* element, S* value) => *value = *element;

        public static void Row(S* elements, nint step, S* values, nint valueStep, nint count) =>
            CopyRow(elements, step, values, valueStep, count);
    }

    private readonly struct PutStep<S> : IAlongStep<S>
        where S : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Do(S* element, S* value) => *element = *value;

        public static void Row(S* elements, nint step, S* values, nint valueStep, nint count) =>
            CopyRow(values, valueStep, elements, step, count);
    }

    private static void CopyRow<S>(S* from, nint step, S* to, nint toStep, nint count)
        where S : unmanaged
    {
        if (step == 1 && toStep == 1)
        {
            Buffer.MemoryCopy(from, to, count * sizeof(S), count * sizeof(S));
            return;
        }

        for (nint i = 0; i < count; i++)
        {
            to[i * toStep] = from[i * step];
        }
    }

    /// <summary>Elements in the type that they are computed with are joined, and stored.</summary>
    private readonly struct FoldStep<S, T, C, F> : IAlongStep<S>
        where S : unmanaged
        where C : struct, IStored<S, T>
        where F : struct, IJoined<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Do(S* element, S* value) => *element = C.Narrow(F.Join(C.Widen(*element), C.Widen(*value)));

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Row(S* elements, nint step, S* values, nint valueStep, nint count)
        {
            nint i = 0;
            if (F.IsSum && typeof(S) == typeof(T) && step == 1 && valueStep == 1)
            {
                for (; i <= count - Vector<S>.Count; i += Vector<S>.Count)
                {
                    Vector.Store(Vector.Load(elements + i) + Vector.Load(values + i), elements + i);
                }
            }

            for (; i < count; i++)
            {
                Do(elements + (i * step), values + (i * valueStep));
            }
        }
    }

    private interface IJoined<T>
    {
        static virtual bool IsSum => false;

        static abstract T Join(T a, T b);
    }

    private readonly struct Sum<T> : IJoined<T>
        where T : INumber<T>
    {
        public static bool IsSum => true;

        public static T Join(T a, T b) => a + b;
    }

    private readonly struct Prod<T> : IJoined<T>
        where T : INumber<T>
    {
        public static T Join(T a, T b) => a * b;
    }

    // NaN stays, as in PyTorch.
    private readonly struct Max<T> : IJoined<T>
        where T : INumber<T>
    {
        public static T Join(T a, T b) => T.Max(a, b);
    }

    private readonly struct Min<T> : IJoined<T>
        where T : INumber<T>
    {
        public static T Join(T a, T b) => T.Min(a, b);
    }

    /// <summary>Finds the loop that joins. Sums of truth values are whether any holds, products whether all do.</summary>
    private struct FoldJob : IDTypeJob
    {
        public AlongMove Move;
        public AlongWalk Walk;

        readonly void IDTypeJob.Truth()
        {
            if (Move is AlongMove.Sum or AlongMove.Max)
            {
                Fold<byte, byte, AsStored<byte>, Max<byte>>();
            }
            else
            {
                Fold<byte, byte, AsStored<byte>, Min<byte>>();
            }
        }

        readonly void IDTypeJob.Whole<T>() => Find<T, T, AsStored<T>>();

        readonly void IDTypeJob.Real<S, T, C>() => Find<S, T, C>();

        private readonly void Find<S, T, C>()
            where S : unmanaged
            where T : unmanaged, INumber<T>
            where C : struct, IStored<S, T>
        {
            switch (Move)
            {
                case AlongMove.Sum:
                    Fold<S, T, C, Sum<T>>();
                    break;
                case AlongMove.Prod:
                    Fold<S, T, C, Prod<T>>();
                    break;
                case AlongMove.Max:
                    Fold<S, T, C, Max<T>>();
                    break;
                default:
                    Fold<S, T, C, Min<T>>();
                    break;
            }
        }

        private readonly void Fold<S, T, C, F>()
            where S : unmanaged
            where C : struct, IStored<S, T>
            where F : struct, IJoined<T> => Divide<S, FoldStep<S, T, C, F>>(Walk, isFree: false);
    }
}

/// <summary>How positions, values and the table are walked together: lines along an inner dimension, the others counted.</summary>
internal unsafe struct AlongWalk
{
    public byte* Table;
    public long* Positions;
    public byte* Values;

    private readonly int _dim;
    private readonly AlongCall _call;
    private readonly int[] _sizes;
    private readonly nint[] _table;
    private readonly nint[] _positions;
    private readonly nint[] _values;

    public AlongWalk(Layout table, Layout positions, Layout values, int dim, AlongCall call)
    {
        var sizes = positions.Sizes;
        var inner = sizes.Length - 1;
        for (var d = 0; d < sizes.Length - 1 && sizes[^1] < 8; d++)
        {
            inner = sizes[d] > sizes[inner] ? d : inner;
        }

        (_dim, _call, Size, Stride) = (dim, call, table.Sizes[dim], table.Strides[dim]);
        (Length, PositionStep, ValueStep) = (sizes[inner], positions.Strides[inner], values.Strides[inner]);
        (TableStep, IsInner) = (inner == dim ? 0 : table.Strides[inner], inner == dim);
        int[] others = [.. Enumerable.Range(0, sizes.Length).Where(d => d != inner)];
        _sizes = Array.ConvertAll(others, d => sizes[d]);
        _table = Array.ConvertAll(others, d => d == dim ? 0 : table.Strides[d]);
        _positions = Array.ConvertAll(others, d => positions.Strides[d]);
        _values = Array.ConvertAll(others, d => values.Strides[d]);
        Lines = (nint)Shape.Product(_sizes);
    }

    /// <summary>How many lines there are, and elements in each.</summary>
    public nint Lines { get; }

    public nint Length { get; }

    /// <summary>The size of the dimension that positions are of, and the stride of the table there.</summary>
    public nint Size { get; }

    public nint Stride { get; }

    /// <summary>From one element of a line to the next.</summary>
    public nint TableStep { get; }

    public nint PositionStep { get; }

    public nint ValueStep { get; }

    /// <summary>Whether lines run along the dimension that positions are of, so that each line has elements of the table for itself.</summary>
    public bool IsInner { get; }

    /// <summary>Where a line begins.</summary>
    public readonly void Seek(nint line, out nint table, out nint positions, out nint values)
    {
        (table, positions, values) = (0, 0, 0);
        for (var d = _sizes.Length - 1; d >= 0; d--)
        {
            (line, var at) = Math.DivRem(line, _sizes[d]);
            table += at * _table[d];
            positions += at * _positions[d];
            values += at * _values[d];
        }
    }

    /// <summary>A position that the table has.</summary>
    /// <exception cref="TensorIndexException">It has not.</exception>
    public readonly nint At(long position, nint size)
    {
        if ((ulong)position < (ulong)size)
        {
            return (nint)position;
        }

        return position < 0 && position >= -size && _call is AlongCall.Take or AlongCall.IndexFill or AlongCall.IndexFillNumber
            ? (nint)(position + size)
            : throw Outside(position, size);
    }

    private readonly TensorIndexException Outside(long position, nint size) => new(_call switch
    {
        AlongCall.Take => FormattableString.Invariant($"out of range: tried to access index {position} on a tensor of {size} elements."),
        AlongCall.IndexSelect or AlongCall.IndexAdd => FormattableString.Invariant(
            $"index out of range in self. Position {position} was asked of dimension {_dim} with size {size}."),
        AlongCall.IndexCopy => FormattableString.Invariant(
            $"index_copy_(): index {position} is out of bounds for dimension {_dim} with size {size}"),
        _ => FormattableString.Invariant($"index {position} is out of bounds for dimension {_dim} with size {size}"),
    });
}
