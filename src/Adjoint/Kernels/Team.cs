using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Adjoint.Kernels;

// The threads that share one loop.
//
// A job is a function, a context on the caller's stack and a number of parts. The caller takes parts itself, one after another, and so do the
// workers that come in time; it waits only for parts that a worker has begun. A worker that is late finds nothing left, so a busy machine
// slows a job down but cannot stop it.
//
// Why threads of our own and not the thread pool's: waking a pool thread takes longer than most loops. A worker that has just helped looks out for
// the next job for some microseconds before it sleeps, because one large operator is mostly followed by another.
//
// Invariants. s_state holds the job's number above and the parts not yet taken below; a part is taken by lowering it with a compare-exchange, which
// fails if the job has changed meanwhile. The fields of a job are written only while no part is left and all are done, and before s_state is: who
// takes a part has read the fields of the same job. There is one job at a time; a caller that finds the team taken, by another thread or by the
// loop that it is itself a part of, does all parts alone. So what a part computes may never depend on who computes it.
// What a part throws does not stop the others; the first of it is thrown to the caller when all are done.

/// <summary>A few threads that wait to share the parts of large loops with the thread that calls.</summary>
internal static unsafe class Team
{
    /// <summary>The size of the team.</summary>
    public const int MostThreads = 64;

    /// <summary>How long a worker looks out for the next job before it sleeps, and a caller for the last part.</summary>
    private static readonly long Patience = Stopwatch.Frequency / 20_000;

    private static readonly object Sleep = new();
    private static readonly object End = new();

    private static long s_state;
    private static delegate*<void*, int, void> s_part;
    private static void* s_context;
    private static int s_parts;
    private static int s_helpers;
    private static int s_done;
    private static int s_isTaken;
    private static int s_sleeping;
    private static int s_workers;
    private static int s_maxThreads = Math.Min(Environment.ProcessorCount, MostThreads);
    private static Exception? s_error;

    /// <summary>
    /// The most threads that one loop uses, the calling one included. What is set beyond the team's size becomes that, so that loops may multiply the
    /// number by how many parts they want for each thread.
    /// </summary>
    public static int MaxThreads
    {
        get => s_maxThreads;
        set => s_maxThreads = Math.Clamp(value, 1, MostThreads);
    }

    /// <summary>Calls a function once for each part, on several threads where the work is worth it, and returns when all are done.</summary>
    /// <param name="parts">How many parts there are.</param>
    /// <param name="isLarge">Whether the work is worth waking another thread for.</param>
    /// <param name="work">What to do; it must not depend on the thread.</param>
    public static void Run(int parts, bool isLarge, Action<int> work)
    {
        if (isLarge && parts > 1)
        {
            // The caller's stack holds the reference until all parts are done.
            Run(&Call, Unsafe.AsPointer(ref work), parts);
            return;
        }

        for (var i = 0; i < parts; i++)
        {
            work(i);
        }
    }

    /// <summary>Calls a function once for each part, on several threads, and returns when all are done.</summary>
    /// <param name="part">What to do; it must not depend on the thread.</param>
    /// <param name="context">Passed on to each call.</param>
    /// <param name="parts">How many parts there are.</param>
    public static void Run(delegate*<void*, int, void> part, void* context, int parts)
    {
        var helpers = Math.Min(MaxThreads, parts) - 1;
        if (helpers <= 0 || Interlocked.CompareExchange(ref s_isTaken, 1, 0) != 0)
        {
            for (var i = 0; i < parts; i++)
            {
                part(context, i);
            }

            return;
        }

        Employ(helpers);
        s_part = part;
        s_context = context;
        s_parts = parts;
        s_helpers = helpers;
        s_error = null;
        Volatile.Write(ref s_done, 0);

        // A full fence: either this thread sees a sleeper, or the sleeper sees the job.
        var number = (s_state >>> 32) + 1;
        Interlocked.Exchange(ref s_state, (number << 32) | (uint)parts);
        if (Volatile.Read(ref s_sleeping) > 0)
        {
            lock (Sleep)
            {
                Monitor.PulseAll(Sleep);
            }
        }

        while (Take())
        {
        }

        AwaitLast(parts);
        var error = s_error;
        s_error = null;
        Volatile.Write(ref s_isTaken, 0);
        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    private static void Call(void* context, int part) => Unsafe.AsRef<Action<int>>(context)(part);

    /// <summary>Takes and does one part, if one is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Take()
    {
        while (true)
        {
            var state = Volatile.Read(ref s_state);
            var left = (int)(uint)state;
            if (left == 0)
            {
                return false;
            }

            var (part, context, parts) = ((nint)s_part, (nint)s_context, s_parts);
            if (Interlocked.CompareExchange(ref s_state, state - 1, state) != state)
            {
                continue;
            }

            try
            {
                ((delegate*<void*, int, void>)part)((void*)context, parts - left);
            }
            catch (Exception error)
            {
                // On a worker it would end the process; the caller throws it when no part runs any more.
                Interlocked.CompareExchange(ref s_error, error, null);
            }

            if (Interlocked.Increment(ref s_done) == parts)
            {
                lock (End)
                {
                    Monitor.PulseAll(End);
                }
            }

            return true;
        }
    }

    private static void AwaitLast(int parts)
    {
        var start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref s_done) < parts)
        {
            if (Stopwatch.GetTimestamp() - start < Patience)
            {
                Thread.SpinWait(1);
                continue;
            }

            lock (End)
            {
                while (Volatile.Read(ref s_done) < parts)
                {
                    Monitor.Wait(End);
                }
            }
        }
    }

    /// <summary>Starts the workers that are not there yet. Only the thread that has taken the team comes here.</summary>
    private static void Employ(int workers)
    {
        while (s_workers < workers)
        {
            var index = s_workers++;
            new Thread(() => Work(index), 256 * 1024) { IsBackground = true, Name = "Adjoint" }.UnsafeStart();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Work(int index)
    {
        while (true)
        {
            var start = Stopwatch.GetTimestamp();
            while (!IsWanted(index))
            {
                if (Stopwatch.GetTimestamp() - start < Patience)
                {
                    Thread.SpinWait(1);
                    continue;
                }

                lock (Sleep)
                {
                    Interlocked.Increment(ref s_sleeping);
                    while (!IsWanted(index))
                    {
                        Monitor.Wait(Sleep);
                    }

                    Interlocked.Decrement(ref s_sleeping);
                }
            }

            Take();
        }
    }

    private static bool IsWanted(int index) => (uint)Volatile.Read(ref s_state) != 0 && index < Volatile.Read(ref s_helpers);
}
