using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>A matrix product, or a batch of them, cut into parts that several threads take one after another.</summary>
internal unsafe struct GemmJob<T, TTile>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TTile : struct, ITile<T>
{
    private GemmCall<T> _call;
    private GemmPath _path;
    private int _partsM, _partsN, _unitM, _unitN;
    private int _batch, _parts;
    private nint _stepA, _stepB, _stepC;

    /// <summary>One product, cut along rows and columns of C at multiples of the units.</summary>
    public static void Run(in GemmCall<T> call, GemmPath path, int threads, int unitM, int unitN)
    {
        var job = new GemmJob<T, TTile> { _call = call, _path = path, _unitM = unitM, _unitN = unitN };
        (job._partsM, job._partsN) = Grid(call.M, call.N, threads, unitM, unitN);
        job._parts = job._partsM * job._partsN;
        Team.Run(&Part, &job, job._parts);
    }

    /// <summary>A batch of products, cut along the batch.</summary>
    public static void RunBatch(
        in GemmCall<T> call, GemmPath path, int threads, int batch, nint stepA, nint stepB, nint stepC)
    {
        var job = new GemmJob<T, TTile>
        {
            _call = call, _path = path, _batch = batch, _stepA = stepA, _stepB = stepB, _stepC = stepC,
            _parts = (int)Math.Min(batch, 4L * threads),
        };
        Team.Run(&Part, &job, job._parts);
    }

    // The grid with the least work in its largest part. A part packs its own operands: a row or column costs about as
    // much as this many of its elements.
    private static (int PartsM, int PartsN) Grid(int m, int n, int threads, int unitM, int unitN)
    {
        const long packing = 16;
        var (best, bestCost) = (1, long.MaxValue);
        for (var partsM = 1; partsM <= threads; partsM++)
        {
            var rows = Largest(m, partsM, unitM);
            var columns = Largest(n, threads / partsM, unitN);
            var cost = rows * columns + packing * (rows + columns);
            if (cost < bestCost)
            {
                (best, bestCost) = (partsM, cost);
            }
        }

        return (best, threads / best);
    }

    private static long Largest(int length, int parts, int unit)
    {
        var units = ((long)length + unit - 1) / unit;
        return (units + parts - 1) / parts * unit;
    }

    // Where part `index` of `parts` begins.
    private static int Edge(int length, int unit, int parts, int index)
    {
        var units = ((long)length + unit - 1) / unit;
        return (int)Math.Min(length, units * index / parts * unit);
    }

    private static void Part(void* context, int part) => ((GemmJob<T, TTile>*)context)->Part(part);

    private readonly void Part(int part)
    {
        if (_batch > 0)
        {
            var end = Edge(_batch, 1, _parts, part + 1);
            for (var i = Edge(_batch, 1, _parts, part); i < end; i++)
            {
                var call = _call;
                call.A += i * _stepA;
                call.B += i * _stepB;
                call.C += i * _stepC;
                Gemm.Serial<T, TTile>(_path, call);
            }

            return;
        }

        var (i0, j0) = (part / _partsN, part % _partsN);
        var row = Edge(_call.M, _unitM, _partsM, i0);
        var rows = Edge(_call.M, _unitM, _partsM, i0 + 1) - row;
        var column = Edge(_call.N, _unitN, _partsN, j0);
        var columns = Edge(_call.N, _unitN, _partsN, j0 + 1) - column;
        if (rows > 0 && columns > 0)
        {
            Gemm.Serial<T, TTile>(_path, _call.Block(row, rows, column, columns));
        }
    }
}
