namespace Adjoint.Tests.Special;

/// <summary>Beta functions; the numbers are mpmath 1.3's <c>betainc</c>, <c>beta</c> and <c>diff</c> at 30 digits, rounded to 17.</summary>
public class BetaTests
{
    /// <summary>a, b, x; the value, the derivatives against a, b and x, the mixed one against a and b, and the second one against a.</summary>
    public static TheoryData<double, double, double, double[]> Values => new()
    {
        {
            0.5, 0.75, 0.25,
            [0.42695260991120056, -0.69145270171308098, 0.32712108716618948, 0.89686490835580694, -0.071180641210730652, 1.2148735274071078]
        },
        {
            2.5, 3.5, 0.4,
            [0.4869041915261174, -0.21203553111917183, 0.14379283234197781, 1.9161828587118824, -0.00058370691912883112, 0.05014322444493756]
        },
        {
            2.5, 3.5, 0.8,
            [0.97844005929363573, -0.018016421146876588, 0.028242302042365157, 0.34767927834901493, 0.019955362715329068, -0.0084311677624501169]
        },
        {
            8.0, 0.5, 0.95,
            [0.37242172806684737, -0.030809333077607905, 0.69574880085480867, 4.9064665020189734, -0.030360466958788055, 0.0035607896476894136]
        },
        {
            0.25, 6.0, 0.03125,
            [0.69301539415337615, -1.0998513284500055, 0.026595295019896313, 4.8775749263984114, 0.064507159243968119, 1.1410755816364162]
        },
        {
            30.0, 40.0, 0.45,
            [0.64474800855856811, -0.050677746754230963, 0.039640633360788508, 6.2300407650929078, 0.0020312597567523874, -0.0017423143085178162]
        },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void TheIncompleteBetaFunction(double a, double b, double x, double[] expected)
    {
        Tensor[] inputs = [Tensor.Scalar(a).RequiresGrad_(), Tensor.Scalar(b).RequiresGrad_(), Tensor.Scalar(x).RequiresGrad_()];
        var y = inputs[0].BetaInc(inputs[1], inputs[2]);
        var first = Autograd.Grad([y], inputs, createGraph: true);
        var second = Autograd.Grad([first[0]!], inputs, createGraph: true);
        Near(expected, [y.Item(), first[0]!.Item(), first[1]!.Item(), first[2]!.Item(), second[1]!.Item(), second[0]!.Item()]);

        // Mixed derivatives do not depend on the order, and I_x(a, b) + I_(1 - x)(b, a) = 1 (NIST DLMF 8.17.4).
        Assert.Equal(second[2]!.Item(), Autograd.Grad([first[2]!], [inputs[0]])[0]!.Item(), 1e-11 * Math.Max(1, Math.Abs(second[2]!.Item())));
        Assert.Equal(1 - y.Item(), Tensor.Scalar(b).BetaInc(a, 1 - x).Item(), 1e-14);
    }

    [Theory]
    [InlineData(0.5, 0.25, 1.65710651619148217)]
    [InlineData(3, 40, -10.4469739585416671)]
    [InlineData(20, 30, -33.968820791977383)]
    [InlineData(1e5, 2e5, -190958.88527911685)]
    [InlineData(0.125, 1e6, 0.292479592495768918)]
    public void TheLogarithmOfTheBetaFunction(double a, double b, double expected)
    {
        Assert.Equal(expected, Tensor.Scalar(a).BetaLn(b).Item(), 4e-15 * Math.Max(1, Math.Abs(expected)));
        Assert.Equal(Tensor.Scalar(a).BetaLn(b).Item(), Tensor.Scalar(b).BetaLn(a).Item());
        Assert.Equal(Math.Exp(expected), Tensor.Scalar(a).Beta(b).Item(), 1e-10 * Math.Exp(expected));
    }

    [Fact]
    public void Edges()
    {
        var x = Tensor.FromArray([0, 1, -0.5, 1.5, double.NaN]);
        Assert.Equal([0, 1, double.NaN, double.NaN, double.NaN], ((Tensor)2.0).BetaInc(3.0, x).ToArray<double>());
        Assert.True(double.IsNaN(((Tensor)(-1.0)).BetaInc(3.0, Tensor.Scalar(0.5)).Item()));
        Assert.Throws<ArgumentNullException>(() => x.BetaInc(x, null!));
        Assert.Throws<ShapeException>(() => x.BetaLn(Tensor.Ones(2)));
    }

    private static void Near(double[] expected, double[] actual) =>
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) <= 1e-11 * Math.Max(0.01, Math.Abs(a)));
}
