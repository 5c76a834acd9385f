using Adjoint;
using Adjoint.NN;
using Transforms;

namespace FirstHour;

/// <summary>Chapter 4 of Dive into Deep Learning: softmax regression from scratch and with layers, on three clouds of points.</summary>
public static class SoftmaxRegression
{
    public static void Run(Checks checks)
    {
        Tensor X = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        checks.That(X.Sum(0, keepDim: true).Equal([[5.0, 7.0, 9.0]]), "sums of columns");
        var prob = Softmax(Tensor.Rand(2, 5));
        checks.That(prob.Sum(1).AllClose(Tensor.Ones(2)), "rows of a softmax sum to one");

        Tensor y = [0, 2];
        Tensor yHat = [[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]];
        checks.That(yHat[new[] { 0, 1 }, y].Equal([0.1, 0.5]), "the probability of each label");
        checks.That(CrossEntropy(yHat, y).AllClose([2.302585, 0.693147], 1e-6), "the book's cross entropy");
        checks.That(Accuracy(yHat, y) == 0.5, "the book's accuracy");

        Tensor.ManualSeed(5);
        Tensor centres = [[0f, 3f], [3f, -2f], [-3f, -2f]];
        var labels = Tensor.Arange(300) % 3;
        var points = centres[labels] + Tensor.Randn(300, 2);

        // From scratch.
        var w = Tensor.Normal(0, 0.01, [2, 3]).RequiresGrad_();
        var b = Tensor.Zeros(3).RequiresGrad_();
        for (var epoch = 0; epoch < 100; epoch++)
        {
            var loss = CrossEntropy(Softmax(points.MatMul(w) + b), labels).Mean();
            loss.Backward();
            using var _ = Autograd.NoGrad();
            w -= 0.5 * w.Grad!;
            b -= 0.5 * b.Grad!;
            w.Grad = b.Grad = null;
        }

        checks.That(Accuracy(points.MatMul(w) + b, labels) > 0.95, "accuracy from scratch");

        // With layers.
        Sequential net = [new Flatten(), new Linear(2, 3)];
        var trainer = new SGD(net.Parameters(), lr: 0.5);
        for (var epoch = 0; epoch < 100; epoch++)
        {
            trainer.ZeroGrad();
            net.Call(points).CrossEntropy(labels).Backward();
            trainer.Step();
        }

        checks.That(Accuracy(net.Call(points), labels) > 0.95, "accuracy with layers");
        var shifts = net.Call(points).Softmax(1) - Softmax(points.MatMul(w) + b);
        checks.That(shifts.Abs().Max().Item() < 0.05, "both find the same probabilities");
    }

    private static Tensor Softmax(Tensor x)
    {
        var exp = x.Exp();
        return exp / exp.Sum(1, keepDim: true);
    }

    private static Tensor CrossEntropy(Tensor yHat, Tensor y) => -yHat[Tensor.Arange(yHat.Shape[0]), y].Log();

    private static double Accuracy(Tensor yHat, Tensor y)
    {
        var predictions = yHat.Argmax(1).To(y.DType);
        return (predictions == y).To(DType.Float64).Mean().Item();
    }
}
