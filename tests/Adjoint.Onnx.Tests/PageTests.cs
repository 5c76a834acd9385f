using System.Text;
using Adjoint.Onnx.Forms;
using Adjoint.Onnx.Import;

namespace Adjoint.Onnx.Tests;

/// <summary>docs/onnx.md lists what the tables have. Run with ADJOINT_PRINT_PAGES=1 to print it anew.</summary>
public sealed class PageTests
{
    private const string Begin = "<!-- tables -->";

    [Fact]
    public void ThePageListsFormsAndNodes()
    {
        var path = Path.Combine(Root(), "docs", "onnx.md");
        var page = File.ReadAllText(path);
        var at = page.IndexOf(Begin, StringComparison.Ordinal);
        Assert.True(at > 0, "docs/onnx.md has no tables");
        var expected = page[..at] + Begin + "\n\n" + Tables();
        if (Environment.GetEnvironmentVariable("ADJOINT_PRINT_PAGES") == "1")
        {
            File.WriteAllText(path, expected);
            return;
        }

        Assert.Equal(expected, page);
    }

    private static string Tables()
    {
        var text = new StringBuilder();
        text.Append("## Methods that are tested against ONNX Runtime\n\n");
        var methods = OperatorCases.All().Select(each => each.Name.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal).ToList();
        List(text, methods);
        text.Append("## Modules that are tested against ONNX Runtime\n\n");
        List(text, ModuleCases.All().Select(call => call.Module.GetType().Name.Split('`')[0]).Distinct()
            .Where(name => name != "CTCLoss").Order(StringComparer.Ordinal).ToList());
        text.Append("## Operators of graphs with a form of their own\n\n");
        text.Append("All others are written as what they are made of, which is made of these.\n\n");
        List(text, FormTable.Names.Order(StringComparer.Ordinal).ToList());
        text.Append("## Operators of ONNX that are read\n\n");
        List(text, NodeTable.Names.Order(StringComparer.Ordinal).ToList());
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void List(StringBuilder text, List<string> names)
    {
        text.Append($"{names.Count}: ");
        text.AppendJoin(", ", names.Select(name => $"`{name}`"));
        text.Append(".\n\n");
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Adjoint.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return folder;
    }
}
