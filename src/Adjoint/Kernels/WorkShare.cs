using System.Runtime.ExceptionServices;

namespace Adjoint.Kernels;

/// <summary>
/// Numbered parts of one piece of work, which several threads take one after another. Which thread does a part must not matter to its result. The caller
/// works too and waits only for parts that another thread has begun, so that a busy thread pool slows it down but cannot stop it.
/// </summary>
internal sealed class WorkShare : IThreadPoolWorkItem
{
    private readonly object _gate = new();
    private readonly Action<int> _work;
    private readonly int _parts;
    private int _next;
    private int _done;
    private ExceptionDispatchInfo? _error;

    private WorkShare(int parts, Action<int> work)
    {
        _parts = parts;
        _work = work;
    }

    /// <summary>Does all parts, with as many threads as <see cref="Gemm.MaxThreads"/> allows.</summary>
    /// <param name="parts">How many parts.</param>
    /// <param name="isLarge">Whether the work is worth waking another thread for.</param>
    /// <param name="work">Does the part of a number.</param>
    public static void Run(int parts, bool isLarge, Action<int> work)
    {
        var others = isLarge ? Math.Min(parts, Gemm.MaxThreads) - 1 : 0;
        if (others <= 0)
        {
            for (var part = 0; part < parts; part++)
            {
                work(part);
            }

            return;
        }

        var share = new WorkShare(parts, work);
        for (var i = 0; i < others; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(share, preferLocal: false);
        }

        share.Work();
        share.Wait();
        share._error?.Throw();
    }

    void IThreadPoolWorkItem.Execute() => Work();

    private void Work()
    {
        for (int part; (part = Interlocked.Increment(ref _next) - 1) < _parts;)
        {
            try
            {
                _work(part);
            }
            catch (Exception error)
            {
                _error = ExceptionDispatchInfo.Capture(error);
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

    // A few spins first: parts are of like length, so they mostly end together.
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
}
