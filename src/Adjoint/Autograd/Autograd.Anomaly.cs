using Adjoint.Engine;
using Adjoint.Watching;

namespace Adjoint;

/// <content>Anomaly mode.</content>
public static partial class Autograd
{
    /// <summary>Whether anomaly mode is on in this logical flow.</summary>
    public static bool IsAnomalyEnabled => AnomalyDetection.Current is { IsDetecting: true };

    /// <summary>Whether anomaly mode is on in this logical flow and looks for NaN.</summary>
    public static bool IsAnomalyCheckNanEnabled => AnomalyDetection.Current is { ChecksNan: true };

    /// <summary>
    /// Finds errors of backward passes (<c>torch.autograd.detect_anomaly</c>), until the scope is disposed; follows <c>await</c>. Inside, operators
    /// note where they are called, so that an error in a backward pass is followed by a <see cref="Warning"/> with the calls that led to the
    /// operator, and the error about a value that was changed in place names the line that changed it.
    /// A backward pass that makes a NaN throws. Slow: for finding errors.
    /// </summary>
    /// <param name="checkNan">Whether a NaN throws.</param>
    /// <example><code>using (Autograd.DetectAnomaly()) { Loss(x).Backward(); }</code></example>
    public static DiagnosticScope DetectAnomaly(bool checkNan = true) => SetDetectAnomaly(true, checkNan);

    /// <summary>Switches anomaly mode on or off until the scope is disposed (<c>torch.autograd.set_detect_anomaly</c>);
    /// see <see cref="DetectAnomaly"/>.</summary>
    /// <param name="mode">Whether it is on.</param>
    /// <param name="checkNan">Whether a NaN throws.</param>
    public static DiagnosticScope SetDetectAnomaly(bool mode, bool checkNan = true)
    {
        if (mode)
        {
            Warn("Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for debugging.");
        }

        return new DiagnosticScope(new AnomalyDetection(mode, checkNan));
    }
}

/// <summary>A diagnostic that is on until this is disposed, in the flow that opened it and in all that it starts; follows <c>await</c>.</summary>
public sealed class DiagnosticScope : IDisposable
{
    private readonly Observer _observer;

    internal DiagnosticScope(Observer observer)
    {
        _observer = observer;
        observer.Start();
    }

    /// <summary>Switches the diagnostic off, and forgets what it gathered. A second call does nothing.</summary>
    public void Dispose() => _observer.Stop();
}
