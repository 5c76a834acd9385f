using System.Text.RegularExpressions;
using Xunit;

namespace Adjoint.Tests.Docs;

/// <summary>The first example of both README pages, compiled here and run: the same lines, and what they print.</summary>
public sealed partial class ReadmeTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("README.zh-CN.md")]
    public void FirstExampleDoesWhatItSays(string page)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, page));
        var example = FirstBlock().Match(text).Groups[1].Value;
        var said = Printed().Matches(example).Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal(Run(), said);

        // Each statement of the page stands in this file too, so that what is compiled is what is shown.
        var here = Squeeze(File.ReadAllText(Path.Combine(Repository.Root, "tests/Adjoint.Tests/Docs/ReadmeTests.cs")));
        foreach (var line in example.Split('\n').Select(line => Comment().Replace(line, string.Empty).Trim()))
        {
            if (line.Length > 0 && !line.StartsWith("using", StringComparison.Ordinal) && !line.StartsWith("while", StringComparison.Ordinal))
            {
                Assert.Contains(Squeeze(line.Replace("Console.WriteLine(", "Print(", StringComparison.Ordinal)), here, StringComparison.Ordinal);
            }
        }
    }

    private static List<string> Run()
    {
        List<string> lines = [];
        void Print(Tensor? value) => lines.Add($"{value}");

        Tensor x = [0f, 1, 2, 4];
        x.RequiresGrad = true;
        var y = 2 * Tensor.Dot(x, x);
        Print(y);
        y.Backward();
        Print(x.Grad);
        Print(x.Grad == 4 * x);

        var a = Tensor.Randn().RequiresGrad_();
        var b = a * 2;
        while (b.Norm() < 1000)
        {
            b = b * 2;
        }

        b.Backward();
        Print(a.Grad == b / a);
        return lines;
    }

    private static string Squeeze(string code) => Space().Replace(code, string.Empty);

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex FirstBlock();

    [GeneratedRegex(@"Console\.WriteLine\([^\n]*\);\s*// ([^\n]*)")]
    private static partial Regex Printed();

    [GeneratedRegex(@"//.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
