using System.Collections.Immutable;
using Adjoint.Analyzers;
using Adjoint.NN;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Adjoint.Tests.NN;

/// <summary>What the analyzer says of modules that are written in several ways.</summary>
public class UnregisteredModuleTests
{
    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(Tensor).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(Module).Assembly.Location),
    ];

    private static async Task<string[]> Findings(string members)
    {
        var source = $$"""
            using System.Collections.Generic;
            using System.Linq;
            using Adjoint;
            using Adjoint.NN;

            sealed class Net : Layer
            {
                {{members}}

                public override Tensor Forward(Tensor x) => x;
            }
            """;
        var tree = CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken);
        var compilation = CSharpCompilation.Create(
            "Case", [tree], References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error));
        var found = await compilation.WithAnalyzers([new UnregisteredModuleAnalyzer()])
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. found.Select(d => $"{d.Id} {d.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}").Order(StringComparer.Ordinal)];
    }

    [Theory]
    [InlineData("readonly Linear _inner = new(2, 2);")]
    [InlineData("readonly Linear _inner; Net() { _inner = new Linear(2, 2); }")]
    [InlineData("readonly Sequential _inner = [new Linear(2, 2), new ReLU()];")]
    [InlineData("readonly Layer _inner; Net(Layer given) { _inner = given; }")]
    [InlineData("readonly Layer _inner; readonly int _n; Net() { (_inner, _n) = (new Linear(2, 2), 3); }")]
    [InlineData("readonly Linear _inner; Net() { _inner = new Linear(2, 2).To(DType.Float64); }")]
    [InlineData("Layer? _inner; Tensor Lazy(Tensor x) => (_inner ??= new Linear(2, 2)).Forward(x);")]
    [InlineData("readonly Layer _inner; Net(bool deep) { _inner = deep ? new Sequential(new Linear(2, 2)) : new Linear(2, 2); }")]
    public async Task AModuleThatNobodyRegistersIsFound(string members)
    {
        var finding = Assert.Single(await Findings(members));
        Assert.Equal(
            "ADJ0001 '_inner' of Net is never registered, so that its parameters are neither trained nor saved: write _inner = " +
            "Child(\"inner\", ...) in the constructor",
            finding);
    }

    [Theory]
    [InlineData("readonly Linear[] _inner = [new(2, 2), new(2, 2)];")]
    [InlineData("readonly Linear[] _inner = new[] { new Linear(2, 2) };")]
    [InlineData("readonly Linear[] _inner = new Linear[3]; Net() { for (var i = 0; i < 3; i++) _inner[i] = new Linear(2, 2); }")]
    [InlineData("readonly List<Linear> _inner = []; Net() { _inner.Add(new Linear(2, 2)); }")]
    [InlineData("readonly List<Linear> _inner = new() { new Linear(2, 2) };")]
    [InlineData("readonly Dictionary<string, Linear> _inner = new() { [\"a\"] = new Linear(2, 2) };")]
    [InlineData("readonly List<Linear> _inner; Net() { _inner = Enumerable.Range(0, 3).Select(_ => new Linear(2, 2)).ToList(); }")]
    [InlineData("readonly Linear[] _inner; Net() { _inner = [.. Enumerable.Range(0, 3).Select(_ => new Linear(2, 2))]; }")]
    public async Task ACollectionThatNobodyRegistersIsFound(string members)
    {
        var finding = Assert.Single(await Findings(members));
        Assert.StartsWith("ADJ0001 '_inner' of Net", finding, StringComparison.Ordinal);
        Assert.EndsWith(", as a ModuleList", finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Linear Inner { get; } = new(2, 2);")]
    [InlineData("Linear Inner { get; } Net() { Inner = new(2, 2); }")]
    public async Task AnAutomaticPropertyIsAField(string members) =>
        Assert.StartsWith("ADJ0001 'Inner' of Net", Assert.Single(await Findings(members)), StringComparison.Ordinal);

    [Fact]
    public async Task ATensorThatRequiresGradIsFound()
    {
        var finding = Assert.Single(await Findings("readonly Tensor _scale = Tensor.Ones(2).RequiresGrad_();"));
        Assert.Equal(
            "ADJ0002 '_scale' of Net requires grad and is never registered, so that it is neither trained nor saved: write _scale = " +
            "Parameter(\"scale\", ...) in the constructor",
            finding);
    }

    [Theory]
    [InlineData("readonly Linear _inner; Net() { _inner = Child(\"inner\", new Linear(2, 2)); }")]
    [InlineData("readonly Linear _inner = new(2, 2); Net() { Child(\"inner\", _inner); }")]
    [InlineData("Linear Inner { get; } = new(2, 2); Net() { Child(\"inner\", this.Inner); }")]
    [InlineData("readonly Layer _inner; Net(Layer given) { _inner = Child(\"inner\", given); }")]
    [InlineData("readonly Linear _a = new(2, 2); readonly Sequential _all; Net() { _all = Child(\"all\", new Sequential(_a, new ReLU())); }")]
    [InlineData("readonly Linear _a = new(2, 2); readonly Sequential _all; Net() { _all = Child<Sequential>(\"all\", [_a, new ReLU()]); }")]
    [InlineData("readonly ModuleList<Linear> _all; Net() { _all = Child(\"all\", new ModuleList<Linear>()); _all.Add(new Linear(2, 2)); }")]
    [InlineData("readonly Linear[] _all = [new(2, 2)]; Net() { for (var i = 0; i < _all.Length; i++) Child($\"l{i}\", _all[i]); }")]
    [InlineData("readonly Linear[] _all = [new(2, 2)]; Net() { foreach (var each in _all) Child(\"l\", each); }")]
    [InlineData("readonly Linear[] _all = new Linear[2]; Net() { for (var i = 0; i < 2; i++) _all[i] = Child($\"l{i}\", new Linear(2, 2)); }")]
    [InlineData("readonly List<Linear> _all = []; Net() { _all.Add(Child(\"l\", new Linear(2, 2))); }")]
    [InlineData("readonly Linear _inner; Net() { _inner = Made(); } Linear Made() => Child(\"inner\", new Linear(2, 2));")]
    [InlineData("static readonly Linear s_fixed = new(2, 2);")]
    [InlineData("Linear Fresh => new(2, 2);")]
    [InlineData("readonly Tensor _scale; Net() { _scale = Parameter(\"scale\", Tensor.Ones(2).RequiresGrad_()); }")]
    [InlineData("readonly Tensor _mask = Tensor.Ones(2);")]
    public async Task WhatIsRegisteredOrNoneIsNotFound(string members) => Assert.Empty(await Findings(members));

    [Fact]
    public async Task AClassThatIsNoModuleMayHoldModules()
    {
        var tree = CSharpSyntaxTree.ParseText(
            "class Service { readonly Adjoint.NN.Linear _model = new(2, 2); }", cancellationToken: TestContext.Current.CancellationToken);
        var compilation = CSharpCompilation.Create("Case", [tree], References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.Empty(await compilation.WithAnalyzers([new UnregisteredModuleAnalyzer()])
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken));
    }
}
