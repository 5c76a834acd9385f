using System.Reflection;

namespace Adjoint.Tests.Architecture;

/// <summary>
/// The floors of the library: a type may name what lies on its own floor or below, never above. The table repeats
/// the picture of the house in the design; a namespace that is not in it fails, so that nothing is built beside it.
/// </summary>
public class FloorTests
{
    private static readonly Assembly Core = Assembly.Load("Adjoint");

    /// <summary>The floor of a namespace; null where the nouns and the facade live, which every floor may use.</summary>
    private static int? Floor(string ns) => ns switch
    {
        "Adjoint" => null,
        "Adjoint.Memory" or "Adjoint.Algebra" => 1,
        // Printing reads elements one by one through a contract of its own, so it needs no tensor either.
        "Adjoint.Printing" => 1,
        "Adjoint.Kernels" => 2,
        "Adjoint.Ops" or "Adjoint.Ops.Families" => 3,
        "Adjoint.Autograd" or "Adjoint.Transforms" => 5,
        "Adjoint.Graph" => 6,
        _ when ns.StartsWith("Adjoint.Ops.", StringComparison.Ordinal) => 4,
        // Below a floor's namespace its parts have the same floor.
        _ when ns.StartsWith("Adjoint.", StringComparison.Ordinal) && ns.LastIndexOf('.') > "Adjoint".Length =>
            Floor(ns[..ns.LastIndexOf('.')]),
        _ => throw new InvalidOperationException($"Namespace '{ns}' has no floor."),
    };

    /// <summary>Fails with a line for each reference inside the core that is forbidden.</summary>
    private static void AssertNone(Func<TypeReference, bool> forbidden)
    {
        var found = TypeReferences.Of(Core)
            .Where(r => IsOurs(r.From.Namespace) && IsOurs(r.To.Namespace))
            .Where(forbidden)
            .Select(r => $"{r.From} names {r.To}")
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    [Fact]
    public void EveryNamespaceHasAFloor()
    {
        foreach (var ns in Core.GetTypes().Select(t => t.Namespace).OfType<string>().Distinct())
            if (IsOurs(ns)) _ = Floor(ns);
    }

    [Fact]
    public void NoFloorNamesAHigherOne() => AssertNone(r => Floor(r.From.Namespace) < Floor(r.To.Namespace));

    [Fact]
    public void AlgebraAndKernelsDoNotKnowTensor() =>
        AssertNone(r => r.To is { Namespace: "Adjoint", Name: "Tensor" } && Floor(r.From.Namespace) <= 2);

    [Fact]
    public void TransformsNameNoOperator() => AssertNone(r =>
        r.From.Namespace.StartsWith("Adjoint.Transforms", StringComparison.Ordinal) && Floor(r.To.Namespace) == 4);

    [Theory]
    [InlineData("Adjoint.Memory", 1)]
    [InlineData("Adjoint.Kernels.Gemm", 2)]
    [InlineData("Adjoint.Ops.Families", 3)]
    [InlineData("Adjoint.Ops.Pointwise", 4)]
    [InlineData("Adjoint.Autograd", 5)]
    [InlineData("Adjoint.Graph.Lowering", 6)]
    public void TheTableReads(string ns, int floor) => Assert.Equal(floor, Floor(ns));

    [Fact]
    public void AnUnknownNamespaceIsRefused() =>
        Assert.Throws<InvalidOperationException>(() => Floor("Adjoint.Shortcuts"));

    /// <summary>The reader itself: each way of naming a type that C# has must be seen.</summary>
    [Theory]
    [InlineData(nameof(Fixture.ByBase))]
    [InlineData(nameof(Fixture.ByInterface<>) + "`1")]
    [InlineData(nameof(Fixture.ByConstraint<>) + "`1")]
    [InlineData(nameof(Fixture.ByField))]
    [InlineData(nameof(Fixture.ByArray))]
    [InlineData(nameof(Fixture.ByGenericArgument))]
    [InlineData(nameof(Fixture.ByParameter))]
    [InlineData(nameof(Fixture.ByAttribute))]
    [InlineData(nameof(Fixture.ByBody))]
    [InlineData(nameof(Fixture.ByLocal))]
    [InlineData(nameof(Fixture.ByLambda))]
    [InlineData(nameof(Fixture.ByExtension))]
    [InlineData(nameof(Fixture.ByMethodArgument))]
    public void TheReaderSees(string name) =>
        Assert.Contains(
            TypeReferences.Of(typeof(FloorTests).Assembly),
            r => r.From == new TypeName(typeof(Fixture.ByBase).Namespace!, name)
                && r.To.Namespace == typeof(Fixture.Above.Target).Namespace);

    [Fact]
    public void TheReaderInventsNothing() =>
        Assert.DoesNotContain(
            TypeReferences.Of(typeof(FloorTests).Assembly),
            r => r.From.Name == nameof(Fixture.ByNothing) && r.To.Namespace == typeof(Fixture.Above.Target).Namespace);

    /// <summary>The compiler adds types of its own (embedded attributes, array data) in foreign namespaces.</summary>
    private static bool IsOurs(string ns) => ns == "Adjoint" || ns.StartsWith("Adjoint.", StringComparison.Ordinal);
}
