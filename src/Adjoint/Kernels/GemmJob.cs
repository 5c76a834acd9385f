using System.Numerics;
using System.Runtime.ExceptionServices;

namespace Adjoint.Kernels;

/// <summary>A matrix product, or a batch of them, cut into parts that several threads take one after another.</summary>
/// <remarks>
/// The caller works too and waits only for parts that a thread has begun, so a busy thread pool slows it down but
/// cannot stop it. A thread that comes too late finds no part left. The job is used again once the last thread has let
/// go of it, which is why a call allocates nothing in the long run.
/// </remarks>
internal sealed unsafe class GemmJob<T, TTile> : IThreadPoolWorkItem
    where T : unmanaged, IFloatingPointIeee754<T>
    where TTile : struct, ITile<T>
{
    private static readonly GemmJob<T, TTile>?[] s_spare = new GemmJob<T, TTile>?[8];

    private readonly object _gate = new();
    private GemmCall<T> _call;
    private GemmPath _path;
    private int _partsM, _partsN, _unitM, _unitN;
    private int _batch;
    private nint _stepA, _stepB, _stepC;
    private int _parts, _next, _done, _holders;
    private Exception? _error;

    /// <summary>One product, cut along rows and columns of C at multiples of the units.</summary>
    public static void Run(in GemmCall<T> call, GemmPath path, int threads, int unitM, int unitN)
    {
        var job = Take();
        job._call = call;
        job._path = path;
        job._batch = 0;
        (job._unitM, job._unitN) = (unitM, unitN);
        (job._partsM, job._partsN) = Grid(call.M, call.N, threads, unitM, unitN);
        job.Start(job._partsM * job._partsN, threads);
    }

    /// <summary>A batch of products, cut along the batch.</summary>
    public static void RunBatch(
        in GemmCall<T> call, GemmPath path, int threads, int batch, nint stepA, nint stepB, nint stepC)
    {
        var job = Take();
        job._call = call;
        job._path = path;
        job._batch = batch;
        (job._stepA, job._stepB, job._stepC) = (stepA, stepB, stepC);
        job.Start((int)Math.Min(batch, 4L * threads), threads);
    }

    void IThreadPoolWorkItem.Execute()
    {
        Work();
        Release();
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

    private static GemmJob<T, TTile> Take()
    {
        foreach (ref var slot in s_spare.AsSpan())
        {
            if (slot is not null && Interlocked.Exchange(ref slot, null) is { } job)
            {
                return job;
            }
        }

        return new GemmJob<T, TTile>();
    }

    private void Start(int parts, int threads)
    {
        var others = Math.Min(parts, threads) - 1;
        _parts = parts;
        _next = 0;
        _done = 0;
        _error = null;
        Volatile.Write(ref _holders, others + 1);
        for (var i = 0; i < others; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        Work();
        Wait();
        var error = _error;
        Release();
        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    private void Work()
    {
        for (int part; (part = Interlocked.Increment(ref _next) - 1) < _parts;)
        {
            try
            {
                Part(part);
            }
            catch (OutOfMemoryException error)
            {
                _error = error;
            }

            if (Interlocked.Increment(ref _done) == _parts)
            {
                lock (_gate)
                {
                    Monitor.Pulse(_gate);
                }
            }
        }
    }

    // A few spins first: the other threads' parts are as long as the caller's, so they mostly end together.
    private void Wait()
    {
        var spin = default(SpinWait);
        while (Volatile.Read(ref _done) < _parts)
        {
            if (!spin.NextSpinWillYield)
            {
                spin.SpinOnce();
                continue;
            }

            lock (_gate)
            {
                while (Volatile.Read(ref _done) < _parts)
                {
                    Monitor.Wait(_gate);
                }
            }
        }
    }

    private void Part(int part)
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

    private void Release()
    {
        if (Interlocked.Decrement(ref _holders) > 0)
        {
            return;
        }

        foreach (ref var slot in s_spare.AsSpan())
        {
            if (slot is null && Interlocked.CompareExchange(ref slot, this, null) is null)
            {
                return;
            }
        }
    }
}
