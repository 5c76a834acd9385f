using Adjoint.Tests.Memory;
using static Adjoint.Transform;

namespace Adjoint.Tests.Diagnostics;

/// <summary>Anomaly mode and the watch for values that are not finite see through transforms (PyTorch's test_vmap_with_anomaly_detection).</summary>
[Collection(Alone.Name)]
public class NonFiniteInBatchesTests
{
    private static readonly Tensor Samples = Tensor.FromArray([1.0, 0, 2]);

    /// <summary>The derivative of sqrt(a) * 0 at 0 is 0 * infinity.</summary>
    private static Tensor Bad(Tensor a) => a.Sqrt() * 0;

    private static readonly Dictionary<string, Func<Tensor>> Compositions = new()
    {
        ["Vmap of Grad"] = () => Vmap(Grad(Bad))(Samples),
        ["Vmap of Vmap of Grad"] = () => Vmap(Vmap(Grad(Bad)))(Tensor.Stack([Samples, Samples])),
        ["Vmap of JacRev"] = () => Vmap(JacRev(Bad))(Samples),
        ["Vmap of ValueAndGrad"] = () => Vmap(ValueAndGrad(Bad))(Samples).Gradient,
        ["Grad around Vmap"] = () => Grad((Tensor x) => Vmap(Bad)(x).Sum())(Samples),
        ["Jvp of Grad"] = () => Jvp(Grad(Bad), Tensor.Scalar(0.0), Tensor.Scalar(1.0)).Value,
        ["Vmap of Jvp of Grad"] = () => Vmap((Tensor a) => Jvp(Grad(Bad), a, Tensor.OnesLike(a)).Value)(Samples),
        ["in chunks"] = () => Vmap(Grad(Bad), chunkSize: 2)(Samples),
    };

    public static TheoryData<string> Names => [.. Compositions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void AnomalyModeThrows(string name)
    {
        Assert.Contains(Compositions[name]().ToArray<double>(), double.IsNaN);
        using var mode = Autograd.DetectAnomaly();
        var error = Assert.ThrowsAny<Exception>(() => Compositions[name]());
        Assert.Contains("SqrtBackward0' returned nan values in its 0th output", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheWatchSeesIt(string name)
    {
        using var watch = Diagnose.WatchNonFinite(infinities: false);
        Compositions[name]();
        Assert.NotNull(watch.First);
        Assert.Contains("Sqrt", watch.First.ToString(), StringComparison.Ordinal);
    }

    /// <summary>What is made forward: log of -1 in one of the samples, also by a change in place.</summary>
    [Fact]
    public void ForwardValuesAreSeen()
    {
        var x = Tensor.FromArray([1.0, -1, 2]);
        Func<Tensor>[] calls =
        [
            () => Vmap((Tensor a) => a.Log() + 1)(x),
            () => Vmap((Tensor a) => a.Clone().Log_())(x),
            () => Jvp((Tensor a) => a.Log(), x, x).Value,
            () => Vmap((Tensor a) =>
            {
                var y = Tensor.Zeros([2], DType.Float64);
                y[0] = a;
                return y.Log_();
            })(x),
        ];
        foreach (var call in calls)
        {
            using var watch = Diagnose.WatchNonFinite(infinities: false);
            call();
            Assert.NotNull(watch.First);
            Assert.Contains("Log", watch.First.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void FiniteValuesAreLeftAlone()
    {
        using var mode = Autograd.DetectAnomaly();
        using var watch = Diagnose.WatchNonFinite(throws: true);
        var y = Vmap(Grad((Tensor a) => a.Sqrt().Sin()))(Samples + 1);
        Assert.All(y.ToArray<double>(), element => Assert.True(double.IsFinite(element)));
        Assert.Null(watch.First);
    }
}
