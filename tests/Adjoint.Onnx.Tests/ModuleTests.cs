using Adjoint.NN;

namespace Adjoint.Onnx.Tests;

/// <summary>Every module agrees with ONNX Runtime, for the example's size and for another, and keeps its parameters' names.</summary>
public sealed class ModuleTests(ITestOutputHelper output)
{
    /// <summary>Modules that are written as no model: what has no forward pass of its own, and what reads lengths while it runs.</summary>
    private static readonly string[] s_without = ["ModuleDict", "ModuleList", "ParameterDict", "ParameterList", "CTCLoss"];

    [Fact]
    public void ModulesAgreeWithOnnxRuntime()
    {
        var failures = new List<string>();
        var agreeing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var call in ModuleCases.All().Where(call => !s_without.Contains(Named(call.Module.GetType()))))
        {
            var name = Named(call.Module.GetType());
            try
            {
                Check(name, call);
                agreeing.Add(name);
            }
            catch (Exception error)
            {
                failures.Add($"{name}: {error.GetType().Name}: {error.Message.Split('\n')[0]}");
            }
        }

        output.WriteLine($"{agreeing.Count} modules agree");
        Assert.True(failures.Count == 0, string.Join("\n", failures));
        var all = typeof(Module).Assembly.GetExportedTypes()
            .Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false } && type.IsSubclassOf(typeof(Module)))
            .Select(Named)
            .Except(s_without);
        Assert.Empty(all.Except(agreeing));
    }

    [Fact]
    public void ParametersKeepTheirNamesAndTheModuleItsMode()
    {
        var network = new Sequential(new Linear(3, 4), new BatchNorm1d(4), new ReLU());
        network[2].Eval();
        var model = network.ToOnnx(Tensor.Ones(2, 3));
        Assert.Equal(
            ["0.bias", "0.weight", "1.bias", "1.running_mean", "1.running_var", "1.weight"], model.Initializers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("x: float32[batch, 3]", model.Inputs[0].ToString());
        Assert.Equal("y: float32[batch, 4]", model.Outputs[0].ToString());
        Assert.Equal((true, true, false), (network.Training, network[1].Training, network[2].Training));
    }

    [Fact]
    public void InitializersOfAModelCanBeTrained()
    {
        var network = new Linear(3, 1);
        var (x, target) = (Tensor.Ones(2, 3), Tensor.Ones(2, 1));
        network.Forward(x).MseLoss(target).Backward();
        var model = OnnxModel.Parse(network.ToOnnx(x).ToBytes());
        var weight = model.Initializers["weight"];
        weight.RequiresGrad = true;
        model.Run(x)[0].MseLoss(target).Backward();
        Runtime.Agree(network.Weight.Grad!, weight.Grad!, "the gradient of a weight");
    }

    private static string Named(Type type) => type.Name.Split('`')[0];

    private static void Check(string name, ModuleCases.Call call)
    {
        var model = OnnxModel.Parse(call.Module.ToOnnx(call.Function, call.Inputs, new OnnxOptions { DynamicDim = call.Dynamic }).ToBytes());
        call.Module.Eval();
        Compare(name, model, call, call.Inputs);
        if (call.Dynamic is { } dim)
        {
            var size = call.Inputs[0].Shape[dim];
            Compare(name, model, call, [.. call.Inputs.Select(input => input.Rank > dim && input.Shape[dim] == size
                ? input.IndexSelect(dim, Tensor.Arange(size + 1).Remainder(size))
                : input)]);
        }
    }

    private static void Compare(string name, OnnxModel model, ModuleCases.Call call, Tensor[] inputs)
    {
        var (expected, elsewhere, read) = (call.Function(inputs), Runtime.Run(model, inputs), model.Run(inputs));
        for (var i = 0; i < expected.Count; i++)
        {
            Runtime.Agree(expected[i], elsewhere[i], $"{name} in ONNX Runtime");
            Runtime.Agree(expected[i], read[i], $"{name} read back");
        }
    }
}
