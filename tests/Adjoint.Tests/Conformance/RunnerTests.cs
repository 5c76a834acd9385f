using System.IO.Compression;
using System.Text;
using Adjoint.Conformance.Cases;
using Adjoint.Conformance.Operators;
using Adjoint.Conformance.Running;
using Adjoint.Conformance.Values;

namespace Adjoint.Tests.Conformance;

/// <summary>The conformance runner itself: that it tells right from wrong, and survives every case.</summary>
public class RunnerTests
{
    private const string X = """{"tensor":"float64","shape":[2],"data":[1.5,-2.0],"requires_grad":true}""";

    /// <summary>y = x * x with the cotangent (1, 10): the gradient is 2x * (1, 10).</summary>
    private static string Square(
        string op = "square",
        string output = """{"tensor":"float64","shape":[2],"data":[2.25,4.0]}""",
        string gradient = """{"tensor":"float64","shape":[2],"data":[3.0,-40.0]}""",
        string kwargs = "{}") =>
        $$"""
        {"op":"{{op}}","input":{{X}},"args":[],"kwargs":{{kwargs}},"outputs":[{{output}}],
        "cotangents":[{"tensor":"float64","shape":[2],"data":[1.0,10.0]}],"gradients":[{{gradient}}]}
        """;

    private static OperatorTable Broken() => new()
    {
        ["throws"] = c => throw new InvalidOperationException("a bug"),
        ["crashes"] = c => throw new NullReferenceException(),
        ["two"] = c => (c.X, c.X),
        ["detached"] = c => c.X.Detach() * c.X.Detach(),
    };

    private static Verdict Judge(string line, OperatorTable? table = null) => Verdict.Of(new OpsCases(table ?? OperatorTable.All), line);

    private static void Fails(string reason, Verdict verdict)
    {
        Assert.Equal(Outcome.Failed, verdict.Outcome);
        Assert.Contains(reason, verdict.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsRightPasses() => Assert.Equal(Verdict.Passed, Judge(Square()));

    [Theory]
    [InlineData("""{"tensor":"float64","shape":[2],"data":[2.25,4.000001]}""", "is 4 at element 1, expected 4.000001")]
    [InlineData("""{"tensor":"float64","shape":[2],"data":[2.25,"nan"]}""", "is 4 at element 1, expected NaN")]
    [InlineData("""{"tensor":"float64","shape":[2],"data":[2.25,"inf"]}""", "is 4 at element 1, expected Infinity")]
    [InlineData("""{"tensor":"float32","shape":[2],"data":[2.25,4.0]}""", "has dtype torch.float64, expected torch.float32")]
    [InlineData("""{"tensor":"float64","shape":[2,1],"data":[2.25,4.0]}""", "has shape torch.Size([2]), expected torch.Size([2, 1])")]
    [InlineData("true", "is a tensor, expected True")]
    public void AWrongOutputFails(string output, string reason) => Fails("output 0 " + reason, Judge(Square(output: output)));

    [Theory]
    [InlineData("""{"tensor":"float64","shape":[2],"data":[3.0,-40.001]}""", "is -40 at element 1, expected -40.001")]
    [InlineData("""{"tensor":"float32","shape":[2],"data":[3.0,-40.0]}""", "has dtype torch.float64, expected torch.float32")]
    [InlineData("null", "is not null, as for an unused input")]
    public void AWrongGradientFails(string gradient, string reason) => Fails("gradient 0 " + reason, Judge(Square(gradient: gradient)));

    [Fact]
    public void AMissingGradientFails() => Fails("gradient 0 is null", Judge(Square("detached"), Broken()));

    [Fact]
    public void AMissingOutputFails() => Fails("2 outputs, expected 1", Judge(Square("two"), Broken()));

    [Fact]
    public void AnExceptionFails()
    {
        Fails("InvalidOperationException: a bug", Judge(Square("throws"), Broken()));
        Fails("NullReferenceException", Judge(Square("crashes"), Broken()));
    }

    [Fact]
    public void AnOptionThatIsNotReadFails() => Fails("out_int32", Judge(Square(kwargs: """{"out_int32":true}""")));

    [Fact]
    public void WhatIsNotThereIsUnsupported()
    {
        Assert.Equal(Verdict.Unsupported("operator frobnicate"), Judge(Square("frobnicate")));
        Assert.Equal(
            Verdict.Unsupported("dtype float8"),
            Judge(Square(kwargs: """{"dtype":{"dtype":"float8"}}""")));
    }

    [Theory]
    [InlineData("""{"tensor":"float64","shape":[4],"data":["nan","inf","-inf",1.0]}""", true)]
    [InlineData("""{"tensor":"float64","shape":[4],"data":["nan","inf","-inf",1.00000019]}""", true)]
    [InlineData("""{"tensor":"float64","shape":[4],"data":["nan","inf","-inf",1.00000021]}""", false)]
    [InlineData("""{"tensor":"float64","shape":[4],"data":["nan","-inf","-inf",1.0]}""", false)]
    [InlineData("""{"tensor":"float64","shape":[4],"data":[0.0,"inf","-inf",1.0]}""", false)]
    public void ToleranceIsOneInTenMillion(string expected, bool same)
    {
        using var json = System.Text.Json.JsonDocument.Parse(expected);
        var actual = Tensor.FromArray([double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1.0]);
        Assert.Equal(same, Comparison.Difference(actual, json.RootElement) is null);
    }

    [Theory]
    [InlineData("""{"tensor":"int64","shape":[2],"data":[9007199254740993,-1]}""", true)]
    [InlineData("""{"tensor":"int64","shape":[2],"data":[9007199254740992,-1]}""", false)]
    [InlineData("""{"tensor":"int32","shape":[2],"data":[9007199254740993,-1]}""", false)]
    public void WholeNumbersAreComparedExactly(string expected, bool same)
    {
        using var json = System.Text.Json.JsonDocument.Parse(expected);
        Assert.Equal(same, Comparison.Difference(Tensor.FromArray([9007199254740993, -1]), json.RootElement) is null);
    }

    [Theory]
    [InlineData("int64", true)]
    [InlineData("float32", false)]
    [InlineData("error", false)]
    public void PromotionComparesDtypes(string result, bool same)
    {
        var line = $$"""{"op":"add","left":"int64","right":"bool","kind":"tensors","result":"{{result}}"}""";
        Assert.Equal(same ? Outcome.Passed : Outcome.Failed, Verdict.Of(CaseKinds.Promotion, line).Outcome);
    }

    [Fact]
    public void ARefusalIsNotADtype()
    {
        const string refused = """{"op":"sub","left":"bool","right":"bool","kind":"tensors","result":"bool"}""";
        Fails("is refused, expected bool", Verdict.Of(CaseKinds.Promotion, refused));
    }

    [Fact]
    public void PrintComparesEveryCharacter()
    {
        const string line = """{"dtype":"float32","shape":[2],"data":[1.0,2.5],"requires_grad":false,"text":"tensor([1.0000, 2.500])"}""";
        Fails("differs from character 21 on", Verdict.Of(CaseKinds.Print, line));
    }

    [Fact]
    public void RandomComparesValuesAndShapes()
    {
        // The first program of random.jsonl.gz.
        const string right = """{"seed":42,"draws":[{"call":"randperm","n":1,"values":[0],"result_shape":[1]}]}""";
        Assert.Equal(Verdict.Passed, Verdict.Of(CaseKinds.Random, right));
        Fails("is 0 at element 0, expected 1", Verdict.Of(CaseKinds.Random, right.Replace("[0]", "[1]", StringComparison.Ordinal)));
        Fails("has shape", Verdict.Of(CaseKinds.Random, right.Replace("\"result_shape\":[1]", "\"result_shape\":[]", StringComparison.Ordinal)));
        Assert.Equal(
            Verdict.Unsupported("draw zipf"),
            Verdict.Of(CaseKinds.Random, """{"seed":1,"draws":[{"call":"zipf","values":[],"result_shape":[]}]}"""));
    }

    [Fact]
    public void TheReportEndsWithTheCounts()
    {
        var report = new StringWriter();
        string[] lines = [Square(), Square(gradient: "null"), Square("one"), Square("two"), Square("one")];
        var tally = Runner.Run(CaseKinds.Ops, lines, line => Judge(line), report);
        Assert.Equal(new Tally(Passed: 1, Failed: 1, Unsupported: 3), tally);
        Assert.Equal(
            [
                "FAILED case 2, square: gradient 0 is not null, as for an unused input",
                "UNSUPPORTED operator one: 2 cases",
                "UNSUPPORTED operator two: 1 case",
                "ops: 1 passed, 1 failed, 3 unsupported",
            ],
            report.ToString().TrimEnd().Split(Environment.NewLine));
    }

    [Fact]
    public void ACaseThatEndsItsWorkerFailsAlone()
    {
        var started = new List<Scripted>();
        using var supervisor = new Supervisor(
            () =>
            {
                started.Add(new Scripted());
                return started[^1];
            },
            TimeSpan.FromSeconds(3));
        Assert.Equal(Verdict.Passed, supervisor.Judge("fine"));
        Assert.Equal(Verdict.Failed("it ended the process"), supervisor.Judge("dies"));
        Assert.Equal(Verdict.Passed, supervisor.Judge("fine"));
        Assert.Equal(Verdict.Failed("it was still running after 3 s"), supervisor.Judge("hangs"));
        Assert.Equal(Verdict.Passed, supervisor.Judge("fine"));
        Assert.Equal(3, started.Count);
        Assert.True(started[0].IsDisposed);
        Assert.True(started[1].IsDisposed);
    }

    [Fact]
    public void FilesMayBePlainOrZipped()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (plain, zipped) = (Path.Combine(folder.FullName, "plain"), Path.Combine(folder.FullName, "zipped"));
            const string line = """{"seed":1,"draws":[]}""";
            File.WriteAllText(plain, line + "\r\n\n" + line);
            using (var stream = new GZipStream(File.Create(zipped), CompressionMode.Compress))
                stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
            Assert.Equal([line, line], CaseFile.Read(plain, CaseKinds.Random));
            Assert.Equal([line], CaseFile.Read(zipped, CaseKinds.Random));

            Assert.Throws<InvalidDataException>(() => CaseFile.Read(plain, CaseKinds.Ops));
            File.WriteAllText(plain, "no case");
            Assert.Throws<InvalidDataException>(() => CaseFile.Read(plain, CaseKinds.Random));
            File.WriteAllBytes(zipped, [0x1f, 0x8b, 1, 2, 3]);
            Assert.Throws<InvalidDataException>(() => CaseFile.Read(zipped, CaseKinds.Random));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A worker that does what the line says.</summary>
    private sealed class Scripted : IWorker
    {
        public bool IsDisposed { get; private set; }

        public Verdict? Judge(string line, TimeSpan limit) => line switch
        {
            "dies" => null,
            "hangs" => throw new TimeoutException(),
            _ => Verdict.Passed,
        };

        public void Dispose() => IsDisposed = true;
    }
}
