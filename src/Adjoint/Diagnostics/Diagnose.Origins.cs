using Adjoint.Diagnostics;

namespace Adjoint;

/// <content>Where operators are called.</content>
public static partial class Diagnose
{
    /// <summary>
    /// Notes where operators are called and values are changed in place, until the scope is disposed; follows <c>await</c>. The error that a saved
    /// value was changed then names both lines, and <see cref="Node.Origin"/> tells where a node was recorded, also after the scope has ended;
    /// <see cref="WhyIsGradientNull"/> knows where a path was cut.
    /// </summary>
    /// <example><code>using (Diagnose.TraceOrigins()) { Loss(x).Backward(); }</code></example>
    public static DiagnosticScope TraceOrigins() => new(new PathTracer());
}
