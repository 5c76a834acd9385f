using Adjoint.NN;
using Adjoint.Tests.Memory;
using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Modules as functions of their parameters, and gradients for each sample.</summary>
[Collection(Alone.Name)]
public class FunctionalCallTests
{
    private static Sequential Model()
    {
        Tensor.ManualSeed(1);
        return [new Linear(3, 4, dtype: DType.Float64), new ReLU(), new Linear(4, 2, dtype: DType.Float64)];
    }

    private static Tensor Inputs(int count) => Tensor.Randn([count, 3], DType.Float64, new Generator().ManualSeed(2));

    [Fact]
    public void OtherParametersForOneCall()
    {
        var model = Model();
        var x = Inputs(5);
        var before = model.Forward(x).Detach();
        var doubled = model.ParameterValues().ToDictionary(pair => pair.Key, pair => pair.Value * 2);
        var other = model.FunctionalCall(doubled, x);
        var (w, b) = (doubled["0.weight"], doubled["0.bias"]);
        Check.Close(x.Linear(w, b).Relu().Linear(doubled["2.weight"], doubled["2.bias"]), other);
        Check.Close(before, model.Forward(x));
        Assert.True(model.Parameters().All(parameter => parameter.IsLeaf && parameter.RequiresGrad));
    }

    [Fact]
    public void TheModuleIsItselfAgainAfterAnError()
    {
        var model = Model();
        Assert.Throws<InvalidOperationException>(() => model.FunctionalCall<Tensor>(
            model.ParameterValues(), () => throw new InvalidOperationException()));
        model.Forward(Inputs(2)).Sum().Backward();
        Assert.NotNull(model.Parameters().First().Grad);
    }

    [Fact]
    public void GradientsAreThoseOfTheTape()
    {
        var model = Model();
        var (x, labels) = (Inputs(5), Tensor.FromArray([0L, 1, 1, 0, 1]));
        var gradients = Grad((IReadOnlyDictionary<string, Tensor> p) => model.FunctionalCall(p, x).CrossEntropy(labels))(model.ParameterValues());
        model.Forward(x).CrossEntropy(labels).Backward();
        foreach (var (name, parameter) in model.NamedParameters())
        {
            Check.Close(parameter.Grad!, gradients[name], what: name);
            Assert.False(gradients[name].RequiresGrad);
        }
    }

    [Fact]
    public void GradientsOfEachSample()
    {
        var model = Model();
        var (x, labels) = (Inputs(5), Tensor.FromArray([0L, 1, 1, 0, 1]));
        var thread = Environment.CurrentManagedThreadId;
        string? warning = null;
        void Listen(string message) => warning = Environment.CurrentManagedThreadId == thread ? message : warning;
        Autograd.Warning += Listen;
        var all = model.PerSampleGradients((y, t) => y.CrossEntropy(t), x, labels);
        Autograd.Warning -= Listen;
        Assert.Null(warning);
        for (var i = 0; i < 5; i++)
        {
            model.ZeroGrad();
            model.Forward(x[i..(i + 1)]).CrossEntropy(labels[i..(i + 1)]).Backward();
            foreach (var (name, parameter) in model.NamedParameters())
            {
                Check.Close(parameter.Grad!, all[name][i], what: $"{name} of sample {i}");
            }
        }
    }

    [Fact]
    public void TransformsNestInAndAroundTheCall()
    {
        var model = Model();
        var x = Inputs(1)[0];
        var values = model.ParameterValues();

        // The Jacobian by the input inside, the gradient of its norm by the parameters outside.
        var gradients = Grad((IReadOnlyDictionary<string, Tensor> p) =>
            model.FunctionalCall(p, () => JacFwd((Tensor a) => model.Forward(a))(x)).Square().Sum())(values);
        var (w, v) = (values["0.weight"], values["2.weight"]);
        var open = (x.Linear(w, values["0.bias"]) > 0).To(DType.Float64);
        var jacobian = v.Mm(open.Unsqueeze(1) * w);
        Check.Close(2 * jacobian.Mm((open.Unsqueeze(1) * w).T), gradients["2.weight"]);
        Check.Close(2 * open.Unsqueeze(1) * v.T.Mm(jacobian), gradients["0.weight"]);
    }

    [Fact]
    public void WrongParametersAreNamed()
    {
        var model = Model();
        Assert.Contains(
            "Unexpected key(s) \"weight\"",
            Assert.Throws<ArgumentException>(() => model.FunctionalCall(
                new Dictionary<string, Tensor> { ["weight"] = Tensor.Zeros(1) }, Inputs(1))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => model.FunctionalCall(
            new Dictionary<string, Tensor> { ["0.bias"] = Tensor.Zeros([3], DType.Float64) }, Inputs(1)));
        Assert.Throws<DTypeException>(() => model.FunctionalCall(
            new Dictionary<string, Tensor> { ["0.bias"] = Tensor.Zeros(4) }, Inputs(1)));
    }
}
