using System.Text.RegularExpressions;
using Xunit;

namespace Adjoint.Tests.Docs;

/// <summary>The examples of the page on diagnostics, compiled here and run: the same lines, and what they print,
/// but for the places in the program.</summary>
public sealed partial class DiagnosticsPageTests
{
    [Fact]
    public void TheExamplesSayWhatThePageSays()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/diagnostics.md"));
        Assert.Equal(Run(), Said().Matches(page).Select(match => match.Groups[1].Value.TrimEnd()));

        var here = Squeeze(File.ReadAllText(Path.Combine(Repository.Root, "tests/Adjoint.Tests/Docs/DiagnosticsPageTests.cs")));
        var lines = Code().Matches(page).SelectMany(match => match.Groups[1].Value.Split('\n')).Where(line => line.Trim().Length > 1).ToList();
        Assert.Equal(8, lines.Count);
        Assert.All(lines, line => Assert.Contains(Squeeze(line), here, StringComparison.Ordinal));
    }

    private static List<string> Run()
    {
        List<string> said = [];
        void Print(object? value) => said.Add(Place().Replace($"{value}", "HERE"));

        var x = Tensor.FromArray([0.0, 1]).RequiresGrad_();
        var w = Tensor.FromArray([2.0, 3]).RequiresGrad_();
        try
        {
            using (Diagnose.TraceOrigins())
            {
                var y = x.Exp();
                y.Add_(1);
                y.Sum().Backward();
            }
        }
        catch (AutogradException error)
        {
            Print(error.Message);
        }

        Print(Diagnose.FindNonFinite(() => x.Log().Sum()));
        using (Diagnose.TraceOrigins())
        {
            var loss = (x.Detach() * w).Sum();
            Print(Diagnose.WhyIsGradientNull(loss, x));
        }

        return said;
    }

    private static string Squeeze(string code) => Space().Replace(code, string.Empty);

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("```text\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Said();

    [GeneratedRegex(@"DiagnosticsPageTests\.cs:\d+ \(DiagnosticsPageTests\.Run\)")]
    private static partial Regex Place();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
