using System.Collections;
using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>States of optimisers, groups of parameters, and what all optimisers have in common.</summary>
public class OptimizerStateTests
{
    private static readonly Dictionary<string, Func<IEnumerable<Tensor>, Optimizer>> Makers = new()
    {
        ["SGD"] = p => new SGD(p, 0.1, momentum: 0.9, weightDecay: 0.01),
        ["SGD, Nesterov"] = p => new SGD(p, 0.1, momentum: 0.9, nesterov: true),
        ["Adam"] = p => new Adam(p, 0.1, weightDecay: 0.01),
        ["Adam, amsgrad"] = p => new Adam(p, 0.1, amsgrad: true),
        ["AdamW"] = p => new AdamW(p, 0.1),
        ["Adamax"] = p => new Adamax(p, 0.1),
        ["NAdam"] = p => new NAdam(p, 0.1),
        ["RAdam"] = p => new RAdam(p, 0.1),
        ["RMSprop"] = p => new RMSprop(p, 0.01, momentum: 0.5, centered: true),
        ["RMSprop, plain"] = p => new RMSprop(p, 0.01),
        ["Adagrad"] = p => new Adagrad(p, 0.1, initialAccumulatorValue: 0.1),
        ["Adadelta"] = p => new Adadelta(p),
        ["ASGD"] = p => new ASGD(p, 0.1, t0: 2),
        ["Rprop"] = p => new Rprop(p, 0.1),
        ["Lion"] = p => new Lion(p, 0.01),
        ["Muon"] = p => new Muon(p, 0.1),
        ["LBFGS"] = p => new LBFGS(p, 0.5, maxIter: 2, strongWolfe: true),
    };

    public static TheoryData<string> Names => [.. Makers.Keys];

    private static Tensor Start(DType? dtype = null) =>
        (Tensor.Arange(12, DType.Float64).Sin().Reshape(3, 4).To(dtype ?? DType.Float64)).RequiresGrad_();

    private static void Run(Optimizer optimizer, Tensor x, int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            optimizer.Step(() =>
            {
                optimizer.ZeroGrad();
                var loss = ((x * x * 0.5) + x.Cos()).Sum() + x.MatMul(x.T).Sin().Sum();
                loss.Backward();
                return loss;
            });
        }
    }

    /// <summary>Eight steps are five, a file, and three.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void AStateFromAFileGoesOnBitForBit(string name)
    {
        var (whole, first) = (Start(), Start());
        Run(Makers[name]([whole]), whole, 8);
        var before = Makers[name]([first]);
        Run(before, first, 5);
        var path = Path.GetTempFileName();
        try
        {
            TorchFile.Save(path, before.StateDict());
            var second = first.Detach().Clone().RequiresGrad_();
            var after = Makers[name]([second]);
            after.LoadStateDict((IDictionary)TorchFile.Load(path)!);
            Run(after, second, 3);
            Assert.Equal(whole.Detach().ToArray<double>(), second.Detach().ToArray<double>());
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Elements with gaps between them take the same steps as without, to the bit.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void GapsBetweenElementsDoNotMatter(string name)
    {
        var dense = Start();
        var wide = Tensor.Zeros([3, 8], DType.Float64);
        var strided = wide[.., TensorIndex.Slice(0, 8, 2)].Copy_(dense.Detach()).RequiresGrad_();
        var (a, b) = (Makers[name]([dense]), Makers[name]([strided]));
        for (var i = 0; i < 4; i++)
        {
            a.Step(() => Evaluate(dense));
            b.Step(() => Evaluate(strided));
        }

        Assert.Equal(dense.Detach().ToArray<double>(), strided.Detach().ToArray<double>());
    }

    /// <summary>The half square and the cosine, with a gradient that does not depend on how elements lie.</summary>
    private static Tensor Evaluate(Tensor x)
    {
        using (Autograd.NoGrad())
        {
            var values = x.Detach().Clone();
            x.Grad = values - values.Sin();
            return ((values * values * 0.5) + values.Cos()).Sum();
        }
    }

    /// <summary>float32 goes the way of float64; a parameter that is large enough for several threads goes that of a small one.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Float32GoesTheSameWay(string name)
    {
        var (exact, single) = (Start(), Start(DType.Float32));
        Run(Makers[name]([exact]), exact, 3);
        Run(Makers[name]([single]), single, 3);
        foreach (var (a, b) in exact.Detach().ToArray<double>().Zip(single.Detach().ToArray<double>()))
        {
            Assert.Equal(a, b, 1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LargeParametersGoTheWayOfSmallOnes(string name)
    {
        if (name is "Muon" or "LBFGS")
        {
            return;
        }

        const int Count = 70_003;
        var small = Tensor.FromArray([0.3, -0.7, 1.1]).RequiresGrad_();
        var large = Tensor.Cat([.. Enumerable.Repeat(small.Detach(), (Count / 3) + 1)], 0)[..Count].Clone().RequiresGrad_();
        var (a, b) = (Makers[name]([small]), Makers[name]([large]));
        for (var i = 0; i < 3; i++)
        {
            small.Grad = (small.Detach() * 2) - 0.1;
            large.Grad = (large.Detach() * 2) - 0.1;
            a.Step();
            b.Step();
        }

        var (expected, actual) = (small.Detach().ToArray<double>(), large.Detach().ToArray<double>());
        for (var i = 0; i < Count; i++)
        {
            Assert.Equal(expected[i % 3], actual[i]);
        }
    }

    /// <summary>PyTorch's names: what its load_state_dict looks for.</summary>
    [Fact]
    public void TheStateHasPyTorchsForm()
    {
        var x = Start();
        var adam = new Adam([x], amsgrad: true);
        Run(adam, x, 2);
        var state = adam.StateDict();
        var own = (IDictionary)((IDictionary)state["state"]!)[0L]!;
        Assert.Equal(["step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"], own.Keys.Cast<string>());
        Assert.Equal(2, ((Tensor)own["step"]!).Item());
        var group = (IDictionary)((IList)state["param_groups"]!)[0]!;
        Assert.Equal(new object?[] { 0.9, 0.999 }, (object?[])group["betas"]!);
        Assert.Equal(1e-3, group["lr"]);
        Assert.Equal([0L], ((IList)group["params"]!).Cast<long>());
    }

    [Fact]
    public void AStateOfOtherGroupsIsRefused()
    {
        var (x, y) = (Start(), Start());
        var one = new Adam([x]).StateDict();
        Assert.Contains(
            "doesn't match the size", Assert.Throws<ArgumentException>(() => new Adam([x, y]).LoadStateDict(one)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "different number of parameter groups",
            Assert.Throws<ArgumentException>(() => new Adam(new ParameterGroups(new(x), new(y))).LoadStateDict(one)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void GroupsHaveTheirOwnSettings()
    {
        var (x, y) = (Tensor.Ones(2).RequiresGrad_(), Tensor.Ones(2).RequiresGrad_());
        var sgd = new SGD(new ParameterGroups(new ParameterGroup(x), new ParameterGroup(y) { LearningRate = 0.5 }), lr: 0.25);
        (x.Grad, y.Grad) = (Tensor.Ones(2), Tensor.Ones(2));
        sgd.Step();
        Assert.Equal([0.75f, 0.75f], x.Detach().ToArray<float>());
        Assert.Equal([0.5f, 0.5f], y.Detach().ToArray<float>());
        Assert.Throws<ArgumentException>(() => sgd.AddParamGroup(new ParameterGroup(Start()) { ["beta"] = 1 }));
        Assert.Throws<ArgumentException>(() => sgd.AddParamGroup(new ParameterGroup(x)));
    }

    /// <summary>
    /// Algorithm 2 of Chen and others (2023), by hand: m = 0; the first step goes along the sign of the gradient, and decays by 0.1 * 0.5.
    /// </summary>
    [Fact]
    public void LionIsThePublishedAlgorithm()
    {
        var x = Tensor.FromArray([1.0, -2]).RequiresGrad_();
        var lion = new Lion([x], lr: 0.1, beta1: 0.9, beta2: 0.5, weightDecay: 0.5);
        x.Grad = Tensor.FromArray([3.0, -4]);
        lion.Step();
        Assert.Equal([0.85, -1.8], x.Detach().ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-12);

        // m = (1.5, -2); c = 0.9 m + 0.1 g has the signs of (1.35 - 2, -1.8 + 0.4).
        x.Grad = Tensor.FromArray([-20.0, 4]);
        lion.Step();
        Assert.Equal([(0.85 * 0.95) + 0.1, (-1.8 * 0.95) + 0.1], x.Detach().ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    /// <summary>The polynomial brings singular values to between about 0.7 and 1.2 (Jordan, 2024), whatever they were.</summary>
    [Fact]
    public void MuonStepsAreNearlyOrthogonal()
    {
        foreach (var shape in new[] { (6, 3), (3, 6) })
        {
            var x = Tensor.Zeros([shape.Item1, shape.Item2], DType.Float64).RequiresGrad_();
            x.Grad = Tensor.Arange(18, DType.Float64).Square().Sin().Reshape(shape.Item1, shape.Item2);
            new Muon([x], lr: 1, weightDecay: 0).Step();
            var scale = Math.Sqrt(Math.Max(1, (double)shape.Item1 / shape.Item2));
            var values = Linalg.Svdvals(x.Detach() / scale).ToArray<double>();
            Assert.All(values, value => Assert.InRange(value, 0.6, 1.3));
        }
    }

    [Fact]
    public void MaximizeClimbs()
    {
        foreach (var (name, _) in Makers.Where(pair => pair.Key is "SGD" or "Adam" or "RMSprop"))
        {
            var (up, down) = (Start(), Start());
            Optimizer Make(Tensor p, bool maximize) => name switch
            {
                "SGD" => new SGD([p], 0.1, maximize: maximize),
                "Adam" => new Adam([p], 0.1, maximize: maximize),
                _ => new RMSprop([p], 0.1, maximize: maximize),
            };
            up.Grad = -Tensor.OnesLike(up);
            down.Grad = Tensor.OnesLike(down);
            Make(up, maximize: true).Step();
            Make(down, maximize: false).Step();
            Assert.Equal(down.Detach().ToArray<double>(), up.Detach().ToArray<double>());
        }
    }

    /// <summary>The norm of (3, 4) is 5; PyTorch divides by the norm and 1e-6.</summary>
    [Fact]
    public void GradientsAreClipped()
    {
        var (x, y) = (Tensor.Ones([1], DType.Float64).RequiresGrad_(), Tensor.Ones([1], DType.Float64).RequiresGrad_());
        (x.Grad, y.Grad) = (Tensor.FromArray([3.0]), Tensor.FromArray([4.0]));
        Assert.Equal(5, Gradients.ClipGradNorm_([x, y], 1));
        Assert.Equal(3 / 5.000001, x.Grad!.Item(), 1e-12);
        Gradients.ClipGradValue_([x, y], 0.7);
        Assert.Equal([3 / 5.000001, 0.7], new[] { x.Grad!.Item(), y.Grad!.Item() }, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(0.7, Gradients.TotalNorm([x.Grad!, y.Grad!], double.PositiveInfinity), 1e-12);
        x.Grad = Tensor.FromArray([double.NaN]);
        Assert.Throws<TensorException>(() => Gradients.ClipGradNorm_([x, y], 1, errorIfNonfinite: true));
    }
}
