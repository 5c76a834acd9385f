using System.Reflection;

namespace Adjoint.Tests.Architecture;

/// <summary>
/// The floors of the library: a type may name what lies on its own floor or below, never above. A type's floor is that
/// of its folder, because an operator's public method belongs to the namespace <c>Adjoint</c> wherever it is written.
/// The table repeats the picture of the house in the design; a folder that is not in it fails, so that nothing is
/// built beside it.
/// </summary>
public class FloorTests
{
    private static readonly Assembly Core = Assembly.Load("Adjoint");
    private static readonly Assembly Tests = typeof(FloorTests).Assembly;
    private static readonly Dictionary<TypeName, SortedSet<string>> Folders = SourceFolders.Of(Core, "src/Adjoint");

    /// <summary>The floor of a folder; null where the nouns stand, which every floor may name.</summary>
    private static int? Floor(string folder) => folder.Split('/') switch
    {
        [""] => null,
        ["Memory" or "Algebra", ..] => 1,
        // Printing reads elements through a contract of its own, so it needs no tensor either.
        ["Printing", ..] => 1,
        ["Kernels", ..] => 2,
        ["Ops", "Families", ..] => 4,
        ["Ops", ..] => 4,
        ["Autograd" or "Transforms", ..] => 5,
        ["Graph" or "Diagnostics", ..] => 6,
        _ => throw new InvalidOperationException($"Folder '{folder}' has no floor."),
    };

    private static int? Floor(TypeName type) => Floor(Folders[type].First());

    /// <summary>Fails with a line for each reference inside the core that is forbidden.</summary>
    private static void AssertNone(Func<TypeReference, bool> forbidden)
    {
        var found = TypeReferences.Of(Core)
            .Where(r => Folders.ContainsKey(r.From) && Folders.ContainsKey(r.To))
            .Where(forbidden)
            .Select(r => $"{r.From} ({Folders[r.From].First()}) names {r.To} ({Folders[r.To].First()})")
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    [Fact]
    public void EveryTypeHasOneFloor() =>
        Assert.All(
            Folders.Where(t => t.Key is not { Namespace: "Adjoint", Name: "Tensor" }), // each operator's members stand in its folder
            t => Assert.Single(t.Value.Select(Floor).Distinct()));

    [Fact]
    public void EveryPublicTypeIsFound() =>
        Assert.All(
            Core.GetExportedTypes().Where(t => !t.IsNested),
            t => Assert.Contains(new TypeName(t.Namespace ?? "", t.Name), Folders.Keys));

    [Fact]
    public void NoFloorNamesAHigherOne() => AssertNone(r => Floor(r.From) < Floor(r.To));

    [Fact]
    public void AlgebraAndKernelsDoNotKnowTensor() =>
        AssertNone(r => r.To is { Namespace: "Adjoint", Name: "Tensor" } && Floor(r.From) <= 2);

    /// <summary>Rules are by family. What makes and moves tensors belongs to no formula, and transforms need it.</summary>
    [Fact]
    public void TransformsNameNoOperatorThatComputes() =>
        AssertNone(r => Folders[r.From].First().Split('/') is ["Transforms", ..]
            && Floor(r.To) == 4
            && Folders[r.To].First() is not ("Ops/Families" or "Ops/Creation" or "Ops/Movement"));

    [Theory]
    [InlineData("Memory", 1)]
    [InlineData("Kernels/Gemm", 2)]
    [InlineData("Ops/Families", 4)]
    [InlineData("Ops/Pointwise", 4)]
    [InlineData("Autograd", 5)]
    [InlineData("Graph/Lowering", 6)]
    [InlineData("Diagnostics", 6)]
    public void TheTableReads(string folder, int floor) => Assert.Equal(floor, Floor(folder));

    [Fact]
    public void AnUnknownFolderIsRefused() => Assert.Throws<InvalidOperationException>(() => Floor("Shortcuts"));

    /// <summary>With code, without any code, and in the project's own folder.</summary>
    [Theory]
    [InlineData(typeof(FloorTests), "Architecture")]
    [InlineData(typeof(Fixture.Above.ITarget<>), "Architecture/Fixture")]
    [InlineData(typeof(Repository), "")]
    public void AFolderIsFound(Type type, string folder) =>
        Assert.Equal([folder], SourceFolders.Of(Tests, "tests/Adjoint.Tests")[new(type.Namespace!, type.Name)]);

    /// <summary>The reader itself: each way of naming a type that C# has must be seen.</summary>
    [Theory]
    [InlineData(typeof(Fixture.ByBase))]
    [InlineData(typeof(Fixture.ByInterface<>))]
    [InlineData(typeof(Fixture.ByConstraint<>))]
    [InlineData(typeof(Fixture.ByField))]
    [InlineData(typeof(Fixture.ByArray))]
    [InlineData(typeof(Fixture.ByGenericArgument))]
    [InlineData(typeof(Fixture.ByParameter))]
    [InlineData(typeof(Fixture.ByAttribute))]
    [InlineData(typeof(Fixture.ByBody))]
    [InlineData(typeof(Fixture.ByLocal))]
    [InlineData(typeof(Fixture.ByLambda))]
    [InlineData(typeof(Fixture.ByExtension))]
    [InlineData(typeof(Fixture.ByMethodArgument))]
    public void TheReaderSees(Type type) => Assert.Contains(TypeReferences.Of(Tests), r => IsFromTo(r, type));

    [Fact]
    public void TheReaderInventsNothing() =>
        Assert.DoesNotContain(TypeReferences.Of(Tests), r => IsFromTo(r, typeof(Fixture.ByNothing)));

    private static bool IsFromTo(TypeReference r, Type from) =>
        r.From == new TypeName(from.Namespace!, from.Name)
        && r.To.Namespace == typeof(Fixture.Above.Target).Namespace;
}
