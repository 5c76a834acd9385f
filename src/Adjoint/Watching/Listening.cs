namespace Adjoint.Watching;

/// <summary>The observers of each logical flow, mirrored into a thread-static field that the engine reads.</summary>
internal static class Listening
{
    private static readonly AsyncLocal<Observer?> Flow = new(static change => t_current = change.CurrentValue);
    private static readonly Lock Gate = new();
    private static int s_count;

    [ThreadStatic]
    private static Observer? t_current;

    /// <summary>The innermost that has not been stopped.</summary>
    public static Observer? Current
    {
        get
        {
            var current = t_current;
            return current is { IsStopped: true } ? current.Outer : current;
        }
    }

    public static void Add(Observer observer)
    {
        lock (Gate)
        {
            s_count++;
            Observation.IsOn = true;
        }

        Flow.Value = observer;
    }

    public static void Remove()
    {
        lock (Gate)
        {
            Observation.IsOn = --s_count > 0;
        }

        Flow.Value = Current;
    }
}
