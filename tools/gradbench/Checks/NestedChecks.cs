using System.Text.Json.Nodes;

namespace Adjoint.GradBench.Checks;

/// <summary>The nested descents, all four mixtures of modes, against the numbers that GradBench expects of every tool.</summary>
public static class NestedChecks
{
    private const double Control = 0.2071918746486116;
    private const double Saddle = 8.246324826140356e-06;

    public static void Run(Answers answers)
    {
        foreach (var mode in new[] { "rr", "rf", "fr", "ff" })
        {
            answers.Near(
                answers.Output("particle", mode, new JsonObject { ["w"] = 0.0 }), [Control], 1e-8, $"particle {mode}: GradBench's number");
            answers.Near(
                answers.Output("saddle", mode, new JsonObject { ["start"] = Answers.Json([1.0, 1.0]) }),
                [Saddle, Saddle, Saddle, Saddle],
                1e-12,
                $"saddle {mode}: GradBench's numbers");
        }
    }
}
