using System.Text.Json;

namespace Adjoint.GradBench.Modules;

/// <summary>One evaluation: functions by name, each of which takes an input apart and gives the work that is timed.</summary>
public sealed record Module(string Name, IReadOnlyDictionary<string, Func<JsonElement, Func<object>>> Functions)
{
    /// <summary>The work of a function at an input.</summary>
    /// <exception cref="KeyNotFoundException">There is no such function.</exception>
    public Func<object> Prepare(string function, JsonElement input) => Functions.TryGetValue(function, out var prepare)
        ? prepare(input)
        : throw new KeyNotFoundException($"module {Name} has no function '{function}', only {string.Join(", ", Functions.Keys)}");
}

/// <summary>All evaluations.</summary>
public static class Table
{
    private static readonly Dictionary<string, Module> s_modules = new Module[]
    {
        BundleAdjustment.Module, Determinant.Module, Mixture.Module, Hello.Module, Hand.Module, KMeans.Module, LeastSquares.Module, LogSumExp.Module,
        Lstm.Module, Ode.Module, Particle.Module, Saddle.Module,
    }.ToDictionary(module => module.Name);

    /// <summary>The names, in order.</summary>
    public static IEnumerable<string> Names => s_modules.Keys.Order(StringComparer.Ordinal);

    /// <summary>The evaluation of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static Module Find(string name) => s_modules.TryGetValue(name, out var module)
        ? module
        : throw new KeyNotFoundException($"there is no module '{name}', only {string.Join(", ", Names)}");
}
