using System.Text.Json;

namespace Adjoint.GradBench.Modules;

/// <summary>Evaluations of a function of a tensor and of its gradient.</summary>
public static class Gradients
{
    /// <summary>The functions primal and gradient.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="read">The point and the function that an input describes.</param>
    public static Module Of(string name, Func<JsonElement, (Tensor Point, Func<Tensor, Tensor> Function)> read) =>
        Of(name, read, read);

    /// <summary>The functions primal and gradient, where the gradient is of another function than the primal.</summary>
    public static Module Of(
        string name,
        Func<JsonElement, (Tensor Point, Func<Tensor, Tensor> Function)> primal,
        Func<JsonElement, (Tensor Point, Func<Tensor, Tensor> Function)> differentiated) => new(
            name,
            new Dictionary<string, Func<JsonElement, Func<object>>>
            {
                ["primal"] = input =>
                {
                    var (x, function) = primal(input);
                    return () => function(x);
                },
                ["gradient"] = input =>
                {
                    var (x, function) = differentiated(input);
                    var gradient = Transform.Grad(function);
                    return () => gradient(x);
                },
            });
}
