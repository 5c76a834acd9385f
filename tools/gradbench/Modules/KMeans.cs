using System.Text.Json;

namespace Adjoint.GradBench.Modules;

/// <summary>
/// The sum of the squared distances of points from the centroids next to them, and Newton's direction: its gradient over its Hessian, which is
/// diagonal, so that one product with ones gives all of it.
/// </summary>
public static class KMeans
{
    /// <summary>cost, dir.</summary>
    public static Module Module { get; } = new("kmeans", new Dictionary<string, Func<JsonElement, Func<object>>>
    {
        ["cost"] = input =>
        {
            var (points, centroids) = (input.Rows("points"), input.Rows("centroids"));
            return () => Cost(points, centroids);
        },
        ["dir"] = input =>
        {
            var (points, centroids) = (input.Rows("points"), input.Rows("centroids"));
            var gradient = Transform.Grad((Tensor c) => Cost(points, c));
            var ones = Tensor.OnesLike(centroids);
            return () =>
            {
                var (slope, curvature) = Transform.Jvp(gradient, centroids, ones);
                return slope / curvature;
            };
        },
    });

    /// <summary>|p - c|² is |p|² - 2 p c + |c|², whose largest part is one matrix product.</summary>
    private static Tensor Cost(Tensor points, Tensor centroids)
    {
        var nearest = (centroids.Square().Sum(1) - (2 * points.MatMul(centroids.T))).Min(1).Values;
        return points.Square().Sum() + nearest.Sum();
    }
}
