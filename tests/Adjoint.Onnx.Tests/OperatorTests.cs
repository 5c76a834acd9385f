namespace Adjoint.Onnx.Tests;

/// <summary>Operators agree with ONNX Runtime, and models read back have the same values and gradients.</summary>
public sealed class OperatorTests(ITestOutputHelper output)
{
    [Fact]
    public void OperatorsAgreeWithOnnxRuntime()
    {
        var failures = new List<string>();
        var methods = new HashSet<string>();
        var operators = new HashSet<string>();
        foreach (var each in OperatorCases.All())
        {
            try
            {
                each.Check(out var made);
                methods.Add(each.Name.Split(' ')[0]);
                operators.UnionWith(made);
            }
            catch (Exception error)
            {
                failures.Add($"{each.Name}: {error.GetType().Name}: {error.Message.Split('\n')[0]}");
            }
        }

        output.WriteLine($"{methods.Count} methods and {operators.Count} operators of graphs agree");
        Assert.True(failures.Count == 0, string.Join("\n", failures));
        Assert.True(methods.Count >= 150, $"{methods.Count} methods");
    }
}
