namespace Adjoint.Tests.Laws;

/// <summary>Pools with arguments, for <see cref="Samples"/>.</summary>
internal static class Pools
{
    public static IEnumerable<Call> Calls() =>
    [
        One("x.MaxPool1d(2)", [2, 5], x => x.MaxPool1d(2), isLoose: false),
        One("x.MaxPool2d(3, stride, padding, dilation, ceil)", [1, 2, 5, 6], x => x.MaxPool2d((3, 2), (2, 1), 1, (1, 2), true)),
        One("x.MaxPool3d(2, 1), overlapping", [2, 3, 3, 3], x => x.MaxPool3d(2, 1)),
        One("x.AvgPool1d(3, 2, 1)", [2, 2, 5], x => x.AvgPool1d(3, 2, 1)),
        One("x.AvgPool2d(ceil, padding does not count)", [2, 5, 4], x => x.AvgPool2d((3, 2), 2, 1, ceilMode: true, countIncludePad: false)),
        One("x.AvgPool3d(divisor)", [1, 1, 3, 4, 3], x => x.AvgPool3d(2, 1, divisorOverride: 3)),
        One("x.AdaptiveAvgPool1d(2)", [2, 5], x => x.AdaptiveAvgPool1d(2)),
        One("x.AdaptiveAvgPool2d((3, 2))", [2, 4, 5], x => x.AdaptiveAvgPool2d((3, 2))),
        One("x.AdaptiveAvgPool2d(1)", [2, 4, 3], x => x.AdaptiveAvgPool2d(1)),
        One("x.AdaptiveAvgPool3d(2)", [1, 3, 2, 3], x => x.AdaptiveAvgPool3d(2)),
        One("x.AdaptiveMaxPool1d(2)", [2, 5], x => x.AdaptiveMaxPool1d(2)),
        One("x.AdaptiveMaxPool2d((3, -1))", [2, 4, 3], x => x.AdaptiveMaxPool2d((3, -1))),
        One("x.AdaptiveMaxPool3d(2)", [1, 3, 2, 3], x => x.AdaptiveMaxPool3d(2)),
    ];

    // An element that several windows share gets their gradients in an order of its own.
    private static Call One(string name, int[] shape, Func<Tensor, Tensor> run, bool isLoose = true) =>
        new(name, draw => new(x => run(x[0]), draw.Tensor(shape)), isLoose);
}
