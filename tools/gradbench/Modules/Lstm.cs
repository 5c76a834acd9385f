using System.Text.Json;
using Adjoint.Bench.Objectives;

namespace Adjoint.GradBench.Modules;

/// <summary>The loss of ADBench's recurrent network with diagonal weights, and its gradient by all parameters in a row.</summary>
public static class Lstm
{
    /// <summary>objective, jacobian.</summary>
    public static Module Module { get; } = new("lstm", new Dictionary<string, Func<JsonElement, Func<object>>>
    {
        ["objective"] = input =>
        {
            var network = Read(input);
            var start = network.Start();
            return () => network.Value(start);
        },
        ["jacobian"] = input =>
        {
            var network = Read(input);
            var start = network.Start();
            var gradient = Transform.Grad<(Tensor, Tensor)>(network.Value);
            return () =>
            {
                var (main, extra) = gradient(start);
                return Tensor.Cat([main.Reshape(-1), extra.Reshape(-1)]);
            };
        },
    });

    private static DiagonalLstm Read(JsonElement input) => new(
        input.GetProperty("extra_params")[0].GetArrayLength(),
        input.Numbers("main_params"),
        input.Numbers("extra_params"),
        input.Numbers("state"),
        input.Numbers("sequence"));
}
