using Adjoint;
using Adjoint.NN;
using Tour;

namespace Transforms;

/// <summary>
/// The gradient of every single image of the digits by all parameters of a network, in one batched pass. Their norms say which images a network still
/// has to learn from; clipped to a length they are what private training adds up (M. Abadi et al. 2016). Compared with a loop over images.
/// </summary>
public static class PerSampleGradients
{
    private const int Count = 512;
    private const double Clip = 0.5;

    public static void Run(Checks checks)
    {
        var digits = Digits.Load();
        digits = digits with { Images = digits.Images.To(DType.Float64) };
        Tensor.ManualSeed(7);
        Sequential model = [new Linear(Digits.Pixels, 32, dtype: DType.Float64), new ReLU(), new Linear(32, Digits.Classes, dtype: DType.Float64)];
        Train(model, digits);

        var some = digits.At(Tensor.Arange(Count));
        var gradients = model.PerSampleGradients((scores, labels) => scores.CrossEntropy(labels), some.Images, some.Labels, chunkSize: 128);
        var norms = Norms(gradients);
        checks.That(gradients.All(pair => pair.Value.Shape[0] == Count), $"{Count} gradients for each of {gradients.Count} parameters");

        var answers = model.Forward(some.Images).Argmax(dim: 1);
        Console.WriteLine("  images with the largest gradients:");
        foreach (var i in norms.ToArray<double>().Select((norm, i) => (norm, i)).OrderByDescending(pair => pair.norm).Take(5).Select(pair => pair.i))
        {
            Console.WriteLine(
                $"    image {i,3}: |g| = {norms[i].Item(),8:F4}, a {some.Labels[i].Item<long>()}, taken for a {answers[i].Item<long>()}");
        }

        var wrong = answers != some.Labels;
        var (meanWrong, meanRight) = (norms[wrong].Mean().Item(), norms[!wrong].Mean().Item());
        checks.That(meanWrong > meanRight, $"mean norm {meanWrong:F3} where the answer is wrong, {meanRight:F3} where it is right");

        // The same by a loop of ordinary backward passes.
        var worst = 0.0;
        for (var i = 0; i < Count; i += 8)
        {
            model.ZeroGrad();
            model.Forward(some.Images[i..(i + 1)]).CrossEntropy(some.Labels[i..(i + 1)]).Backward();
            foreach (var (name, parameter) in model.NamedParameters())
            {
                worst = Math.Max(worst, (parameter.Grad! - gradients[name][i]).Abs().Max().Item());
            }
        }

        checks.That(worst < 1e-12, $"the largest difference to a loop over images is {worst:0.0e+00}");

        // The mean of the gradients is the gradient of the mean.
        model.ZeroGrad();
        model.Forward(some.Images).CrossEntropy(some.Labels).Backward();
        var mean = model.NamedParameters().Max(parameter => (parameter.Value.Grad! - gradients[parameter.Name].Mean(0)).Abs().Max().Item());
        checks.That(mean < 1e-12, $"the largest difference of their mean to the gradient of the mean loss is {mean:0.0e+00}");

        // No image moves the clipped sum by more than the clip.
        var factor = (Clip / norms).Clamp(max: 1.0);
        var clipped = gradients.ToDictionary(
            pair => pair.Key, pair => pair.Value * factor.Reshape([Count, .. Enumerable.Repeat(1, pair.Value.Rank - 1)]));
        checks.That(
            Norms(clipped).Max().Item() <= Clip * (1 + 1e-12),
            $"clipped to {Clip}: {(norms > Clip).Sum().Item<long>()} of {Count} images were longer");
    }

    /// <summary>The length of each image's gradient over all parameters.</summary>
    private static Tensor Norms(IReadOnlyDictionary<string, Tensor> gradients)
    {
        var squares = Tensor.Zeros([Count], DType.Float64);
        foreach (var gradient in gradients.Values)
        {
            squares += gradient.Reshape(Count, -1).Square().Sum(1);
        }

        return squares.Sqrt();
    }

    private static void Train(Sequential model, Digits digits)
    {
        var optimizer = new Adam(model.Parameters(), 3e-3);
        for (var epoch = 0; epoch < 5; epoch++)
        {
            foreach (var batch in digits.Batches(64))
            {
                optimizer.ZeroGrad();
                model.Forward(batch.Images).CrossEntropy(batch.Labels).Backward();
                optimizer.Step();
            }
        }
    }
}
