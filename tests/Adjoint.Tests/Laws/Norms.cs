namespace Adjoint.Tests.Laws;

/// <summary>Norms with arguments, for <see cref="Samples"/>.</summary>
internal static class Norms
{
    public static IEnumerable<Call> Calls()
    {
        var mean = Tensor.FromArray(new[] { 0.5, -1 });
        var variance = Tensor.FromArray(new[] { 2.0, 0.7 });
        return
        [
            Of("x.LayerNorm([4], w, b)", [2, 3, 4], [4], x => x[0].LayerNorm([4], x[1], x[2], 0.1)),
            Of("x.LayerNorm([3, 4])", [2, 3, 4], null, x => x[0].LayerNorm([3, 4])),
            Of("x.BatchNorm(w, b), training", [3, 2, 4], [2], x => x[0].BatchNorm(null, null, x[1], x[2], training: true, eps: 0.1)),
            Of("x.BatchNorm(), training, no axes", [5, 3], null, x => x[0].BatchNorm(null, null, training: true)),
            Of("x.BatchNorm(mean, variance, w, b)", [2, 2, 3, 2], [2], x => x[0].BatchNorm(mean, variance, x[1], x[2])),
            Of("x.GroupNorm(2, w, b)", [2, 4, 3], [4], x => x[0].GroupNorm(2, x[1], x[2], 0.1)),
            Of("x.InstanceNorm(w, b)", [2, 3, 4], [3], x => x[0].InstanceNorm(weight: x[1], bias: x[2])),
            new("x.RmsNorm([4], w)", draw => new(x => x[0].RmsNorm([4], x[1]), draw.Tensor(2, 4), draw.Tensor(4)), IsLoose: true),
        ];
    }

    private static Call Of(string name, int[] x, int[]? weight, Func<Tensor[], Tensor> run) => new(
        name,
        draw => weight is null ? new Trial(run, draw.Tensor(x)) : new Trial(run, draw.Tensor(x), draw.Tensor(weight), draw.Tensor(weight)),
        IsLoose: true);
}
