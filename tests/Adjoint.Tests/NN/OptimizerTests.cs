using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>
/// SGD and Adam against numbers worked out by hand from the formulas of PyTorch's documentation (torch.optim.SGD,
/// torch.optim.Adam), against the published algorithm, and by what they converge to.
/// </summary>
public class OptimizerTests
{
    /// <summary>
    /// Steps from p = 1 along gradients that are always 1, with lr 0.1; the parameter after each step.
    /// </summary>
    private static double[] Path(Func<IEnumerable<Tensor>, Optimizer> make, int steps, double gradient = 1)
    {
        var p = Tensor.Scalar(1.0).RequiresGrad_();
        var optimizer = make([p]);
        var path = new double[steps];
        for (var i = 0; i < steps; i++)
        {
            p.Grad = Tensor.Scalar(gradient);
            optimizer.Step();
            path[i] = p.Item();
        }

        return path;
    }

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-12);
        }
    }

    /// <summary>p - 0.1, each time.</summary>
    [Fact]
    public void Descent() => Near([0.9, 0.8, 0.7], Path(p => new SGD(p, lr: 0.1), 3));

    /// <summary>The buffer is 1, 1.9, 2.71.</summary>
    [Fact]
    public void Momentum() => Near([0.9, 0.71, 0.439], Path(p => new SGD(p, lr: 0.1, momentum: 0.9), 3));

    /// <summary>The first gradient enters whole: the buffer is 1, 0.9 + 0.5 = 1.4, 1.26 + 0.5 = 1.76.</summary>
    [Fact]
    public void Dampening() =>
        Near([0.9, 0.76, 0.584], Path(p => new SGD(p, lr: 0.1, momentum: 0.9, dampening: 0.5), 3));

    /// <summary>The step is g + 0.9 b with b = 1, 1.9: 1.9, 2.71.</summary>
    [Fact]
    public void Nesterov() => Near([0.81, 0.539], Path(p => new SGD(p, lr: 0.1, momentum: 0.9, nesterov: true), 2));

    /// <summary>The gradient is 1 + 0.1 p: 1.1, then 1.089.</summary>
    [Fact]
    public void Decay() => Near([0.89, 0.7811], Path(p => new SGD(p, lr: 0.1, weightDecay: 0.1), 2));

    /// <summary>The gradient is 1 + 0.1 p, and the buffer 1.1, then 0.99 + 1.089 = 2.079.</summary>
    [Fact]
    public void DecayEntersTheMomentum() =>
        Near([0.89, 0.6821], Path(p => new SGD(p, lr: 0.1, momentum: 0.9, weightDecay: 0.1), 2));

    /// <summary>The corrected moments of a constant g are g and g^2, so each step is lr * g / (|g| + eps).</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(-0.25)]
    public void AdamOfAConstantGradient(double g)
    {
        var step = 0.1 * g / (Math.Abs(g) + 1e-8);
        Near([1 - step, 1 - (2 * step), 1 - (3 * step)], Path(p => new Adam(p, lr: 0.1), 3, g));
    }

    /// <summary>Algorithm 1 of Kingma and Ba (2015), on gradients that vary, element by element.</summary>
    [Theory]
    [InlineData(0.9, 0.999, 1e-8, 0)]
    [InlineData(0.8, 0.95, 1e-3, 0.1)]
    public void AdamIsThePublishedAlgorithm(double beta1, double beta2, double eps, double decay)
    {
        double[] values = [0.5, -1, 2];
        var p = Tensor.FromArray(values).RequiresGrad_();
        var adam = new Adam([p], 0.05, beta1, beta2, eps, decay);
        var (m, v) = (new double[3], new double[3]);
        for (var t = 1; t <= 20; t++)
        {
            var gradient = Array.ConvertAll([1.0, 2, 3], i => Math.Sin(i * t));
            p.Grad = Tensor.FromArray(gradient);
            adam.Step();
            for (var i = 0; i < 3; i++)
            {
                var g = gradient[i] + (decay * values[i]);
                m[i] = (beta1 * m[i]) + ((1 - beta1) * g);
                v[i] = (beta2 * v[i]) + ((1 - beta2) * g * g);
                var (mean, square) = (m[i] / (1 - Math.Pow(beta1, t)), v[i] / (1 - Math.Pow(beta2, t)));
                values[i] -= 0.05 * mean / (Math.Sqrt(square) + eps);
            }
        }

        Near(values, p.Detach().ToArray<double>());
    }

    [Fact]
    public void EveryElementTakesItsOwnStep()
    {
        // More elements than a vector has, and a gradient and a parameter with gaps between elements.
        var p = Tensor.Arange(74, DType.Float32).Reshape(2, 37).T.RequiresGrad_();
        var before = p.Detach().ToArray<float>();
        p.Grad = Tensor.Arange(148, DType.Float32).Reshape(37, 4)[.., TensorIndex.Slice(0, 4, 2)];
        var gradient = p.Grad!.ToArray<float>();
        new SGD([p], lr: 0.5).Step();
        Assert.Equal(before.Zip(gradient, (x, g) => x - (0.5f * g)), p.Detach().ToArray<float>());
    }

    [Fact]
    public void AStepIsAnUnrecordedChangeInPlace()
    {
        var p = Tensor.Ones(2).RequiresGrad_();
        var idle = Tensor.Ones(2).RequiresGrad_();
        (p * p).Sum().Backward();
        var optimizer = new SGD([p, idle], lr: 0.5);
        var version = p.Version;
        optimizer.Step();
        Assert.True(p.IsLeaf && p.Version > version);
        Assert.Equal([0, 0], p.Detach().ToArray<float>());
        Assert.Equal([1, 1], idle.Detach().ToArray<float>());
        optimizer.ZeroGrad();
        Assert.Null(p.Grad);
    }

    [Fact]
    public void AStepBetweenForwardAndBackwardIsNoticed()
    {
        var p = Tensor.Ones(2).RequiresGrad_();
        p.Grad = Tensor.Ones(2);
        var loss = (p * p).Sum();
        new SGD([p], lr: 0.5).Step();
        Assert.Throws<AutogradException>(() => loss.Backward());
    }

    [Fact]
    public void StepsAllocateNothing()
    {
        var p = Tensor.Ones(10_000).RequiresGrad_();
        p.Grad = Tensor.Ones(10_000);
        var adam = new Adam([p]);
        var sgd = new SGD([p], momentum: 0.9, weightDecay: 0.1, nesterov: true);
        void Steps()
        {
            adam.Step();
            sgd.Step();
        }

        Steps();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Steps();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>PyTorch's words for arguments out of range.</summary>
    [Fact]
    public void BadArgumentsAreRefused()
    {
        Tensor[] p = [Tensor.Ones(1).RequiresGrad_()];
        Refused("Invalid learning rate: -1", () => new SGD(p, lr: -1));
        Refused("Invalid momentum value: -0.5", () => new SGD(p, momentum: -0.5));
        Refused("Invalid weight_decay value: -2", () => new Adam(p, weightDecay: -2));
        Refused("Nesterov momentum requires a momentum and zero dampening", () => new SGD(p, nesterov: true));
        Refused("Invalid beta parameter at index 0: 1", () => new Adam(p, beta1: 1));
        Refused("Invalid beta parameter at index 1: -0.1", () => new Adam(p, beta2: -0.1));
        Refused("Invalid epsilon value: -1", () => new Adam(p, eps: -1));
        Refused("optimizer got an empty parameter list", () => new Adam([]));
        Refused("can't optimize a non-leaf Tensor", () => new Adam([p[0] * 2]));
        Refused("some parameters appear more than once", () => new Adam([p[0], p[0]]));
    }

    private static void Refused(string message, Func<Optimizer> make) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(make).Message, StringComparison.Ordinal);

    /// <summary>The normal equations of y = 2 x - 1 have that line as their only solution.</summary>
    [Fact]
    public void DescentFindsALine()
    {
        var model = new Linear(1, 1, dtype: DType.Float64, generator: new Generator(0));
        var optimizer = new SGD(model.Parameters(), lr: 0.1, momentum: 0.9);
        Tensor x = [[-1.0], [0], [1], [2]];
        for (var i = 0; i < 300; i++)
        {
            optimizer.ZeroGrad();
            (model.Forward(x) - ((2 * x) - 1)).Square().Mean().Backward();
            optimizer.Step();
        }

        Assert.Equal(2, model.Weight.Item(), 1e-5);
        Assert.Equal(-1, model.Bias!.Item(), 1e-5);
    }

    /// <summary>The minimum of Rosenbrock's function is at (1, 1).</summary>
    [Fact]
    public void AdamFindsRosenbrocksValley()
    {
        var x = Tensor.FromArray([-1.2, 1.0]).RequiresGrad_();
        var optimizer = new Adam([x], lr: 0.02);
        for (var i = 0; i < 5000; i++)
        {
            optimizer.ZeroGrad();
            (100 * (x[1] - x[0].Square()).Square() + (1 - x[0]).Square()).Backward();
            optimizer.Step();
        }

        Assert.All(x.Detach().ToArray<double>(), v => Assert.Equal(1, v, 1e-3));
    }

    /// <summary>Exclusive or is not linearly separable, so a network that learns it uses its hidden layer.</summary>
    [Fact]
    public void ANetworkLearnsExclusiveOr()
    {
        var generator = new Generator(3);
        Sequential model =
            [new Linear(2, 16, generator: generator), new ReLU(), new Linear(16, 2, generator: generator)];
        var loss = new CrossEntropyLoss();
        var optimizer = new Adam(model.Parameters(), lr: 0.02);
        Tensor x = [[0f, 0], [0, 1], [1, 0], [1, 1]];
        var y = Tensor.FromArray([0L, 1, 1, 0]);
        for (var i = 0; i < 200; i++)
        {
            optimizer.ZeroGrad();
            loss.Forward(model.Forward(x), y).Backward();
            optimizer.Step();
        }

        Assert.Equal([0, 1, 1, 0], model.Forward(x).Argmax(1).ToArray<long>());
        Assert.True(loss.Forward(model.Forward(x), y).Item() < 0.05);
    }
}
