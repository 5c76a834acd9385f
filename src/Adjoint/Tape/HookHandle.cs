using Adjoint.Tape;

namespace Adjoint;

/// <summary>A registered hook; disposing it, or <see cref="Remove"/>, takes it away.</summary>
public sealed class HookHandle : IDisposable
{
    private Action? _remove;

    /// <summary>A handle for hooks of one's own.</summary>
    /// <param name="remove">Takes the hook away; runs at most once.</param>
    public HookHandle(Action remove)
    {
        ArgumentNullException.ThrowIfNull(remove);
        _remove = remove;
    }

    /// <summary>Takes the hook away; does nothing the second time.</summary>
    public void Remove() => Interlocked.Exchange(ref _remove, null)?.Invoke();

    /// <inheritdoc cref="Remove"/>
    public void Dispose() => Remove();
}
