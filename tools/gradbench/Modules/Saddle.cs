using System.Text.Json;

namespace Adjoint.GradBench.Modules;

/// <summary>
/// min over x, max over y of |x|² - |y|² in the plane by nested gradient descent (Pearlmutter and Siskind 2008). The first letter of a function is
/// the outer mode, the second the inner one.
/// </summary>
public static class Saddle
{
    private static readonly string[] s_modes = ["rr", "rf", "fr", "ff"];

    /// <summary>rr, rf, fr, ff.</summary>
    public static Module Module { get; } = new("saddle", Modes(Find));

    /// <summary>The four functions of a nested evaluation.</summary>
    public static IReadOnlyDictionary<string, Func<JsonElement, Func<object>>> Modes(Func<JsonElement, char, char, Func<object>> function) =>
        s_modes.ToDictionary(
            mode => mode, mode => (Func<JsonElement, Func<object>>)(input => function(input, mode[0], mode[1])));

    private static Func<object> Find(JsonElement input, char outer, char inner)
    {
        var start = input.Vector("start");
        return () =>
        {
            Tensor Greatest(Tensor x) => Descent.ArgMax(y => Height(x, y), Mode.Gradient(inner, y => Height(x, y)), start);
            Tensor Worst(Tensor x) => Height(x, Greatest(x));
            var x = Descent.ArgMin(Worst, Mode.Gradient(outer, Worst), start);
            var y = Descent.ArgMax(y => Height(x, y), Mode.Gradient(outer, y => Height(x, y)), start);
            return Tensor.Cat([x, y]);
        };
    }

    private static Tensor Height(Tensor x, Tensor y) => x.Square().Sum() - y.Square().Sum();
}
