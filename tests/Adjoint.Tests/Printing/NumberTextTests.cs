using System.Globalization;
using Adjoint.Printing;

namespace Adjoint.Tests.Printing;

/// <summary>Single numbers; every expectation is what Python's <c>"%.Nf"</c> and <c>"%.Ne"</c> print.</summary>
public class NumberTextTests
{
    [Theory]
    [InlineData(0.03125, "F4", "0.0312")] // exact ties go to the even digit
    [InlineData(0.09375, "F4", "0.0938")]
    [InlineData(0.5, "F0", "0")]
    [InlineData(1.5, "F0", "2")]
    [InlineData(2.5, "F0", "2")]
    [InlineData(5.65745, "F4", "5.6574")] // no tie: the binary value lies below
    [InlineData(1.00005, "F4", "1.0001")] // no tie: the binary value lies above
    [InlineData(-0.0, "F0", "-0")] // the sign of zero, and of what rounds to zero
    [InlineData(-1e-9, "F4", "-0.0000")]
    [InlineData(1e23, "F0", "99999999999999991611392")] // all digits of large numbers
    [InlineData(0.1, "F20", "0.10000000000000000555")]
    [InlineData(double.NaN, "F4", "nan")]
    [InlineData(double.PositiveInfinity, "F0", "inf")]
    [InlineData(double.NegativeInfinity, "F4", "-inf")]
    public void FixedIsPythons(double value, string format, string expected) =>
        Assert.Equal(expected, NumberText.Fixed(value, format));

    [Theory]
    [InlineData(1.0, "E4", "1.0000e+00")]
    [InlineData(-2.5e-7, "E4", "-2.5000e-07")]
    [InlineData(0.0, "E4", "0.0000e+00")]
    [InlineData(-0.0, "E4", "-0.0000e+00")]
    [InlineData(9.99995e9, "E4", "1.0000e+10")] // an exact tie whose even neighbour has one digit more
    [InlineData(9.99996e99, "E4", "1.0000e+100")] // rounding carries into a third exponent digit
    [InlineData(1e-100, "E4", "1.0000e-100")]
    [InlineData(1e200, "E4", "1.0000e+200")]
    [InlineData(5e-324, "E4", "4.9407e-324")]
    [InlineData(66.5, "E1", "6.6e+01")] // exact ties go to the even digit
    [InlineData(2.5e21, "E0", "2e+21")]
    [InlineData(10.0245, "E4", "1.0024e+01")] // no tie: the binary value lies below
    [InlineData(0.1, "E20", "1.00000000000000005551e-01")]
    [InlineData(double.NaN, "E4", "nan")]
    [InlineData(double.PositiveInfinity, "E4", "inf")]
    [InlineData(double.NegativeInfinity, "E4", "-inf")]
    public void ScientificIsPythons(double value, string format, string expected) =>
        Assert.Equal(expected, NumberText.Scientific(value, format));

    /// <summary>Why <see cref="NumberText"/> is not a custom format string: were .NET to change, this tells.</summary>
    [Fact]
    public void CustomFormatsRoundTwice() =>
        Assert.Equal("1.0025e+01", 10.0245.ToString("0.0000e+00", CultureInfo.InvariantCulture));

    /// <summary>Made by hand rather than by name, so that it is the same where no culture data is installed.</summary>
    [Fact]
    public void TheThreadsCultureHasNoSay()
    {
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        foreign.NumberFormat.NumberDecimalSeparator = ",";
        foreign.NumberFormat.NegativeSign = "\u2212";
        foreign.NumberFormat.NaNSymbol = "?";
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = foreign;
            Assert.Equal("\u22121,5", $"{-1.5:F1}");
            Assert.Equal("-1.5", NumberText.Fixed(-1.5, "F1"));
            Assert.Equal("-1.5e-10", NumberText.Scientific(-1.5e-10, "E1"));
            Assert.Equal(
                "tensor([-1.5000,     nan], dtype=torch.float64)",
                TensorText.Format(
                    new ArrayElements(DType.Float64, [2], [-1.5, double.NaN]), null, false, PrintOptions.Default));
            Assert.Equal(
                "tensor([-3])",
                TensorText.Format(new ArrayElements(DType.Int64, [1], [-3L]), null, false, PrintOptions.Default));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
