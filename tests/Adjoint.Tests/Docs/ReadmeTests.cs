using System.Text.RegularExpressions;
using Adjoint.Families;

namespace Adjoint.Tests.Docs;

/// <summary>Each C# block of both README pages, compiled from the page itself and run: it prints what its comments say.</summary>
[Collection(Memory.Alone.Name)]
public sealed partial class ReadmeTests
{
    // The block of the operator shows a file of the library, which has its namespaces around it; here it is applied as a user of Op.Map would.
    private const string OperatorInUse = """
        using Adjoint;
        using Adjoint.Algebra;
        using Adjoint.Algebra.Functions;
        using Adjoint.Families;
        
        var point = Tensor.Scalar(0.5).RequiresGrad_();
        var value = Op.Map(default(Sigmoid), point);
        var slope = Autograd.Grad(value, point, createGraph: true);
        Console.WriteLine($"{value.Item():F12} {slope.Item():F12} {Autograd.Grad(slope, point).Item():F12}");
        """;

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.zh-CN.md")]
    public void EachBlockCompilesAndPrintsWhatItSays(string page)
    {
        var blocks = Blocks(page);
        Assert.Equal(3, blocks.Count);
        foreach (var block in blocks)
        {
            if (!block.Contains("Console.WriteLine", StringComparison.Ordinal))
            {
                // s = 1 / (1 + e^-x), s (1 - s) and s (1 - s) (1 - 2 s) at 0.5.
                var value = 1 / (1 + Math.Exp(-0.5));
                var slope = value * (1 - value);
                Assert.Equal([$"{value:F12} {slope:F12} {slope * (1 - (2 * value)):F12}"], Compiled.Run($"{OperatorInUse}\n{block}"));
                continue;
            }

            Assert.Equal(Printed().Matches(block).Select(match => match.Groups[1].Value), Compiled.Run(block));
        }
    }

    /// <summary>What is shown of an operator is what its file says.</summary>
    [Fact]
    public void TheOperatorIsTheLibrarysOwn()
    {
        var shown = Blocks("README.md").Single(block => block.Contains("IMap", StringComparison.Ordinal));
        var file = File.ReadAllText(Path.Combine(Repository.Root, "src/Adjoint/Ops/Pointwise/Sigmoid.cs"));
        Assert.Contains(Space().Replace(shown, string.Empty), Space().Replace(file, string.Empty), StringComparison.Ordinal);
    }

    /// <summary>The pages show the same code; what it prints is the same too, and only other comments are translated.</summary>
    [Fact]
    public void BothPagesShowTheSameCode() =>
        Assert.Equal(Blocks("README.md").Select(WithoutComments), Blocks("README.zh-CN.md").Select(WithoutComments));

    private static List<string> Blocks(string page) =>
    [
        .. Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, page))).Select(match => match.Groups[2].Value),
    ];

    private static string WithoutComments(string block) => string.Join(
        '\n', block.Split('\n').Select(line => Printed().IsMatch(line) ? line : Comment().Replace(line, string.Empty).TrimEnd()));

    [GeneratedRegex("^( *)```csharp\n(.*?)^ *```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"Console\.WriteLine\([^\n]*\);\s*// ([^\n]*)")]
    private static partial Regex Printed();

    [GeneratedRegex("//.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
