using System.Text.Json;
using Objective = Adjoint.Bench.Objectives.BundleAdjustment;

namespace Adjoint.GradBench.Modules;

/// <summary>
/// Bundle adjustment: residuals of all observations and their sparse Jacobian. All observations are computed; what is sent back is the first block
/// and the last element, since the input repeats one camera, point and observation.
/// </summary>
public static class BundleAdjustment
{
    private const int Block = 2 * Objective.Columns;

    /// <summary>objective, jacobian.</summary>
    public static Module Module { get; } = new("ba", new Dictionary<string, Func<JsonElement, Func<object>>>
    {
        ["objective"] = input =>
        {
            var objective = Read(input);
            var start = objective.Start();
            return () =>
            {
                var (projections, weights) = objective.Residuals(start);
                return ((string, object)[])
                [
                    ("reproj_error", Fields(("elements", projections[0]), ("repeated", objective.Observations))),
                    ("w_err", Fields(("element", weights[0]), ("repeated", objective.Observations))),
                ];
            };
        },
        ["jacobian"] = input =>
        {
            var objective = Read(input);
            var start = objective.Start();
            return () =>
            {
                var (values, rows, columns, _) = objective.Jacobian(start);
                return ((string, object)[])[("rows", Ends(rows)), ("cols", Ends(columns)), ("vals", Ends(values))];
            };
        },
    });

    private static T[] Ends<T>(T[] all) => [.. all[..Block], all[^1]];

    private static (string, object)[] Fields(params (string, object)[] fields) => fields;

    private static Objective Read(JsonElement input) => new(
        input.Whole("n"),
        input.Whole("m"),
        input.Whole("p"),
        input.Numbers("cam"),
        input.Numbers("x"),
        input.Number("w"),
        input.Numbers("feat"));
}
