using System.Runtime.CompilerServices;
using Adjoint.Diagnostics;
using Adjoint.Engine;

namespace Adjoint;

/// <summary>Looks for the first value that is not finite, until it is disposed; see <see cref="Diagnose.WatchNonFinite"/>.</summary>
public sealed class NonFiniteWatch : IDisposable
{
    private readonly NonFiniteObserver _observer;

    internal NonFiniteWatch(bool throws, bool infinities)
    {
        _observer = new NonFiniteObserver(throws, infinities);
        _observer.Start();
    }

    /// <summary>The first value that was not finite; null as long as there is none. It stays after the scope has ended.</summary>
    public NonFinitePassport? First => _observer.First;

    /// <summary>Looks no more. A second call does nothing.</summary>
    public void Dispose() => _observer.Stop();
}
