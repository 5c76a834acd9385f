using System.Text.Json;
using Adjoint.Bench.Objectives;

namespace Adjoint.GradBench.Modules;

/// <summary>Hand tracking: residuals, and their Jacobian by the pose; where points lie in triangles, after two columns for their places.</summary>
public static class Hand
{
    /// <summary>objective, jacobian.</summary>
    public static Module Module { get; } = new("ht", new Dictionary<string, Func<JsonElement, Func<object>>>
    {
        ["objective"] = input =>
        {
            var (hand, theta, places) = Read(input);
            return () => places is null ? hand.Residuals(theta) : hand.Residuals(theta, places);
        },
        ["jacobian"] = input =>
        {
            var (hand, theta, places) = Read(input);
            var jacobian = Transform.JacFwd<Tensor>(hand.Residuals);
            return () => places is null ? jacobian(theta) : hand.Jacobian(theta, places);
        },
    });

    private static (HandTracking Hand, Tensor Theta, Tensor? Places) Read(JsonElement input)
    {
        var data = input.GetProperty("data");
        var model = data.GetProperty("model");
        var found = data.Wholes("correspondences");
        var places = input.GetProperty("us").GetArrayLength() == 0 ? null : input.Rows("us");
        var triangles = model.GetProperty("triangles");
        var vertices = places is null
            ? Tensor.FromArray(Array.ConvertAll(found, vertex => (long)vertex))
            : Tensor.FromArray([.. found.SelectMany(i => triangles[i].EnumerateArray().Select(corner => corner.GetInt64()))], found.Length, 3);
        var hand = new HandTracking(
            model.Rows("base_relatives"),
            model.Rows("inverse_base_absolutes"),
            model.Wholes("parents"),
            model.Rows("weights"),
            model.Rows("base_positions"),
            data.Rows("points"),
            vertices,
            input.Numbers("theta"),
            model.GetProperty("is_mirrored").GetBoolean());
        return (hand, input.Vector("theta"), places);
    }
}
