using Adjoint.NN;
using Adjoint.Tests.Memory;
using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Ensembles of modules as one batch of parameters (PyTorch's tutorial on model ensembling), against the models one by one.</summary>
[Collection(Alone.Name)]
public class EnsembleTests
{
    private static Sequential[] Models()
    {
        Tensor.ManualSeed(4);
        return [.. Enumerable.Range(0, 3).Select(_ => new Sequential(
            new Linear(2, 4, dtype: DType.Float64), new BatchNorm1d(4, dtype: DType.Float64), new Tanh(), new Linear(4, 1, dtype: DType.Float64)))];
    }

    private static Tensor Inputs => Tensor.Randn([6, 2], DType.Float64, new Generator(9));

    [Fact]
    public void AllModelsAtOnce()
    {
        var models = Models();
        foreach (var model in models)
        {
            model.Eval();
        }

        var x = Inputs;
        var stacked = models.StackModules();
        Assert.Equal([3, 4, 2], stacked["0.weight"].Shape.ToArray());
        Assert.Equal([3, 4], stacked["1.running_mean"].Shape.ToArray());
        Assert.DoesNotContain(stacked.Values, value => value.RequiresGrad);
        var y = Vmap((IReadOnlyDictionary<string, Tensor> state, Tensor a) => models[0].FunctionalCall(state, a), (0, null))(stacked, x);
        var own = Tensor.Stack([.. models.Select(model => model.Forward(x))]);
        Check.Close(own, y);

        // Each model with inputs of its own.
        var many = Tensor.Stack([x, x * 2, x - 1]);
        y = Vmap((IReadOnlyDictionary<string, Tensor> state, Tensor a) => models[0].FunctionalCall(state, a))(stacked, many);
        Check.Close(Tensor.Stack([.. models.Select((model, i) => model.Forward(many[i]))]), y);
    }

    [Fact]
    public void GradientsAndRunningStatisticsAreThoseOfEachModel()
    {
        var models = Models();
        var x = Inputs;
        var stacked = models.StackModules();
        var names = models[0].NamedParameters().Select(parameter => parameter.Name).ToHashSet();
        var (parameters, buffers) = (
            stacked.Where(pair => names.Contains(pair.Key)).ToDictionary(),
            stacked.Where(pair => !names.Contains(pair.Key)).ToDictionary());
        var (gradients, changed) = Vmap((Dictionary<string, Tensor> p, Dictionary<string, Tensor> b) =>
        {
            var gradient = Grad((Dictionary<string, Tensor> q) => models[0].FunctionalCall(q.Concat(b).ToDictionary(), x).Square().Sum())(p);
            return ((Tensor[])[.. gradient.OrderBy(g => g.Key).Select(g => g.Value)], (Tensor[])[.. b.OrderBy(g => g.Key).Select(g => g.Value)]);
        })(parameters, buffers);
        var before = models[0].NamedBuffers().ToDictionary(buffer => buffer.Name, buffer => buffer.Value.Clone());
        foreach (var (buffer, value) in before)
        {
            Check.Close(buffers[buffer][0].To(DType.Float64), value.To(DType.Float64));
        }

        for (var i = 0; i < models.Length; i++)
        {
            models[i].Forward(x).Square().Sum().Backward();
            string[] order = [.. parameters.Keys.Order()];
            for (var j = 0; j < order.Length; j++)
            {
                Check.Close(models[i].NamedParameters().Single(p => p.Name == order[j]).Value.Grad!, gradients[j][i], what: order[j]);
            }

            order = [.. buffers.Keys.Order()];
            for (var j = 0; j < order.Length; j++)
            {
                var expected = models[i].NamedBuffers().Single(p => p.Name == order[j]).Value;
                Check.Close(expected.To(DType.Float64), changed[j][i].To(DType.Float64), what: order[j]);
            }
        }
    }

    [Fact]
    public void ModelsOfDifferentFormsAreRefused()
    {
        Assert.StartsWith(
            "stack_module_state: Expected at least one model, got 0.",
            Assert.Throws<ArgumentException>(() => Array.Empty<Module>().StackModules()).Message,
            StringComparison.Ordinal);
        Module[] mixed = [new Linear(2, 1), new Tanh()];
        Assert.StartsWith(
            "stack_module_state: Expected all models to be of the same class.",
            Assert.Throws<ArgumentException>(() => mixed.StackModules()).Message,
            StringComparison.Ordinal);
        var models = Models();
        models[1].Eval();
        Assert.StartsWith(
            "stack_module_state: Expected all models to have the same training/eval mode.",
            Assert.Throws<ArgumentException>(() => models.StackModules()).Message,
            StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => new[] { new Linear(2, 1), new Linear(3, 1) }.StackModules());
        Assert.Throws<DTypeException>(() => new[] { new Linear(2, 1), new Linear(2, 1, dtype: DType.Float64) }.StackModules());
        Assert.Throws<ArgumentException>(() => new[] { new Linear(2, 1), new Linear(2, 1, bias: false) }.StackModules());
    }
}
