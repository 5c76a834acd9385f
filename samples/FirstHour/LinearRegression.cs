using Adjoint;
using Adjoint.NN;
using Transforms;

namespace FirstHour;

/// <summary>Chapter 3 of Dive into Deep Learning: linear regression from scratch and with a layer, on data whose weights are known.</summary>
public static class LinearRegression
{
    public static void Run(Checks checks)
    {
        Tensor.ManualSeed(3);
        Tensor trueW = [2f, -3.4f];
        const float trueB = 4.2f;
        var features = Tensor.Normal(0, 1, [1000, 2]);
        var labels = features.MatMul(trueW) + trueB;
        labels += Tensor.Normal(0, 0.01, labels.Shape);
        labels = labels.Reshape(-1, 1);

        // From scratch.
        var w = Tensor.Normal(0, 0.01, [2, 1]).RequiresGrad_();
        var b = Tensor.Zeros(1).RequiresGrad_();
        for (var epoch = 0; epoch < 3; epoch++)
        {
            foreach (var (x, y) in Batches(features, labels, 10))
            {
                var loss = Squared(x.MatMul(w) + b, y);
                loss.Sum().Backward();
                using (Autograd.NoGrad())
                {
                    foreach (var p in (Tensor[])[w, b])
                    {
                        p.Sub_(0.03 * p.Grad! / 10);
                        p.Grad!.Zero_();
                    }
                }
            }

            var train = Squared(features.MatMul(w) + b, labels);
            Console.WriteLine($"  epoch {epoch + 1}: loss {train.Mean().Item():F6}");
        }

        checks.That((trueW - w.Reshape(trueW.Shape)).Abs().Max().Item() < 0.01, "the weights from scratch");
        checks.That(Math.Abs(trueB - b.Item()) < 0.01, "the bias from scratch");

        // With a layer.
        var net = new Linear(2, 1);
        using (Autograd.NoGrad())
        {
            net.Weight.Normal_(0, 0.01);
            net.Bias!.Fill_(0);
        }

        var criterion = new MSELoss();
        var trainer = new SGD(net.Parameters(), lr: 0.03);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            foreach (var (x, y) in Batches(features, labels, 10))
            {
                var loss = criterion.Forward(net.Call(x), y);
                trainer.ZeroGrad();
                loss.Backward();
                trainer.Step();
            }
        }

        checks.That((trueW - net.Weight.Reshape(trueW.Shape)).Abs().Max().Item() < 0.01, "the weights of the layer");
        checks.That(Math.Abs(trueB - net.Bias!.Item()) < 0.01, "the bias of the layer");
    }

    private static Tensor Squared(Tensor prediction, Tensor y) => (prediction - y.Reshape(prediction.Shape)).Pow(2) / 2;

    private static IEnumerable<(Tensor X, Tensor Y)> Batches(Tensor features, Tensor labels, int size)
    {
        var count = features.Shape[0];
        int[] indices = [.. Enumerable.Range(0, count)];
        Random.Shared.Shuffle(indices);
        for (var i = 0; i < count; i += size)
        {
            var batch = indices[i..Math.Min(i + size, count)];
            yield return (features[batch], labels[batch]);
        }
    }
}
