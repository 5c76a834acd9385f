using System.Runtime.CompilerServices;

namespace Adjoint.Tests.Diagnostics;

/// <summary>The line that calls, so that a test can expect it.</summary>
internal static class Here
{
    /// <summary>The number of the line that this stands in.</summary>
    public static int Line([CallerLineNumber] int line = 0) => line;
}
