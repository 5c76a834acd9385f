namespace Adjoint.Tests.Laws;

/// <summary>Convolutions with arguments, for <see cref="Samples"/>.</summary>
internal static class Convolutions
{
    public static IEnumerable<Call> Calls() =>
    [
        Of("x.Conv2d(w, b, padding: 1)", [2, 2, 4, 3], [3, 2, 3, 2], [3], x => x[0].Conv2d(x[1], x[2], padding: 1)),
        Of("x.Conv2d(w, b, groups, stride, dilation)", [2, 4, 5, 6], [2, 2, 2, 2], [2], x => x[0].Conv2d(x[1], x[2], (2, 1), (1, 0), (1, 2), 2)),
        Of("x.Conv1d(w), same, unbatched", [2, 5], [2, 2, 4], null, x => x[0].Conv1d(x[1], padding: "same")),
        Of("x.Conv3d(w, b)", [1, 2, 2, 3, 3], [2, 2, 1, 2, 2], [2], x => x[0].Conv3d(x[1], x[2], stride: (1, 2, 1))),
        Of("x.ConvTranspose1d(w, b)", [2, 2, 3], [2, 1, 3], [2], x => x[0].ConvTranspose1d(x[1], x[2], 3, 1, 2, 2, 2)),
        Of("x.ConvTranspose2d(w)", [2, 2, 3], [2, 2, 2, 2], null, x => x[0].ConvTranspose2d(x[1], stride: 2)),
        Of("x.ConvTranspose3d(w, b)", [1, 1, 2, 2, 2], [1, 2, 1, 2, 2], [2], x =>
            x[0].ConvTranspose3d(x[1], x[2], padding: (0, 1, 1), stride: (1, 2, 2))),
    ];

    private static Call Of(string name, int[] x, int[] weight, int[]? bias, Func<Tensor[], Tensor> run) => new(
        name,
        draw => bias is null
            ? new Trial(run, draw.Tensor(x), draw.Tensor(weight))
            : new Trial(run, draw.Tensor(x), draw.Tensor(weight), draw.Tensor(bias)),
        IsLoose: true);
}
