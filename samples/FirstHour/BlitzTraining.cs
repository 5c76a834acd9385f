using Adjoint;
using Adjoint.NN;
using Transforms;

namespace FirstHour;

/// <summary>The fourth page of the blitz: a classifier of images, here of bars that the program draws itself.</summary>
public static class BlitzTraining
{
    private static readonly string[] Classes = ["upright", "lying", "diagonal"];

    public static void Run(Checks checks)
    {
        Tensor.ManualSeed(1);
        var (images, labels) = Draw(192);
        var net = new Sequential(
            new Conv2d(1, 6, 3), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(6 * 3 * 3, 16), new ReLU(), new Linear(16, 3));
        var criterion = new CrossEntropyLoss();
        var optimizer = new SGD(net.Parameters(), lr: 0.1, momentum: 0.9);

        for (var epoch = 0; epoch < 8; epoch++)
        {
            var runningLoss = 0.0;
            var order = Tensor.Randperm(192);
            foreach (var batch in order.Split(32))
            {
                var (inputs, targets) = (images[batch], labels[batch]);
                optimizer.ZeroGrad();
                var outputs = net.Call(inputs);
                var loss = criterion.Forward(outputs, targets);
                loss.Backward();
                optimizer.Step();
                runningLoss += loss.Item();
            }

            Console.WriteLine($"  epoch {epoch + 1}: loss {runningLoss / 6:F4}");
        }

        var (testImages, testLabels) = Draw(96);
        using (Autograd.NoGrad())
        {
            var (_, predicted) = net.Call(testImages).Max(1);
            var correct = (predicted == testLabels).Sum().Item<long>();
            Console.WriteLine($"  {100.0 * correct / 96:F0} % of the test images are right, the first is {Classes[predicted[0].Item<int>()]}");
            checks.That(correct >= 90, "at least 90 of 96 images");
        }
    }

    private static (Tensor Images, Tensor Labels) Draw(int count)
    {
        var labels = Tensor.Randint(3, [count]);
        var images = 0.2 * Tensor.Randn(count, 1, 8, 8);
        for (var i = 0; i < count; i++)
        {
            var place = (int)Tensor.Randint(8, [1]).Item();
            var label = labels[i].Item<long>();
            if (label == 0)
            {
                images[i, 0, .., place] += 1;
            }
            else if (label == 1)
            {
                images[i, 0, place] += 1;
            }
            else
            {
                images[i, 0] += Tensor.Eye(8).Roll(place, 1);
            }
        }

        return (images, labels);
    }
}
