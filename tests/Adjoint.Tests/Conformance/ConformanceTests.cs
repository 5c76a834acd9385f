using Adjoint.Conformance.Cases;
using Adjoint.Conformance.Running;

namespace Adjoint.Tests.Conformance;

/// <summary>All cases made with PyTorch 1.13.1 (see the README beside them), run by the code of the conformance program.</summary>
public class ConformanceTests
{
    /// <summary>The last column is what passed when this was written: support that gets lost is noticed.</summary>
    [Theory]
    [InlineData("ops", 661)]
    [InlineData("dtypes", 6000)]
    [InlineData("modules", 261)]
    [InlineData("print", 250)]
    [InlineData("programs", 6000)]
    [InlineData("promotion", 1728)]
    [InlineData("random", 150)]
    [InlineData("optimisers", 50)]
    [InlineData("schedulers", 17)]
    [InlineData("init", 30)]
    [InlineData("transforms", 5000)]
    public void AgreesWithPyTorch(string name, int atLeast)
    {
        var kind = CaseKinds.Find(name)!;
        var lines = CaseFile.Read(Path.Combine(Repository.Root, "tests", "Adjoint.Tests", "Conformance", name + ".jsonl.gz"), kind);
        var report = new StringWriter();
        var tally = Runner.Run(kind, lines, line => Verdict.Of(kind, line), report);
        Assert.True(tally.Failed == 0, report.ToString());
        Assert.True(tally.Passed >= atLeast, $"{tally.Passed} cases pass, which were {atLeast} before.{Environment.NewLine}{report}");
    }

    /// <summary>Files that PyTorch, NumPy and safetensors wrote, and files that have to be refused.</summary>
    [Fact]
    public void FilesAreReadAndWritten()
    {
        var report = new StringWriter();
        Assert.True(FileCases.Run(Path.Combine(Repository.Root, "tests", "Adjoint.Tests", "Conformance", "files"), report) == 0, report.ToString());
        Assert.EndsWith("44 passed, 0 failed" + Environment.NewLine, report.ToString(), StringComparison.Ordinal);
    }
}
