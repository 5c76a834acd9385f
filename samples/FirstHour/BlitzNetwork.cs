using Adjoint;
using Adjoint.NN;
using Transforms;

namespace FirstHour;

/// <summary>The third page of the blitz: a convolutional network as a module, its loss, and one step by hand and by an optimiser.</summary>
public static class BlitzNetwork
{
    public static void Run(Checks checks)
    {
        Tensor.ManualSeed(0);
        var net = new Net();
        Console.WriteLine(net);
        var parameters = net.Parameters().ToList();
        checks.That(parameters.Count == 10 && parameters[0].Shape == new[] { 6, 1, 5, 5 }, "ten parameters, the first is [6, 1, 5, 5]");

        var input = Tensor.Randn(1, 1, 32, 32);
        var output = net.Call(input);
        checks.That(output.Shape == new[] { 1, 10 }, "ten numbers for an image");
        net.ZeroGrad();
        output.Backward(Tensor.Randn(1, 10));

        var target = Tensor.Randn(10).View(1, -1);
        var criterion = new MSELoss();
        var loss = criterion.Forward(net.Call(input), target);
        Console.WriteLine($"loss {loss:F4} by {loss.GradFn}");
        checks.That(loss.GradFn!.Name == "MseLossBackward0", "the loss knows how it was made");

        net.ZeroGrad();
        checks.That(net.Conv1.Bias!.Grad is null, "no gradient before");
        loss.Backward();
        checks.That(net.Conv1.Bias!.Grad!.Abs().Sum().Item() > 0, "a gradient after");

        const double rate = 0.01;
        using (Autograd.NoGrad())
        {
            foreach (var p in net.Parameters())
            {
                p.Sub_(p.Grad! * rate);
            }
        }

        var optimizer = new SGD(net.Parameters(), lr: 0.01);
        var first = criterion.Forward(net.Call(input), target);
        for (var step = 0; step < 5; step++)
        {
            optimizer.ZeroGrad();
            loss = criterion.Forward(net.Call(input), target);
            loss.Backward();
            optimizer.Step();
        }

        checks.That(loss.Item() < first.Item(), "the loss falls");
    }

    private sealed class Net : Layer
    {
        private readonly Linear _fc1;
        private readonly Linear _fc2;
        private readonly Linear _fc3;

        public Net()
        {
            Conv1 = Child("conv1", new Conv2d(1, 6, 5));
            Conv2 = Child("conv2", new Conv2d(6, 16, 5));
            _fc1 = Child("fc1", new Linear(16 * 5 * 5, 120));
            _fc2 = Child("fc2", new Linear(120, 84));
            _fc3 = Child("fc3", new Linear(84, 10));
        }

        public Conv2d Conv1 { get; }

        public Conv2d Conv2 { get; }

        public override Tensor Forward(Tensor x)
        {
            x = Conv1.Call(x).Relu().MaxPool2d((2, 2));
            x = Conv2.Call(x).Relu().MaxPool2d(2);
            x = x.Flatten(1);
            x = _fc1.Call(x).Relu();
            x = _fc2.Call(x).Relu();
            return _fc3.Call(x);
        }
    }
}
