using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Adjoint.Algebra;
using Adjoint.Tests.Laws;

namespace Adjoint.Tests.Docs;

/// <summary>
/// The pages of <c>docs/</c> that are printed from the source: the reference of operators, and the names of PyTorch with those of Adjoint in
/// English and in Chinese.
/// </summary>
internal static partial class ReferencePages
{
    private static readonly Words English = new(
        "From PyTorch to Adjoint",
        """
        Every operator in the table with which PyTorch tests itself, and how it is written here. Names are PyTorch's in .NET's case:
        `masked_fill` is `MaskedFill`, and an operator that changes its tensor keeps the underscore, `x.Add_(y)`. Parameters are called and
        defaulted as in PyTorch, and a negative dimension counts from the end. What PyTorch has in `torch.nn.functional` or `torch.special` is a
        method of `Tensor` too.

        | PyTorch | Adjoint |
        |---|---|
        | `torch.tensor([1., 2.])` | `Tensor x = [1.0, 2.0];` or `Tensor.FromArray(array)` |
        | `x.requires_grad_()` | `x.RequiresGrad_()` |
        | `y.backward()`, `x.grad` | `y.Backward()`, `x.Grad` |
        | `torch.autograd.grad(y, x, create_graph=True)` | `Autograd.Grad(y, x, createGraph: true)` |
        | `with torch.no_grad():` | `using (Autograd.NoGrad())` |
        | `torch.func.vmap(f)`, `torch.func.grad(f)` | `Transform.Vmap(f)`, `Transform.Grad(f)` |
        | `torch.func.functional_call(m, p, x)`, `stack_module_state(models)` | `m.FunctionalCall(p, x)`, `models.StackModules()` |
        | `x[1:, -1]`, `x[mask]` | `x[1.., ^1]`, `x[mask]` |
        | `x.to(torch.float64)` | `x.To(DType.Float64)` |
        | `x.item()`, `x.tolist()` | `x.Item()`, `x.ToArray<double>()` |
        | `nn.Module`, `nn.Linear(3, 2)` | `Module`, `new Linear(3, 2)` in `Adjoint.NN` |

        This page is printed from the source: `bash eng/reference.sh` writes it anew, and a test compares it.
        """,
        "PyTorch",
        "Not there yet");

    private static readonly Words Chinese = new(
        "从 PyTorch 到 Adjoint",
        """
        PyTorch 用来测试自身的算子表中的每一个名字，以及它在这里的写法。名字是 PyTorch 的名字，按 .NET 的习惯大写：`masked_fill` 就是
        `MaskedFill`；就地修改张量的算子保留下划线：`x.Add_(y)`。参数的名字和默认值与 PyTorch 相同，负的维度从末尾数起。PyTorch 放在
        `torch.nn.functional` 或 `torch.special` 里的函数，在这里也是 `Tensor` 的方法。

        | PyTorch | Adjoint |
        |---|---|
        | `torch.tensor([1., 2.])` | `Tensor x = [1.0, 2.0];` 或 `Tensor.FromArray(array)` |
        | `x.requires_grad_()` | `x.RequiresGrad_()` |
        | `y.backward()`, `x.grad` | `y.Backward()`, `x.Grad` |
        | `torch.autograd.grad(y, x, create_graph=True)` | `Autograd.Grad(y, x, createGraph: true)` |
        | `with torch.no_grad():` | `using (Autograd.NoGrad())` |
        | `torch.func.vmap(f)`, `torch.func.grad(f)` | `Transform.Vmap(f)`, `Transform.Grad(f)` |
        | `torch.func.functional_call(m, p, x)`, `stack_module_state(models)` | `m.FunctionalCall(p, x)`, `models.StackModules()` |
        | `x[1:, -1]`, `x[mask]` | `x[1.., ^1]`, `x[mask]` |
        | `x.to(torch.float64)` | `x.To(DType.Float64)` |
        | `x.item()`, `x.tolist()` | `x.Item()`, `x.ToArray<double>()` |
        | `nn.Module`, `nn.Linear(3, 2)` | `Adjoint.NN` 中的 `Module`、`new Linear(3, 2)` |

        本页由源代码生成：`bash eng/reference.sh` 重新写出它，并有测试核对。
        """,
        "PyTorch",
        "尚未提供");

    /// <summary>The pages by their file names.</summary>
    public static IReadOnlyDictionary<string, Func<string>> All { get; } = new Dictionary<string, Func<string>>
    {
        ["operator-reference.md"] = Reference,
        ["from-pytorch.md"] = () => CheatSheet(English),
        ["from-pytorch.zh-CN.md"] = () => CheatSheet(Chinese),
    };

    private static string CheatSheet(Words words)
    {
        var page = new StringBuilder($"# {words.Title}\n\n{words.Head.ReplaceLineEndings("\n")}\n");
        var families = TorchNames.All.Where(name => name.Call is not null).GroupBy(name => name.Family!);
        foreach (var family in families.OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            page.Append($"\n## {family.Key}\n\n| {words.Column} | Adjoint |\n|---|---|\n");
            foreach (var name in family)
            {
                page.Append($"| `{name.Torch}` | {Code(name.Call!)} |\n");
            }
        }

        var missing = TorchNames.All.Where(name => name.Call is null).Select(name => $"`{name.Torch}`").ToList();
        return missing.Count == 0 ? page.ToString() : page.Append($"\n## {words.Missing}\n\n{string.Join(", ", missing)}\n").ToString();
    }

    private static string Reference()
    {
        var page = new StringBuilder(
            """
            # Operators

            Printed from the source: `bash eng/reference.sh` writes it anew, and a test compares it. A formula and its derivatives are those that the
            operator computes with, read as text: x, y and z are its inputs, and the last of these letters that is not an input is its result. All
            operators run eagerly, in traces and in batches (`Vmap`); those with a derivative also in reverse and forward mode, to any order.

            | C# | PyTorch | what it is | formula | derivatives | elements | differentiable |
            |---|---|---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        var summaries = Summaries();
        var formulas = Operators.Pointwise.Values.ToLookup(op => op.Method);
        var methods = TorchNames.All.Where(name => name.Method is not null).GroupBy(name => name.Method!);
        foreach (var method in methods.OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var op = formulas[method.Key].FirstOrDefault();
            var derivatives = op is null ? string.Empty : string.Join("; ", Enumerable.Range(0, op.Arity).Select(input => Code(op.Text(input))));
            page.Append(
                $"| {Code(method.First().Call!)} | {string.Join(", ", method.Select(name => $"`{name.Torch}`"))} | " +
                $"{summaries.GetValueOrDefault(method.Key)} | " +
                $"{(op is null ? string.Empty : Code(op.Text()))} | {derivatives} | {(op is null ? string.Empty : Words.Of(op.Elements))} | " +
                $"{(method.Any(name => name.HasGradient) ? "yes" : "no")} |\n");
        }

        return page.ToString();
    }

    /// <summary>The first sentence of what the documentation of each method says.</summary>
    private static Dictionary<string, string> Summaries()
    {
        var found = new Dictionary<string, string>();
        var document = XDocument.Load(Path.ChangeExtension(typeof(Tensor).Assembly.Location, ".xml"));
        foreach (var member in document.Descendants("member"))
        {
            var name = Method().Match(member.Attribute("name")!.Value);
            if (name.Success && member.Element("summary") is { } summary)
            {
                found.TryAdd(name.Groups[1].Value, Sentence(summary));
            }
        }

        return found;
    }

    private static string Sentence(XElement summary)
    {
        var text = string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "see" } see => Last(see.Attribute("cref")?.Value ?? see.Attribute("langword")?.Value ?? string.Empty),
            XElement element => element.Value,
            _ => node.ToString(),
        }));
        text = Space().Replace(System.Net.WebUtility.HtmlDecode(text), " ").Trim();
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? text : text[..(end + 1)]).Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string Last(string reference) => reference.Split('(')[0].Split('.', ':')[^1];

    private static string Code(string text) => $"`{text.Replace("|", "\\|", StringComparison.Ordinal)}`";

    [GeneratedRegex(@"^M:Adjoint\.Tensor\.(\w+)")]
    private static partial Regex Method();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    /// <summary>What a page says in one language.</summary>
    private sealed record Words(string Title, string Head, string Column, string Missing)
    {
        public static string Of(Elements elements) => elements switch
        {
            Elements.All => "all",
            Elements.Numbers => "numbers",
            _ => "reals",
        };
    }
}

/// <summary>The printed pages are those of this source.</summary>
public class ReferencePagesTests
{
    public static TheoryData<string> Names => [.. ReferencePages.All.Keys];

    /// <summary>With ADJOINT_REFERENCE=write the pages are written, as <c>eng/reference.sh</c> does it; otherwise they are compared.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void ThePageIsCurrent(string name)
    {
        var path = Path.Combine(Repository.Root, "docs", name);
        var text = ReferencePages.All[name]();
        if (Environment.GetEnvironmentVariable("ADJOINT_REFERENCE") == "write")
        {
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == text, $"docs/{name} is not current: run bash " +
            $"eng/reference.sh");
    }

    /// <summary>Each name of the conformance table is on the page with a way to write it.</summary>
    [Fact]
    public void EveryNameHasACall()
    {
        var written = TorchNames.All.Where(name => name.Call is not null).Select(name => name.Torch);
        Assert.Equal(string.Empty, string.Join(", ", Adjoint.Conformance.Operators.OperatorTable.All.Names.Except(written)));
    }
}
