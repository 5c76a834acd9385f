using System.Reflection;

namespace Adjoint.Tests.Architecture;

/// <summary>
/// The floors of the library: a member may name what lies on its own floor or below, never above. Its floor is that of
/// the folder where it is written, because <c>Tensor</c> has its operators' methods in the operators' files. The table
/// repeats the picture of the house in the design; a folder that is not in it fails, so that nothing is built beside it.
/// </summary>
public class FloorTests
{
    private static readonly Assembly Core = Assembly.Load("Adjoint");
    private static readonly Assembly Tests = typeof(FloorTests).Assembly;
    private static readonly SourceFolders Folders = SourceFolders.Of(Core, "src/Adjoint");
    private static readonly IReadOnlySet<TypeReference> References = TypeReferences.Of(Core, Folders);
    private static readonly SourceFolders TestFolders = SourceFolders.Of(Tests, "tests/Adjoint.Tests");
    private static readonly IReadOnlySet<TypeReference> TestReferences = TypeReferences.Of(Tests, TestFolders);

    private static int Floor(string folder) => folder.Split('/') switch
    {
        // The nouns that know no tensor: shapes, layouts, dtypes, exceptions.
        [""] => 0,
        ["Memory" or "Algebra", ..] => 1,
        // Printing reads elements through a contract of its own, so it needs no tensor either.
        ["Printing", ..] => 1,
        ["Kernels", ..] => 2,
        // A tensor holds the node that made it, a node tensors; the rules of families are made of operators, and operators of families.
        ["Tensors" or "Gate" or "Tape" or "Interpreters" or "Watching" or "Families" or "Ops", ..] => 3,
        ["Autograd" or "Transforms", ..] => 4,
        ["Graphs" or "Control" or "Pictures" or "Diagnostics" or "Files", ..] => 5,
        _ => throw new InvalidOperationException($"Folder '{folder}' has no floor."),
    };

    /// <summary>Fails with a line for each reference inside the core that is forbidden.</summary>
    private static void AssertNone(Func<TypeReference, bool> forbidden)
    {
        var found = References.Where(forbidden)
            .Select(r => $"{r.From} names {r.Name} ({r.To.Folder})").Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    [Fact]
    public void EveryFolderHasAFloor() => Assert.All(Folders.All.Values.SelectMany(folders => folders).Distinct(), folder => Floor(folder));

    [Fact]
    public void EveryPublicTypeIsFound() =>
        Assert.All(
            Core.GetExportedTypes().Where(t => !t.IsNested),
            t => Assert.Contains(new TypeName(t.Namespace ?? "", t.Name), Folders.All.Keys));

    [Fact]
    public void NoFloorNamesAHigherOne() => AssertNone(r => Floor(r.From.Folder) < Floor(r.To.Folder));

    [Fact]
    public void AlgebraAndKernelsDoNotKnowTensor() =>
        AssertNone(r => r.To.Type is { Namespace: "Adjoint", Name: "Tensor" } && Floor(r.From.Folder) <= 2);

    /// <summary>Rules are by family. What makes and moves tensors belongs to no formula, and transforms need it.</summary>
    [Fact]
    public void TransformsNameNoOperatorThatComputes() =>
        AssertNone(r => r.From.Folder.Split('/') is ["Transforms", ..]
            && Floor(r.To.Folder) == 3
            && r.To.Folder is not ("Tensors" or "Gate" or "Tape" or "Interpreters" or "Watching" or "Families" or "Ops/Creation" or "Ops/Movement"));

    [Theory]
    [InlineData("", 0)]
    [InlineData("Memory", 1)]
    [InlineData("Kernels/Gemm", 2)]
    [InlineData("Tensors", 3)]
    [InlineData("Families", 3)]
    [InlineData("Tape", 3)]
    [InlineData("Ops/Pointwise", 3)]
    [InlineData("Autograd", 4)]
    [InlineData("Graphs/Lowering", 5)]
    [InlineData("Diagnostics", 5)]
    public void TheTableReads(string folder, int floor) => Assert.Equal(floor, Floor(folder));

    [Fact]
    public void AnUnknownFolderIsRefused() => Assert.Throws<InvalidOperationException>(() => Floor("Shortcuts"));

    /// <summary>With code, without any code, and in the project's own folder.</summary>
    [Theory]
    [InlineData(typeof(FloorTests), "Architecture")]
    [InlineData(typeof(Fixture.Above.ITarget<>), "Architecture/Fixture")]
    [InlineData(typeof(Repository), "")]
    public void AFolderIsFound(Type type, string folder) =>
        Assert.Equal([folder], TestFolders.All[new(type.Namespace!, type.Name)]);

    /// <summary>A member of a type that is written in two folders stands in its own, lambdas and iterators included;
    /// fields stand by the constructor.</summary>
    [Theory]
    [InlineData("Architecture/Fixture/Below", "Below")]
    [InlineData("Architecture/Fixture", "Call")]
    [InlineData("Architecture/Fixture", "Lambda")]
    [InlineData("Architecture/Fixture", "Captured")]
    [InlineData("Architecture/Fixture", "Iterator")]
    public void AMemberStandsInItsOwnFolder(string folder, string member)
    {
        var name = new TypeName(typeof(Fixture.InTwoFolders).Namespace!, nameof(Fixture.InTwoFolders));
        Assert.Equal("Architecture/Fixture/Below", TestFolders.HomeOf(name));
        var reference = Assert.Single(TestReferences, r => r.From.Type == name && r.Name.EndsWith($"Target.{member}", StringComparison.Ordinal));
        Assert.Equal(folder, reference.From.Folder);
    }

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
    [InlineData(typeof(Fixture.InTwoFolders))]
    [InlineData(typeof(Fixture.ByMethodArgument))]
    public void TheReaderSees(Type type) => Assert.Contains(TestReferences, r => IsFromTo(r, type));

    [Fact]
    public void TheReaderInventsNothing() =>
        Assert.DoesNotContain(TestReferences, r => IsFromTo(r, typeof(Fixture.ByNothing)));

    private static bool IsFromTo(TypeReference r, Type from) =>
        r.From.Type == new TypeName(from.Namespace!, from.Name)
        && r.To.Type.Namespace == typeof(Fixture.Above.Target).Namespace;
}
