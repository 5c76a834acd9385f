using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Adjoint.Conformance.Cases;
using Adjoint.Conformance.Operators;

namespace Adjoint.Tests.Docs;

/// <summary>An operator of PyTorch and what it is called here.</summary>
/// <param name="Torch">Its name in the table of PyTorch's own tests.</param>
/// <param name="Family">The file of the conformance program that calls it.</param>
/// <param name="Method">The public method; null for an operator such as <c>|</c>, or if it is not there.</param>
/// <param name="Call">How it is written in C#; null if it is not there.</param>
/// <param name="HasGradient">Whether PyTorch gives a gradient of it.</param>
internal sealed record TorchName(string Torch, string? Family, string? Method, string? Call, bool HasGradient);

/// <summary>
/// All names of the table of operators, and what the conformance program calls for each: read from its source, so that no list of names is kept
/// by hand.
/// </summary>
internal static partial class TorchNames
{
    private static readonly Dictionary<string, MethodInfo[]> s_methods = typeof(Tensor)
        .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(method => !method.IsSpecialName)
        .GroupBy(method => method.Name)
        .ToDictionary(group => group.Key, group => group.ToArray());

    public static IReadOnlyList<TorchName> All { get; } = Read();

    private static TorchName[] Read()
    {
        var gradients = Gradients();
        var code = new Dictionary<string, (string Family, string Code)>();
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "tests", "Adjoint.Conformance", "Operators"), "*.cs"))
        {
            var text = File.ReadAllText(file);
            foreach (Match entry in Entry().Matches(text))
            {
                var called = entry.Groups[2].Value.Trim();
                code[entry.Groups[1].Value] = (Path.GetFileNameWithoutExtension(file), Word().IsMatch(called) ? Body(text, called) : called);
            }
        }

        return
        [
            .. gradients.Keys.Union(OperatorTable.All.Names).Order(StringComparer.Ordinal).Select(name =>
                code.TryGetValue(name, out var entry)
                    ? Of(name, entry.Family, entry.Code, gradients.GetValueOrDefault(name))
                    : Guessed(name, gradients.GetValueOrDefault(name))),
        ];
    }

    private static TorchName Of(string name, string family, string code, bool hasGradient)
    {
        foreach (Match called in Called().Matches(code))
        {
            if (s_methods.TryGetValue(called.Groups[1].Value, out var methods))
            {
                var isDifferentiable = hasGradient || Laws.Calls.All.Keys.Any(call => IsOf(methods[0].Name, call));
                return new(name, family, methods[0].Name, Written(methods), isDifferentiable);
            }
        }

        var plain = Argument().Replace(Space().Replace(code, " ").Replace("c => ", string.Empty, StringComparison.Ordinal), "y")
            .Replace("c.X", "x", StringComparison.Ordinal);
        return new(name, family, null, plain.Length <= 40 ? plain : "yes", hasGradient);
    }

    /// <summary>What a loop of the conformance program names: the method of PyTorch's name, if that is one.</summary>
    private static TorchName Guessed(string name, bool hasGradient)
    {
        var words = name.Split(':')[0].Split('.')[^1].Split('_').Select(word => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]);
        return OperatorTable.All.Names.Contains(name) && s_methods.TryGetValue(string.Concat(words), out var methods)
            ? new(name, "Others", methods[0].Name, Written(methods), hasGradient)
            : new(name, null, null, null, hasGradient);
    }

    private static string Written(MethodInfo[] methods)
    {
        var method = methods.MinBy(candidate => candidate.GetParameters().Length)!;
        var parameters = method.GetParameters().Select(parameter => parameter.Name);
        return $"{(method.IsStatic ? "Tensor" : "x")}.{method.Name}({string.Join(", ", parameters)})";
    }

    /// <summary>Whether a call of the laws, which all have a gradient, is one of a method.</summary>
    private static bool IsOf(string method, string call) =>
        call.StartsWith(method + "(", StringComparison.Ordinal) || call.Contains("." + method + "(", StringComparison.Ordinal);

    /// <summary>The code of a method of the same file.</summary>
    private static string Body(string text, string method)
    {
        var start = text.IndexOf($" {method}(Call c)", StringComparison.Ordinal);
        if (start < 0)
        {
            return string.Empty;
        }

        var end = text.IndexOf("\n    }", start, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    /// <summary>The names of the table, and whether there is a gradient in one of their cases.</summary>
    private static Dictionary<string, bool> Gradients()
    {
        var path = Path.Combine(Repository.Root, "tests", "Adjoint.Tests", "Conformance", "ops.jsonl.gz");
        var found = new Dictionary<string, bool>();
        foreach (var line in CaseFile.Read(path, CaseKinds.Find("ops")!))
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("op", out var name))
            {
                var has = json.RootElement.TryGetProperty("gradients", out var gradients) && gradients.ValueKind == JsonValueKind.Array
                    && gradients.EnumerateArray().Any(gradient => gradient.ValueKind == JsonValueKind.Object);
                found[name.GetString()!] = found.GetValueOrDefault(name.GetString()!) || has;
            }
        }

        return found;
    }

    [GeneratedRegex("""table\["([^"]+)"\]\s*=\s*(.*?);\r?\n""", RegexOptions.Singleline)]
    private static partial Regex Entry();

    [GeneratedRegex("^[A-Za-z]+$")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?:\bc\.X|\bTensor|\bc\.Tensor\([^()]*\)|\))\.([A-Z]\w*)")]
    private static partial Regex Called();

    [GeneratedRegex(@"c\.Tensor\([^()]*\)")]
    private static partial Regex Argument();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
