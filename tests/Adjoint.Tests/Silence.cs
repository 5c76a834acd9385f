using System.Runtime.CompilerServices;
using Adjoint.Watching;

namespace Adjoint.Tests;

/// <summary>Tests provoke warnings on purpose, and nobody would read them among the results.</summary>
internal static class Silence
{
    [ModuleInitializer]
    internal static void Begin() => Warnings.Output = TextWriter.Null;
}
