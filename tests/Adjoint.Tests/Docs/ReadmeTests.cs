using System.Text.RegularExpressions;

namespace Adjoint.Tests.Docs;

/// <summary>Each C# block of both README pages, compiled from the page itself and run: it prints what its comments say.</summary>
[Collection(Memory.Alone.Name)]
public sealed partial class ReadmeTests
{
    // The block of the operator shows a file of the library, which has its namespaces around it; here it is applied as a user of Op.Map would.
    private const string OperatorInUse = """
        using Adjoint;
        using Adjoint.Algebra;
        using Adjoint.Ops.Families;

        var point = Tensor.Scalar(0.5).RequiresGrad_();
        var value = Op.Map(default(Tanh), point);
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
                // tanh, 1 - tanh^2 and -2 tanh (1 - tanh^2) at 0.5.
                var tanh = Math.Tanh(0.5);
                var slope = 1 - (tanh * tanh);
                Assert.Equal([$"{tanh:F12} {slope:F12} {-2 * tanh * slope:F12}"], Compiled.Run($"{OperatorInUse}\n{block}"));
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
        var file = File.ReadAllText(Path.Combine(Repository.Root, "src/Adjoint/Ops/Pointwise/Tanh.cs"));
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
