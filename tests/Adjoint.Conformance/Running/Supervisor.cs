namespace Adjoint.Conformance.Running;

/// <summary>Someone else who judges cases, and may die or get stuck over one.</summary>
internal interface IWorker : IDisposable
{
    /// <summary>The verdict on a case; null if the worker died. After a timeout or a death the worker is of no more use.</summary>
    /// <exception cref="TimeoutException">It took longer than allowed.</exception>
    Verdict? Judge(string line, TimeSpan limit);
}

/// <summary>
/// Has cases judged by a worker, and starts another one when a case kills it or never ends: memory that was overwritten, a stack that
/// overflowed and an endless loop are failures of their own case and of no other.
/// </summary>
internal sealed class Supervisor(Func<IWorker> start, TimeSpan limit) : IDisposable
{
    private IWorker? _worker;

    public Verdict Judge(string line)
    {
        _worker ??= start();
        try
        {
            if (_worker.Judge(line, limit) is { } verdict)
            {
                return verdict;
            }
        }
        catch (TimeoutException)
        {
            Dismiss();
            return Verdict.Failed($"it was still running after {limit.TotalSeconds:0.#} s");
        }

        Dismiss();
        return Verdict.Failed("it ended the process");
    }

    public void Dispose() => Dismiss();

    private void Dismiss()
    {
        _worker?.Dispose();
        _worker = null;
    }
}
