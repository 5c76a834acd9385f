using System.Globalization;
using Adjoint.NN;

namespace Adjoint.Tests.Printing;

/// <summary>Messages read the same in every culture: their numbers have the minus sign and the point of the invariant one.</summary>
public class CultureTests
{
    private static readonly Dictionary<string, Action> Errors = new()
    {
        ["view"] = () => Tensor.Zeros(6).View(-2, 3),
        ["reshape"] = () => Tensor.Zeros(6).Reshape(4, -1),
        ["dimension"] = () => Tensor.Zeros(6).Sum(-5),
        ["select"] = () => Tensor.Zeros(6).Select(0, -9),
        ["index"] = () => _ = Tensor.Zeros(6)[-9],
        ["negative size"] = () => Tensor.Zeros(2, -3),
        ["shapes"] = () => _ = Tensor.Zeros(2, 3).MatMul(Tensor.Zeros(2, 3)),
        ["dropout"] = () => Tensor.Zeros(6).Dropout(-0.5),
        ["label smoothing"] = () => Tensor.Zeros(2, 3).CrossEntropy(Tensor.Zeros([2], DType.Int64), labelSmoothing: -1.5),
        ["class"] = () => Tensor.Zeros(2, 3).CrossEntropy(Tensor.Full([2], -7, DType.Int64)),
        ["one-hot rows"] = () => Tensor.Full([1], -7, DType.Int64).Embedding(Tensor.Zeros(2, 3)),
        ["normalised shape"] = () => Tensor.Zeros(2, 3).LayerNorm([-3]),
        ["pool"] = () => Tensor.Zeros(1, 1, 2, 2).MaxPool2d(-3),
        ["convolution"] = () => Tensor.Zeros(1, 1, 2, 2).Conv2d(Tensor.Zeros(1, 1, 5, 5)),
        ["vmap axis"] = () => Transform.Vmap((Tensor x) => x, -9)(Tensor.Zeros(2, 3)),
        ["vmap chunk"] = () => Transform.Vmap((Tensor x) => x, chunkSize: -9)(Tensor.Zeros(2, 3)),
        ["argument number"] = () => Transform.Grad((Tensor x, Tensor y) => (x * y).Sum(), -9)(Tensor.Zeros(2), Tensor.Zeros(2)),
        ["order"] = () => Transform.DirectionalDerivative((Tensor x) => x, Tensor.Zeros(2), Tensor.Zeros(2), -9),
        ["threads"] = () => Backend.MaxThreads = -9,
        ["segments"] = () => Checkpoint.Sequential([x => x], -9, Tensor.Zeros(2)),
        ["budget"] = () => Checkpoint.Auto(-9),
        ["precision"] = () => _ = new PrintOptions { Precision = -9 },
        ["layer"] = () => _ = new Linear(-9, 2),
        ["dropout layer"] = () => _ = new Dropout(-0.5),
        ["embedding"] = () => _ = new Embedding(2, 3, paddingIdx: -9),
        ["random"] = () => Tensor.Randint(-3, -5, [2]),
        ["exponential"] = () => Tensor.Zeros(2).Exponential_(-1.5),
    };

    public static TheoryData<string> Names => [.. Errors.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void MessagesAreTheSameInEveryCulture(string name)
    {
        var expected = Message(CultureInfo.InvariantCulture, Errors[name]);
        Assert.Matches("[0-9]", expected);
        foreach (var culture in Cultures())
        {
            Assert.Equal(expected, Message(culture, Errors[name]));
        }
    }

    [Fact]
    public void WarningsAndReportsToo()
    {
        var x = Tensor.FromArray([-1.5, 2], 2);
        string Text() => string.Join(
            '\n',
            Transform.Trace((Tensor t) => t * -1.5, x).ToString(),
            Transform.PlanJacobian((Tensor t) => t * -1.5, x).ToString(),
            new Linear(3, 2).ToString(),
            x.ToString(),
            new Conv2d(1, 1, (2, 3)).ToString());
        var expected = In(CultureInfo.InvariantCulture, Text);
        foreach (var culture in Cultures())
        {
            Assert.Equal(expected, In(culture, Text));
        }
    }

    /// <summary>A culture whose signs are all others, and Arabic and Persian where the system knows them:
    /// they write a mark before the minus sign.</summary>
    private static IEnumerable<CultureInfo> Cultures()
    {
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NegativeSign = "~";
        other.NumberFormat.NumberDecimalSeparator = "'";
        yield return other;
        yield return CultureInfo.GetCultureInfo("ar-SA");
        yield return CultureInfo.GetCultureInfo("fa-IR");
        yield return CultureInfo.GetCultureInfo("sv-SE");
    }

    private static string Message(CultureInfo culture, Action action) => In(culture, () => Assert.ThrowsAny<Exception>(action).Message);

    private static string In(CultureInfo culture, Func<string> text)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            return text();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
