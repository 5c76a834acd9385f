using System.Diagnostics;
using Adjoint;
using Adjoint.NN;

namespace Tour;

/// <summary>
/// Trains a small network to read handwritten digits, and says how well it does on images it has not seen.
/// </summary>
public static class DigitsTraining
{
    private const int TestImages = 360;
    private const int BatchSize = 32;
    private const double LearningRate = 1e-3;
    private const double Noise = 0.2;
    private const double Goal = 0.97;

    /// <summary>Trains, prints and draws; returns whether the accuracy is what a whole training must reach.</summary>
    public static bool Run(Options options, OutputFolder output)
    {
        var (train, test) = Digits.Load().Split(TestImages);
        Tensor.ManualSeed((ulong)options.Seed);
        Sequential model =
        [
            new Linear(Digits.Pixels, 256),
            new ReLU(),
            new Linear(256, 256),
            new ReLU(),
            new Linear(256, Digits.Classes),
        ];

        Console.WriteLine();
        Console.WriteLine($"Part 2: handwritten digits, {train.Count} to learn from and {test.Count} to test");
        Console.WriteLine();
        Console.WriteLine(model);
        Console.WriteLine($"{model.Parameters().Sum(parameter => parameter.Count):N0} parameters, seed {options.Seed}");
        Console.WriteLine();

        var watch = Stopwatch.StartNew();
        var history = ProgressDisplay.Run(
            options.Epochs, progress => Train(model, train, test, options.Epochs, progress));
        watch.Stop();

        var matrix = new ConfusionMatrix(test.Labels, Predict(model, test));
        Console.WriteLine();
        Console.WriteLine(matrix);
        Console.WriteLine($"test accuracy {matrix.Accuracy:P1}, trained in {watch.Elapsed.TotalSeconds:F1} s");
        output.Write("loss.png", LossCurve.Draw(history));

        // Fewer epochs are the user's choice; a whole training that misses the goal is a fault.
        return options.Epochs < Options.DefaultEpochs || matrix.Accuracy >= Goal;
    }

    private static List<Epoch> Train(Sequential model, Digits train, Digits test, int epochs, IProgress<Epoch> progress)
    {
        // Targets a little softer than the truth, noise on the images and some decay of the weights keep the network
        // from learning the training images by heart.
        var loss = new CrossEntropyLoss(labelSmoothing: 0.1);
        var optimizer = new Adam(model.Parameters(), LearningRate, weightDecay: 1e-4);
        var history = new List<Epoch>();
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            // Steps become smaller along half a cosine, so that the end is calm.
            optimizer.LearningRate = LearningRate * (1 + Math.Cos(Math.PI * (epoch - 1) / epochs)) / 2;

            var sum = 0.0;
            foreach (var batch in train.Batches(BatchSize))
            {
                var images = batch.Images + (Noise * Tensor.RandnLike(batch.Images));
                var error = loss.Forward(model.Forward(images), batch.Labels);
                optimizer.ZeroGrad();
                error.Backward();
                optimizer.Step();
                sum += error.Item() * batch.Count;
            }

            using (Autograd.NoGrad())
            {
                var testLoss = loss.Forward(model.Forward(test.Images), test.Labels).Item();
                history.Add(new Epoch(epoch, sum / train.Count, testLoss));
            }

            progress.Report(history[^1]);
        }

        return history;
    }

    /// <summary>The digit that the network thinks each image shows: the one with the highest score.</summary>
    private static Tensor Predict(Sequential model, Digits digits)
    {
        using (Autograd.NoGrad())
        {
            return model.Forward(digits.Images).Argmax(dim: 1);
        }
    }
}

/// <summary>
/// How a training went in one epoch: the mean loss on the images it learned from, and on those of the test.
/// </summary>
public sealed record Epoch(int Number, double TrainLoss, double TestLoss);
