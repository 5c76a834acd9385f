using Adjoint.Printing;

namespace Adjoint.Tests.Printing;

/// <summary>
/// Where the elements and the suffixes stand: brackets, lines, ellipses. Expectations name their origin as in
/// <see cref="TensorTextTests"/>, which lists the rules.
/// </summary>
public class TensorTextLayoutTests
{
    private static string Print(
        ArrayElements elements, string? gradFn = null, bool requiresGrad = false, PrintOptions? options = null) =>
        TensorText.Format(elements, gradFn, requiresGrad, options ?? PrintOptions.Default);

    private static ArrayElements Longs(params long[] row) => new(DType.Int64, [row.Length], row);

    private static ArrayElements Zeros(int count) => new(DType.Float32, [count], new double[count]);

    /// <summary>The elements 0, 1, 2, ... in row-major order.</summary>
    private static ArrayElements Range(params int[] shape) =>
        new(DType.Int64, shape, [.. Enumerable.Range(0, shape.Aggregate((a, b) => a * b)).Select(i => (long)i)]);

    private static string Lines(params string[] lines) => string.Join('\n', lines);

    // Lines and brackets.

    [Fact]
    public void ALongRowIsBroken() => // case 147
        Assert.Equal(
            Lines(
                "tensor([ True,  True,  True, False, False, False,  True, False, False, False,",
                "         True,  True])"),
            Print(new ArrayElements(DType.Bool, [12], [1L, 1L, 1L, 0L, 0L, 0L, 1L, 0L, 0L, 0L, 1L, 1L])));

    [Fact]
    public void ALineTakesWhatRuleSixAllows() => // (80 - 7) / (4 + 2) = 12
        Assert.Equal(
            Lines(
                "tensor([1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011,",
                "        1012])"),
            Print(Longs([.. Enumerable.Range(1000, 13).Select(i => (long)i)])));

    [Fact]
    public void RowsOfAMatrixAreBrokenAlike() => // case 84, one element further in than a row
        Assert.Equal(
            Lines(
                "tensor([[-114.6932,   16.0343,   38.1833,   55.6426,  -74.7944, -168.1598,",
                "          -92.9295],",
                "        [ 244.0276,  107.7092,  -60.8808, -130.3201, -259.8230, -124.9702,",
                "          -34.6021]], dtype=torch.float64)"),
            Print(new ArrayElements(
                DType.Float64,
                [2, 7],
                [
                    -114.69318004134664, 16.034281790431955, 38.183301666072175, 55.64255406932428, -74.79441531136278,
                    -168.1597787608598, -92.92947872893549, 244.02760248420208, 107.70918271467396, -60.880832675320086,
                    -130.3200553547865, -259.82299140156454, -124.97024497132922, -34.60208716868442,
                ])));

    [Fact]
    public void ANarrowLineHoldsOneElement() => // rule 6: never fewer than one
        Assert.Equal(
            Lines(
                "tensor([100,",
                "        200],",
                "       requires_grad=True)"),
            Print(Longs(100, 200), requiresGrad: true, options: PrintOptions.Default with { LineWidth = 1 }));

    /// <summary>Case 159: zeros count as one wide (rule 2), and 72 / 3 = 24 of them pass the line's end.</summary>
    [Fact]
    public void ZerosPassTheEndOfTheLine() =>
        Assert.Equal(
            Lines(
                "tensor([[" + string.Join(", ", Enumerable.Repeat("0.", 24)) + ",",
                "         " + string.Join(", ", Enumerable.Repeat("0.", 9)) + "]])"),
            Print(new ArrayElements(DType.Float32, [1, 33], new double[33])));

    [Fact]
    public void AWideLineHoldsAll() => // rule 6
        Assert.Equal(
            "tensor([" + string.Join(", ", Enumerable.Repeat("0.", 200)) + "])",
            Print(Zeros(200), options: PrintOptions.Default with { LineWidth = 1_000_000 }));

    [Fact]
    public void MatricesArePartedByABlankLine() => // rule 8
        Assert.Equal(
            Lines(
                "tensor([[[-852,  -93],",
                "         [ 661,  429]],",
                "",
                "        [[-450, -228],",
                "         [-247, -173]]])"),
            Print(new ArrayElements(DType.Int64, [2, 2, 2], [-852L, -93L, 661L, 429L, -450L, -228L, -247L, -173L])));

    [Fact]
    public void BlocksOfMatricesArePartedByTwo() => // rule 8
        Assert.Equal(
            Lines(
                "tensor([[[[0],",
                "          [1]]],",
                "",
                "",
                "        [[[2],",
                "          [3]]]])"),
            Print(Range(2, 1, 2, 1)));

    [Fact]
    public void NotFiniteElementsKeepTheColumn() => // case 113
        Assert.Equal(
            Lines(
                "tensor([[[ 0.2819, -0.2404],",
                "         [   -inf,    -inf],",
                "         [-2.0436,  0.8305]]])"),
            Print(new ArrayElements(
                DType.Float32,
                [1, 3, 2],
                [
                    0.2819030284881592, -0.24040864408016205, double.NegativeInfinity,
                    double.NegativeInfinity, -2.043586492538452, 0.8305389285087585,
                ])));

    // Summaries: rule 7.

    [Fact]
    public void AThousandElementsArePrintedWhole()
    {
        // (80 - 7) / (3 + 2) = 14 to a line, 71 full lines and 6 elements.
        var lines = Print(Longs([.. Enumerable.Repeat(100L, 1000)])).Split('\n');
        Assert.Equal(72, lines.Length);
        Assert.Equal("        100, 100, 100, 100, 100, 100])", lines[^1]);
    }

    [Fact]
    public void OneMoreIsSummarised() =>
        Assert.Equal("tensor([0., 0., 0.,  ..., 0., 0., 0.])", Print(Zeros(1001)));

    [Fact]
    public void OnlyElementsThatAreShownChooseNotationAndWidth()
    {
        var hidden = new double[1001];
        hidden[500] = 1234567890.5;
        Assert.Equal(
            "tensor([0., 0., 0.,  ..., 0., 0., 0.])",
            Print(new ArrayElements(DType.Float32, [1001], hidden)));
        Assert.Equal("tensor([   0,    1,    2,  ...,  998,  999, 1000])", Print(Range(1001)));
    }

    [Fact]
    public void AMatrixIsSummarisedBothWaysAndReadAtItsEdgesOnly()
    {
        var matrix = Range(40, 40);
        Assert.Equal(
            Lines(
                "tensor([[   0,    1,    2,  ...,   37,   38,   39],",
                "        [  40,   41,   42,  ...,   77,   78,   79],",
                "        [  80,   81,   82,  ...,  117,  118,  119],",
                "        ...,",
                "        [1480, 1481, 1482,  ..., 1517, 1518, 1519],",
                "        [1520, 1521, 1522,  ..., 1557, 1558, 1559],",
                "        [1560, 1561, 1562,  ..., 1597, 1598, 1599]])"),
            Print(matrix));
        int[] edges = [0, 1, 2, 37, 38, 39];
        Assert.Equal([.. edges.SelectMany(row => edges.Select(column => 40 * row + column))], matrix.Reads);
    }

    [Fact]
    public void AShortDimensionOfALargeTensorIsWhole()
    {
        Assert.Equal(
            Lines(
                "tensor([[   0,    1,    2,  ...,  598,  599,  600],",
                "        [ 601,  602,  603,  ..., 1199, 1200, 1201]])"),
            Print(Range(2, 601)));
        var few = PrintOptions.Default with { Threshold = 5 };
        Assert.Equal("tensor([0, 1, 2, 3, 4, 5])", Print(Range(6), options: few));
        Assert.Equal("tensor([0, 1, 2,  ..., 4, 5, 6])", Print(Range(7), options: few));
    }

    [Fact]
    public void TheEllipsisOfBlocksStandsBetweenBlankLines() // rules 7 and 8
    {
        var one = PrintOptions.Default with { Threshold = 2, EdgeItems = 1 };
        Assert.Equal(
            Lines(
                "tensor([[[ 0,  1],",
                "         [ 2,  3]],",
                "",
                "        ...,",
                "",
                "        [[ 8,  9],",
                "         [10, 11]]])"),
            Print(Range(3, 2, 2), options: one));
        Assert.Equal(
            Lines("tensor([[[[0]]],", "", "", "        ...,", "", "", "        [[[2]]]])"),
            Print(Range(3, 1, 1, 1), options: one));
    }

    [Fact]
    public void TheEllipsisOfARowTakesAnElementsPlace() => // rule 6: (19 - 7) / (1 + 2) = 4 to a line
        Assert.Equal(
            Lines(
                "tensor([0, 1, 2,  ...,",
                "        7, 8, 9])"),
            Print(Range(10), options: PrintOptions.Default with { Threshold = 5, LineWidth = 19 }));

    [Fact]
    public void Profiles()
    {
        Assert.Equal("tensor([   0,    1,  ...,  999, 1000])", Print(Range(1001), options: PrintOptions.Short));
        var lines = Print(Range(1001), options: PrintOptions.Full).Split('\n');
        Assert.Equal(84, lines.Length); // 12 to a line, as above
        Assert.Equal("         996,  997,  998,  999, 1000])", lines[^1]);
    }

    // Suffixes: rule 10.

    [Fact]
    public void ANodeIsNamedInsteadOfRequiresGrad()
    {
        Assert.Equal("tensor([2], grad_fn=<MulBackward0>)", Print(Longs(2), "MulBackward0", requiresGrad: true));
        Assert.Equal("tensor([2], requires_grad=True)", Print(Longs(2), requiresGrad: true));
    }

    [Fact]
    public void ASuffixThatDoesNotFitStandsBelowTheElements() // cases 164 and 16
    {
        Assert.Equal(
            Lines(
                "tensor([-967990, -884220, -646026, -528657, -432070, -971609, -449758],",
                "       dtype=torch.int32)"),
            Print(new ArrayElements(
                DType.Int32, [7], [-967990L, -884220L, -646026L, -528657L, -432070L, -971609L, -449758L])));
        Assert.Equal(
            Lines(
                "tensor([ 0.7954, -1.1300, -1.0892,  0.8734, -0.2012], dtype=torch.float64,",
                "       requires_grad=True)"),
            Print(
                new ArrayElements(
                    DType.Float64,
                    [5],
                    [
                        0.7954413098379208, -1.1300339558989687, -1.0891532225845995,
                        0.8734226793956555, -0.20116766763028418,
                    ]),
                requiresGrad: true));
    }

    /// <summary>
    /// The line that ends the elements counts two characters more than it has: 58 + 2 + 18 + 2 is 80 and stays, one
    /// more breaks.
    /// </summary>
    [Fact]
    public void TheLineOfTheElementsIsMeasuredAsPyTorchDoes()
    {
        var fifteen = new string('1', 15);
        Assert.Equal(
            $"tensor([{fifteen}, {fifteen}, {fifteen}], requires_grad=True)",
            Print(Longs(111111111111111, 111111111111111, 111111111111111), requiresGrad: true));
        var eleven = new string('1', 11);
        Assert.Equal(
            Lines($"tensor([{eleven}, {eleven}, {eleven}, {eleven}],", "       requires_grad=True)"),
            Print(Longs(11111111111, 11111111111, 11111111111, 11111111111), requiresGrad: true));
    }

    /// <summary>Of several lines it is the last one that counts.</summary>
    [Fact]
    public void OnlyTheLastLineIsMeasured() =>
        Assert.Equal(
            Lines(
                "tensor([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3,",
                "         4],",
                "        [5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8,",
                "         9]], requires_grad=True)"),
            Print(
                new ArrayElements(DType.Int64, [2, 25], [.. Enumerable.Range(0, 50).Select(i => (long)(i % 10))]),
                requiresGrad: true));

    /// <summary>A line of suffixes counts what it has: 7 + 19 + 2 + 52 is 80 and stays, one more breaks.</summary>
    [Fact]
    public void ALineOfSuffixesIsMeasuredAsItIs()
    {
        var row = new ArrayElements(DType.Float64, [4], [12345678.5, 12345678.5, 12345678.5, 12345678.5]);
        const string Elements = "tensor([12345678.5000, 12345678.5000, 12345678.5000, 12345678.5000],";
        var name = new string('N', 42);
        Assert.Equal(Lines(Elements, $"       dtype=torch.float64, grad_fn=<{name}>)"), Print(row, gradFn: name));
        Assert.Equal(
            Lines(Elements, "       dtype=torch.float64,", $"       grad_fn=<N{name}>)"),
            Print(row, gradFn: "N" + name));
    }
}
