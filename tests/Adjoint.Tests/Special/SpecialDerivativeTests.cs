using System.Reflection;

namespace Adjoint.Tests.Special;

/// <summary>
/// Derivatives of special functions up to the fourth order, in reverse mode and by forward over forward. The numbers are mpmath 1.3's <c>diff</c> at
/// 40 digits, rounded to 17.
/// </summary>
public class SpecialDerivativeTests
{
    private const double At = 0.40625;

    /// <summary>Name and the derivatives of orders 1 to 4 at 0.40625.</summary>
    public static TheoryData<string, double, double, double, double> AtOnePoint => new()
    {
        { "Lgamma", -2.5165337725911483, 7.0783814902618545, -30.807613752234418, 222.0716864804752 },
        { "Digamma", 7.0783814902618545, -30.807613752234418, 222.0716864804752, -2173.6626423609962 },
        { "ErfInv", 1.0217130912339821, 0.78746965626625237, 3.3469880315236755, 14.315220427442255 },
        { "Erfcx", -0.58635534450320535, 0.8577987689722096, -1.6484598782229011, 3.8074189627771505 },
        { "Ndtr", 0.36734344009168577, -0.14923327253724735, -0.30671742312342904, 0.42307049821838774 },
        { "LogNdtr", 0.55850991047834576, -0.53882797123435775, 0.2622704767902717, 0.097476075077104481 },
        { "Ndtri", 2.5781470765757428, -1.5766450254296877, 19.064906236046172, -76.895812056835157 },
        { "I0", 0.20734436035925585, 0.53130119601421604, 0.1558610909270909, 0.4010992217058813 },
        { "I1", 0.53130119601421604, 0.1558610909270909, 0.4010992217058813, 0.13003143238954732 },
        { "I0e", -0.55579222758442803, 0.7715940037996996, -1.2374928072206056, 2.1168524517663036 },
        { "I1e", 0.21580177621527157, -0.465898803420906, 0.879359644545698, -1.6367543755102426 },
        { "ModifiedBesselK0", -2.1438789279737981, 6.3782444851882425, -30.834303354503254, 223.52323453457204 },
        { "ModifiedBesselK1", -6.3782444851882425, 30.834303354503254, -223.52323453457204, 2184.5775764196686 },
        { "ScaledModifiedBesselK0", -1.5655406193471794, 4.7909949522282943, -25.565362126308031, 196.62573393831456 },
        { "ScaledModifiedBesselK1", -6.3565355715754737, 30.356357078536325, -222.19109606462259, 2179.8923476307056 },
        { "BesselJ0", -0.19896327230832468, -0.46940813315032772, 0.14887683767407532, 0.34952144169044686 },
        { "BesselJ1", 0.46940813315032772, -0.14887683767407532, -0.34952144169044686, 0.1239202033622089 },
        { "BesselY0", 1.7571980809993882, -3.7304421849838356, 18.072593539690843, -138.37953142996092 },
        { "BesselY1", 3.7304421849838356, -18.072593539690843, 138.37953142996092, -1371.9814428290358 },
        { "SphericalBesselJ0", -0.13319489559781455, -0.31699086534228958, 0.079663852878647312, 0.18833703071100305 },
        { "AiryAi", -0.23519206304465996, 0.10289110030668355, 0.15772362514302025, -0.42858461658972973 },
        { "AiryBi", 0.50930577790729901, 0.3270108624631915, 1.0118552875688501, 1.1514597186902696 },
        { "LambertW", 0.56911871449186862, -0.57290599113400778, 1.2623877081747679, -4.3464082328942005 },
        { "EllipticK", 0.70154791915871684, 1.3014727718465281, 4.5206512605369102, 23.180285885621536 },
        { "EllipticE", -0.47439532753967998, -0.27957242045419921, -0.56954524367252979, -2.0589846672913984 },
    };

    /// <summary>Name, which argument, order, both arguments, derivative, relative error allowed.</summary>
    public static TheoryData<string, int, int, double, double, double, double> OfTwo => new()
    {
        { "Igamma", 0, 1, 0.75, 0.5, -0.58342845833661528, 1e-13 },
        { "Igamma", 0, 1, 2.5, 2.0, -0.27455132194588155, 1e-13 },
        { "Igamma", 0, 1, 3.0, 6.5, -0.048186647479509584, 1e-13 },
        { "Zeta", 0, 1, 1.5, 0.75, -3.5453498827440073, 1e-13 },
        { "Zeta", 0, 1, 4.0, 2.5, -0.040583237772083619, 1e-13 },
        { "Zeta", 1, 1, 1.5, 0.75, -3.7373135782679028, 1e-13 },
        { "Zeta", 1, 1, 4.0, 2.5, -0.052292666584455227, 1e-13 },
        { "Igamma", 1, 1, 0.75, 0.5, 0.58860840932438218, 1e-13 },
        { "Igamma", 1, 1, 2.5, 2.0, 0.28795182140366961, 1e-13 },
        { "Igamma", 1, 1, 3.0, 6.5, 0.031760152951651218, 1e-13 },
        { "Igamma", 0, 2, 0.75, 0.5, 0.33364901323850716, 1e-13 },
        { "Igamma", 0, 2, 2.5, 2.0, 0.067077171809110783, 1e-13 },
        { "Igamma", 0, 2, 3.0, 6.5, -0.03786724707693682, 1e-13 },
        { "Zeta", 0, 2, 1.5, 0.75, 16.134456210674665, 1e-13 },
        { "Zeta", 0, 2, 4.0, 2.5, 0.047736303251158915, 1e-13 },
        { "Zeta", 1, 2, 1.5, 0.75, 10.977890705774827, 1e-13 },
        { "Zeta", 1, 2, 4.0, 2.5, 0.096428196427863914, 1e-13 },
        { "Igamma", 1, 2, 0.75, 0.5, -0.88291261398657327, 1e-13 },
        { "Igamma", 1, 2, 2.5, 2.0, -0.071987955350917403, 1e-13 },
        { "Igamma", 1, 2, 3.0, 6.5, -0.021987798197296997, 1e-13 },
        { "Igamma", 0, 3, 0.75, 0.5, 0.47229952778704793, 1e-13 },
        { "Igamma", 0, 3, 2.5, 2.0, 0.09333374672837003, 1e-13 },
        { "Igamma", 0, 3, 3.0, 6.5, -0.013178289654783065, 1e-13 },
        { "Zeta", 0, 3, 1.5, 0.75, -95.967197903923032, 1e-13 },
        { "Zeta", 0, 3, 4.0, 2.5, -0.062454552678893664, 1e-13 },
        { "Zeta", 1, 3, 1.5, 0.75, -49.152091890101657, 1e-13 },
        { "Zeta", 1, 3, 4.0, 2.5, -0.21966768459167253, 1e-13 },
        { "Igamma", 1, 3, 0.75, 0.5, 1.9129773303042421, 1e-13 },
        { "Igamma", 1, 3, 2.5, 2.0, -0.089984944188646753, 1e-13 },
        { "Igamma", 1, 3, 3.0, 6.5, 0.013718882635920349, 1e-13 },
    };

    [Theory]
    [MemberData(nameof(AtOnePoint))]
    public void ReverseModeGoesToAnyOrder(string name, double first, double second, double third, double fourth)
    {
        var x = Tensor.Scalar(At).RequiresGrad_();
        var y = Call(name, x);
        foreach (var expected in new[] { first, second, third, fourth })
        {
            y = Autograd.Grad([y], [x], createGraph: true)[0]!;
            Near(expected, y.Item(), 1e-11);
        }
    }

    [Theory]
    [MemberData(nameof(AtOnePoint))]
    public void ForwardModeGoesToAnyOrder(string name, double first, double second, double third, double fourth)
    {
        _ = fourth;
        Func<Tensor, Tensor> f = x => Call(name, x);
        foreach (var expected in new[] { first, second, third })
        {
            var before = f;
            f = x => Transform.Jvp(before, x, Tensor.OnesLike(x)).Tangent;
            Near(expected, f(Tensor.Scalar(At)).Item(), 1e-11);
        }
    }

    [Theory]
    [MemberData(nameof(OfTwo))]
    public void BothArgumentsHaveDerivatives(string name, int input, int order, double x, double y, double expected, double tolerance)
    {
        Tensor[] inputs = [Tensor.Scalar(x).RequiresGrad_(), Tensor.Scalar(y).RequiresGrad_()];
        var z = Call(name, inputs[0], inputs[1]);
        for (var i = 0; i < order; i++)
        {
            z = Autograd.Grad([z], [inputs[input]], createGraph: true)[0]!;
        }

        Near(expected, z.Item(), 100 * tolerance);
    }

    private static Tensor Call(string name, Tensor x, params object[] others) =>
        (Tensor)typeof(Tensor).GetMethods().Single(method => method.Name == name && !method.IsStatic).Invoke(x, others)!;

    private static void Near(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Max(Math.Abs(expected), 0.01), $"{actual:R} instead of {expected:R}");
}
