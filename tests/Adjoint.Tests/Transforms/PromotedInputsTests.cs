using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>
/// Derivatives that read whole numbers beside float64, where a transform follows the call: promotion comes before the formula, or a third would be
/// that of float32 and off by 1e-8. Expected are quotients of C#'s double.
/// </summary>
public class PromotedInputsTests
{
    private static readonly Tensor Thirds = Tensor.FromArray([3L, 7]);
    private static readonly double[] Expected = [1.0 / 3, 1.0 / 7];

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Cases = new()
    {
        ["two inputs"] = x => x / Thirds,
        ["three inputs"] = x => Tensor.Zeros([2], DType.Float64).Addcdiv(x, Thirds),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ATangentThatATapeFollows(string name)
    {
        var f = Cases[name];
        var ones = Tensor.Ones([2], DType.Float64);
        Assert.Equal(Expected, Grad(t => Jvp(f, ones, t).Tangent.Sum())(ones).ToArray<double>());
        Assert.Equal(Expected, Jvp(f, ones, ones).Tangent.ToArray<double>());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AGradientThatABatchFollows(string name)
    {
        var f = Cases[name];
        var x = Tensor.Ones([2, 2], DType.Float64);
        var second = Vmap(v => Grad(u => (Grad(t => f(t).Sum())(u) * u).Sum())(v))(x);
        Assert.Equal([.. Expected, .. Expected], second.Reshape(-1).ToArray<double>());
        Assert.Equal(Expected, Trace(Grad(t => f(t).Sum()), x[0]).Call(x[0]).ToArray<double>());
    }
}
