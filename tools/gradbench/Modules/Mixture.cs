using System.Text.Json;
using Adjoint.Bench.Objectives;

namespace Adjoint.GradBench.Modules;

/// <summary>The log posterior of a Gaussian mixture and its gradient.</summary>
public static class Mixture
{
    /// <summary>objective, jacobian.</summary>
    public static Module Module { get; } = new("gmm", new Dictionary<string, Func<JsonElement, Func<object>>>
    {
        ["objective"] = input =>
        {
            var mixture = Read(input);
            var start = mixture.Start();
            return () => mixture.Value(start);
        },
        ["jacobian"] = input =>
        {
            var mixture = Read(input);
            var start = mixture.Start();
            var gradient = Transform.Grad<(Tensor, Tensor, Tensor)>(mixture.Value);
            return () =>
            {
                var (alphas, means, factors) = gradient(start);
                return ((string, object)[])
                [
                    ("alpha", alphas), ("mu", means), ("q", factors[.., ..mixture.D]), ("l", factors[.., mixture.D..]),
                ];
            };
        },
    });

    /// <summary>The factors come in two parts, which lie side by side here.</summary>
    private static Gmm Read(JsonElement input)
    {
        var (alphas, d) = (input.Numbers("alpha"), input.Whole("d"));
        var (diagonals, lower) = (input.Numbers("q"), input.Numbers("l"));
        var triangle = d * (d - 1) / 2;
        var factors = new double[alphas.Length * (d + triangle)];
        for (var k = 0; k < alphas.Length; k++)
        {
            diagonals.AsSpan(k * d, d).CopyTo(factors.AsSpan(k * (d + triangle)));
            lower.AsSpan(k * triangle, triangle).CopyTo(factors.AsSpan((k * (d + triangle)) + d));
        }

        return new Gmm(alphas, input.Numbers("mu"), factors, input.Numbers("x"), input.Number("gamma"), input.Whole("m"), isCorrected: true);
    }
}
