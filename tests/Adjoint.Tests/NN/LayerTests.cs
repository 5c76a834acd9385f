using Adjoint.NN;
using Adjoint.Tests.Memory;

namespace Adjoint.Tests.NN;

/// <summary>All layers of <see cref="LayerTable"/>: text, state, first values, and derivatives by input and parameters.</summary>
[Collection(Alone.Name)]
public class LayerTests
{
    public static TheoryData<string> Names => LayerTable.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void PrintsAsInPyTorch(string name) => Assert.Equal(name, Make(name).ToString());

    [Theory]
    [MemberData(nameof(Names))]
    public void HasPyTorchsParametersAndBuffers(string name)
    {
        var state = Make(name).NamedModules().SelectMany(inner => State(inner.Name, inner.Module));
        Assert.Equal(LayerTable.Find(name).State, string.Join(' ', state));

        // Of one module first the parameters, then the buffers: the order of PyTorch's state_dict.
        static IEnumerable<string> State(string prefix, Module module) =>
            module.NamedParameters().Concat(module.NamedBuffers())
                .Where(own => !own.Name.Contains('.', StringComparison.Ordinal))
                .Select(own => $"{(prefix.Length == 0 ? string.Empty : prefix + ".")}{own.Name}[{string.Join(", ", own.Value.Shape)}]");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void DrawsPyTorchsFirstValues(string name)
    {
        var module = Make(name);
        if (LayerTable.Find(name).First is { } expected)
        {
            Assert.Equal(
                expected,
                module.Parameters().Select(parameter => (double)parameter.Detach().ToArray<float>()[0]),
                (a, b) => Math.Abs(a - b) <= 3e-8);
        }
        else
        {
            // The others start as ones and zeros, or another row of the table draws as they do.
            Assert.All(module.Parameters(), parameter => Assert.True(parameter.IsLeaf && parameter.RequiresGrad));
        }
    }

    /// <summary>In training and in evaluation, by the input and by each parameter, against differences.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void DerivativesAreRight(string name)
    {
        var row = LayerTable.Find(name);
        var generator = new Generator(3);
        var module = row.Make(DType.Float64, generator);
        var names = module.NamedParameters().Select(parameter => parameter.Name).ToArray();
        Tensor[] at = [Input(row.Input), .. module.Parameters().Select(Near)];
        foreach (var mode in new[] { true, false })
        {
            module.Train(mode);
            Assert.True(Diagnose.GradCheck((Tensor[] x) => Run(x), at, new() { FastMode = true, CheckForward = true }));
        }

        Tensor Run(Tensor[] x)
        {
            // Dropout takes the same elements each time.
            generator.ManualSeed(1);
            var values = names.Zip(x[1..]).ToDictionary(pair => pair.First, pair => pair.Second);
            return module.FunctionalCall(values, () => row.Run(module, x[0]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ComputesInItsOwnDType(string name)
    {
        var row = LayerTable.Find(name);
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
        {
            var module = row.Make(dtype, new Generator(0));
            Assert.All(module.Parameters(), parameter => Assert.Equal(dtype, parameter.DType));
            Assert.Equal(dtype, row.Run(module, Input(row.Input).Detach().To(dtype)).DType);
        }
    }

    /// <summary>A layer that is not in the table is not tested.</summary>
    [Fact]
    public void EveryLayerIsInTheTable()
    {
        var tested = LayerTable.All.Select(row => row.Make(DType.Float32, new Generator(0)).GetType())
            // Numbers in, tensors out; containers; and what draws: tests and PyTorch's cases of their own.
            .Concat([typeof(Embedding), typeof(Sequential), typeof(EmbeddingBag), typeof(TransformerEncoder), typeof(RReLU)])
            .ToHashSet();
        Assert.Empty(typeof(Layer).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract && !tested.Contains(type)));
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void AShareThatIsNoneIsRefused(double p)
    {
        foreach (var make in new Func<Layer>[] { () => new Dropout(p), () => new Dropout1d(p), () => new Dropout2d(p), () => new Dropout3d(p) })
        {
            Assert.StartsWith(
                "dropout probability has to be between 0 and 1, but got ",
                Assert.Throws<ArgumentOutOfRangeException>(make).Message,
                StringComparison.Ordinal);
        }
    }

    private static Module Make(string name) => LayerTable.Find(name).Make(DType.Float32, new Generator(0));

    /// <summary>Numbers apart from each other and from the kinks of activations.</summary>
    private static Tensor Input(int[] shape)
    {
        var count = (int)Shape.Product(shape);
        var x = Tensor.FromArray([.. Enumerable.Range(0, count).Select(i => ((((i * 11) % count) + 0.5) * 6 / count) - 3.02)], shape);
        return x.RequiresGrad_();
    }

    /// <summary>Near a parameter's first value but nowhere special.</summary>
    private static Tensor Near(Tensor parameter)
    {
        var count = (int)parameter.Count;
        var offsets = Tensor.FromArray([.. Enumerable.Range(0, count).Select(i => 0.3 * Math.Sin(i + 1))]).Reshape(parameter.Shape.AsSpan());
        return (parameter.Detach() + offsets).RequiresGrad_();
    }
}
