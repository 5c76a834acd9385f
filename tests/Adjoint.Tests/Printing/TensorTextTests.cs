using Adjoint.Printing;

namespace Adjoint.Tests.Printing;

/// <summary>Which text an element has, and the tensors that are nothing but one text.</summary>
/// <remarks>
/// The origin of each expectation is named: "golden" is a text that PyTorch is known to print, "case N" is line N of
/// the conformance file print.jsonl.gz (PyTorch 1.13.1), and "rule N" is a rule of PyTorch's
/// <c>torch/_tensor_str.py</c>, worked out by hand:
/// <code>
///  2  the printed elements that are finite and not zero choose the notation; none: whole, width 1
///  3  scientific if, in double, max / min exceeds 1000, max exceeds 1e8, or not all are whole and min is below 1e-4
///  4  the width is the longest of those elements' texts
///  5  whole numbers end in a dot, nan and inf do not; bools and integers are plain
///  6  a line has max(1, (80 - indent) / (width + 2)) elements
///  7  above 1000 elements, three at either end of each dimension above six
///  8  one line break more for each dimension above a row
///  9  scalars have no brackets; empty tensors show their size and dtype
/// 10  suffixes are size, dtype, then the node or requires_grad
/// </code>
/// </remarks>
public class TensorTextTests
{
    private static string Print(
        ArrayElements elements, string? gradFn = null, bool requiresGrad = false, PrintOptions? options = null) =>
        TensorText.Format(elements, gradFn, requiresGrad, options ?? PrintOptions.Default);

    private static ArrayElements Floats(params double[] row) => new(DType.Float32, [row.Length], row);

    private static ArrayElements Doubles(params double[] row) => new(DType.Float64, [row.Length], row);

    [Theory]
    [InlineData(new[] { 0.0, 4, 8, 16 }, "tensor([ 0.,  4.,  8., 16.])")] // golden, to the end of the nine
    [InlineData(new[] { 1, 2.5 }, "tensor([1.0000, 2.5000])")]
    [InlineData(new[] { 1e-5, 1 }, "tensor([1.0000e-05, 1.0000e+00])")]
    [InlineData(new[] { 1.0, 10000 }, "tensor([1.0000e+00, 1.0000e+04])")]
    [InlineData(new[] { 0.1, 200.5 }, "tensor([1.0000e-01, 2.0050e+02])")]
    [InlineData(new[] { 1e9 }, "tensor([1.0000e+09])")]
    [InlineData(new[] { double.PositiveInfinity, -1, 100 }, "tensor([ inf,  -1., 100.])")]
    [InlineData(new[] { -0.0, 0.0 }, "tensor([-0., 0.])")]
    [InlineData(new[] { 1.12345 }, "tensor([1.1235])")]
    [InlineData(new[] { 1.0, 1000 }, "tensor([   1., 1000.])")] // rule 3: the ratio must exceed 1000
    [InlineData(new[] { 1.0, 1001 }, "tensor([1.0000e+00, 1.0010e+03])")]
    [InlineData(new[] { 1e8 }, "tensor([100000000.])")] // rule 3: the maximum must exceed 1e8
    [InlineData(new[] { 1e8 + 8 }, "tensor([1.0000e+08])")] // the next float32
    [InlineData(new[] { 1e-4 }, "tensor([1.0000e-04])")] // rule 3: 1e-4f is below 1e-4 once widened
    [InlineData(new[] { 0.5, 0, -0.0 }, "tensor([0.5000, 0.0000, -0.0000])")] // rule 4: a zero does not widen
    [InlineData(new[] { -0.0, 1, 10000 }, "tensor([-0.0000e+00, 1.0000e+00, 1.0000e+04])")]
    [InlineData(new[] { 1e-45, 1e-40 }, "tensor([1.4013e-45, 9.9999e-41])")] // rule 3, subnormal float32
    public void Float32(double[] row, string expected) => Assert.Equal(expected, Print(Floats(row)));

    [Theory]
    [InlineData(new[] { double.NaN, 1 }, "tensor([nan, 1.])")] // golden, the first two
    [InlineData(new[] { double.NegativeInfinity, 0.5 }, "tensor([  -inf, 0.5000])")]
    [InlineData(new[] { double.NaN, double.NaN }, "tensor([nan, nan])")] // rule 2: nothing chooses
    [InlineData(new[] { double.PositiveInfinity, double.NegativeInfinity, 0 }, "tensor([inf, -inf, 0.])")]
    [InlineData(new[] { double.NaN, 1, 10000 }, "tensor([       nan, 1.0000e+00, 1.0000e+04])")] // rule 4
    [InlineData(new[] { double.PositiveInfinity, 1e-5 }, "tensor([       inf, 1.0000e-05])")] // rule 2
    public void NotFinite(double[] row, string expected) => Assert.Equal(expected, Print(Floats(row)));

    [Theory]
    [InlineData(new[] { 1e-100, 1 }, "tensor([1.0000e-100,  1.0000e+00], dtype=torch.float64)")] // rule 4: three digits
    [InlineData(new[] { 1e200 }, "tensor([1.0000e+200], dtype=torch.float64)")]
    [InlineData(new[] { -1e-100, 1e200 }, "tensor([-1.0000e-100,  1.0000e+200], dtype=torch.float64)")]
    [InlineData(new[] { 5e-324, 1e308 }, "tensor([4.9407e-324, 1.0000e+308], dtype=torch.float64)")] // rule 3
    [InlineData(new[] { 1e-4 }, "tensor([0.0001], dtype=torch.float64)")] // rule 3: not below 1e-4, unlike 1e-4f
    [InlineData(new[] { 100000001.0 }, "tensor([1.0000e+08], dtype=torch.float64)")]
    [InlineData(new[] { 0.03125, 0.09375 }, "tensor([0.0312, 0.0938], dtype=torch.float64)")] // ties go to even
    [InlineData(new[] { -1.6864878166493445e-05, -5.027502840329793e-06 }, // case 192
        "tensor([-1.6865e-05, -5.0275e-06], dtype=torch.float64)")]
    [InlineData(new[] { double.NaN, 0.5451011078796327, double.NaN }, // case 233
        "tensor([   nan, 0.5451,    nan], dtype=torch.float64)")]
    [InlineData(new[] { -10543147.487914752 }, "tensor([-10543147.4879], dtype=torch.float64)")] // case 242
    public void Float64(double[] row, string expected) => Assert.Equal(expected, Print(Doubles(row)));

    /// <summary>Rule 5.</summary>
    [Fact]
    public void IntegersAndBools()
    {
        Assert.Equal(
            "tensor([-9223372036854775808,                    0,  9223372036854775807])",
            Print(new ArrayElements(DType.Int64, [3], [long.MinValue, 0L, long.MaxValue])));
        Assert.Equal("tensor([  0, 255], dtype=torch.uint8)", Print(new ArrayElements(DType.UInt8, [2], [0L, 255L])));
        Assert.Equal(
            "tensor([-2147483648,           1], dtype=torch.int32)",
            Print(new ArrayElements(DType.Int32, [2], [int.MinValue, 1L])));
        Assert.Equal("tensor([ True, False])", Print(new ArrayElements(DType.Bool, [2], [1L, 0L])));
        Assert.Equal("tensor([True, True])", Print(new ArrayElements(DType.Bool, [2], [1L, 1L])));
    }

    /// <summary>The option replaces the notation once the width is known, where rule 2 found an element.</summary>
    [Theory]
    [InlineData(true, new[] { 1, 2.5 }, "tensor([1.0000e+00, 2.5000e+00])")]
    [InlineData(true, new[] { 1.0, -2 }, "tensor([1.0000e+00, -2.0000e+00])")] // width 3 was for "-2."
    [InlineData(true, new[] { double.NaN, 1 }, "tensor([nan, 1.0000e+00])")]
    [InlineData(true, new[] { 0.0, double.NaN }, "tensor([0., nan])")] // nothing chose, so nothing is replaced
    [InlineData(true, new[] { 1e-5, 1 }, "tensor([1.0000e-05, 1.0000e+00])")] // as it was
    [InlineData(false, new[] { 1.0, 10000 }, "tensor([        1.,     10000.])")] // width 10 was for "1.0000e+04"
    [InlineData(false, new[] { 1e-5, 0.5 }, "tensor([    0.0000,     0.5000])")]
    [InlineData(false, new[] { -1e-5 }, "tensor([    -0.0000])")]
    [InlineData(false, new[] { 1, 2.5 }, "tensor([1.0000, 2.5000])")] // as it was
    public void SciMode(bool mode, double[] row, string expected) =>
        Assert.Equal(expected, Print(Floats(row), options: PrintOptions.Default with { SciMode = mode }));

    [Theory]
    [InlineData(2, new[] { 1.12345 }, "tensor([1.12])")] // golden: the example of torch.set_printoptions
    [InlineData(0, new[] { 1.5, 2.5 }, "tensor([2, 2])")] // rules 4 and 5: no dot is left to print
    [InlineData(0, new[] { 1e-5, 1 }, "tensor([1e-05, 1e+00])")]
    [InlineData(2, new[] { 1.0, 2 }, "tensor([1., 2.])")] // rule 5: whole numbers have no decimals to count
    [InlineData(10, new[] { 0.1 }, "tensor([0.1000000015])")] // the float32 nearest to 0.1, widened
    public void Precision(int precision, double[] row, string expected) =>
        Assert.Equal(expected, Print(Floats(row), options: PrintOptions.Default with { Precision = precision }));

    /// <summary>Rule 9.</summary>
    [Fact]
    public void Scalars()
    {
        Assert.Equal("tensor(3.)", Print(new ArrayElements(DType.Float32, [], [3.0])));
        Assert.Equal("tensor(-0.)", Print(new ArrayElements(DType.Float32, [], [-0.0]))); // case 249
        Assert.Equal("tensor(nan)", Print(new ArrayElements(DType.Float32, [], [double.NaN])));
        Assert.Equal("tensor(1.5000, dtype=torch.float64)", Print(new ArrayElements(DType.Float64, [], [1.5])));
        Assert.Equal("tensor(385)", Print(new ArrayElements(DType.Int64, [], [385L]))); // case 123
        Assert.Equal("tensor(-23, dtype=torch.int32)", Print(new ArrayElements(DType.Int32, [], [-23L]))); // case 31
        Assert.Equal("tensor(79, dtype=torch.uint8)", Print(new ArrayElements(DType.UInt8, [], [79L]))); // case 9
        Assert.Equal("tensor(False)", Print(new ArrayElements(DType.Bool, [], [0L]))); // case 4
        Assert.Equal( // case 46
            "tensor(2000., dtype=torch.float64, requires_grad=True)",
            Print(new ArrayElements(DType.Float64, [], [2000.0]), requiresGrad: true));
        Assert.Equal( // a summary of a scalar is the scalar
            "tensor(3.)",
            Print(new ArrayElements(DType.Float32, [], [3.0]), options: PrintOptions.Default with { Threshold = 0 }));
    }

    /// <summary>Rule 9; empty, there is no other sign of an integer or a bool than the dtype.</summary>
    [Theory]
    [InlineData(nameof(DType.Float32), new[] { 0 }, "tensor([])")] // case 96
    [InlineData(nameof(DType.Float64), new[] { 0 }, "tensor([], dtype=torch.float64)")]
    [InlineData(nameof(DType.Int64), new[] { 0 }, "tensor([], dtype=torch.int64)")]
    [InlineData(nameof(DType.Bool), new[] { 0 }, "tensor([], dtype=torch.bool)")] // case 149
    [InlineData(nameof(DType.Float32), new[] { 0, 3 }, "tensor([], size=(0, 3))")] // case 56
    [InlineData(nameof(DType.Float32), new[] { 1, 0, 2 }, "tensor([], size=(1, 0, 2))")] // case 226
    [InlineData(nameof(DType.Int64), new[] { 0, 0 }, "tensor([], size=(0, 0), dtype=torch.int64)")] // case 91
    [InlineData(nameof(DType.UInt8), new[] { 12, 2, 7, 0 }, "tensor([], size=(12, 2, 7, 0), dtype=torch.uint8)")] // case 171
    [InlineData(nameof(DType.Float32), new[] { 2_000_000, 0, 2_000_000 }, "tensor([], size=(2000000, 0, 2000000))")]
    public void Empty(string dtypeName, int[] shape, string expected)
    {
        var dtype = DType.Parse(dtypeName);
        var none = dtype.IsFloatingPoint
            ? new ArrayElements(dtype, shape, Array.Empty<double>())
            : new ArrayElements(dtype, shape, Array.Empty<long>());
        Assert.Equal(expected, Print(none));
        Assert.Empty(none.Reads);
    }

    [Fact]
    public void EmptyWithGradient() => // case 61
        Assert.Equal(
            "tensor([], size=(0, 3, 1, 0), requires_grad=True)",
            Print(new ArrayElements(DType.Float32, [0, 3, 1, 0], Array.Empty<double>()), requiresGrad: true));
}
