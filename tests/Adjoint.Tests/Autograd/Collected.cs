using System.Runtime.CompilerServices;

namespace Adjoint.Tests.Engine;

/// <summary>Whether what nobody holds is garbage.</summary>
internal static class Collected
{
    /// <summary>None of the objects that a function returns is reachable once it has returned.</summary>
    public static void Gone(Func<object[]> make)
    {
        var references = Made(make);
        for (var i = 0; i < 10 && references.Any(reference => reference.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.All(references, reference => Assert.False(reference.IsAlive, $"A {reference.Target?.GetType().Name} is still reachable."));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static List<WeakReference> Made(Func<object[]> make) => [.. make().Select(made => new WeakReference(made))];
    }
}
