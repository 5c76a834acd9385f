using Adjoint.NN;
using Adjoint.Tests.Files;

namespace Adjoint.Tests.NN;

/// <summary>Folders that keep the last checkpoints and the best one, and files that hold all that a training goes on from.</summary>
public class CheckpointFolderTests
{
    [Fact]
    public void TheLastAndTheBestAreKept()
    {
        using var place = new TensorFolder();
        var folder = new CheckpointFolder(place["run"], keep: 2);
        Assert.Null(folder.Latest);
        Assert.Null(folder.Best);
        double?[] losses = [0.5, 0.25, 1e-5, double.NaN, 3, null];
        for (var i = 0; i < losses.Length; i++)
        {
            folder.Save(i, path => Npy.Save(path, Tensor.Scalar(i)), losses[i]);
        }

        File.WriteAllText(Path.Combine(folder.Folder, "step-x.pt"), "no checkpoint");
        Assert.Equal(["step-0000000002.loss-1E-05.pt", "step-0000000004.loss-3.pt", "step-0000000005.pt"], folder.Files.Select(Path.GetFileName));
        Assert.Equal(5, Npy.Load(folder.Latest!).Item());
        Assert.Equal(2, Npy.Load(new CheckpointFolder(place["run"]).Best!).Item());
        Assert.Equal(1e-5, folder.BestLoss);

        // A step that is saved again, now with a loss; the later one of two that are as good is the best.
        folder.Save(5, path => Npy.Save(path, Tensor.Scalar(50)), 1e-5);
        Assert.Equal(50, Npy.Load(folder.Best!).Item());
        Assert.Equal(["step-0000000004.loss-3.pt", "step-0000000005.loss-1E-05.pt"], folder.Files.Select(Path.GetFileName));
        Assert.True(File.Exists(Path.Combine(folder.Folder, "step-x.pt")));
    }

    [Fact]
    public void WhatFailsLeavesTheOthers()
    {
        using var place = new TensorFolder();
        var folder = new CheckpointFolder(place["run"], keep: 1);
        folder.Save(1, path => Npy.Save(path, Tensor.Scalar(1)));
        Assert.Throws<DTypeException>(() => folder.Save(2, path => Npy.Save(path, Tensor.Ones([1], DType.BFloat16))));
        Assert.Equal(1, Npy.Load(folder.Latest!).Item());
        Assert.Throws<ArgumentOutOfRangeException>(() => folder.Save(-1, _ => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CheckpointFolder(place["run"], keep: 0));
        Assert.Throws<ArgumentException>(() => new CheckpointFolder(place["run"], ending: "pt"));
    }

    [Fact]
    public void ATrainingGoesOnFromItsFile()
    {
        using var place = new TensorFolder();
        var (x, y) = (Tensor.Arange(12.0).Reshape(6, 2).To(DType.Float64) / 10, Tensor.Ones([6, 1], DType.Float64));
        var (model, optimizer, schedule, generator) = Make();
        Step(model, optimizer, schedule);
        TrainingState.Save(place["a.pt"], model, optimizer, schedule, generator);
        Step(model, optimizer, schedule);

        var other = Make();
        other.Generator.ManualSeed(99);
        Assert.True(TrainingState.Load(place["a.pt"], other.Model, other.Optimizer, other.Schedule, other.Generator).IsComplete);
        Step(other.Model, other.Optimizer, other.Schedule);
        Assert.All(model.StateDict(), pair => Assert.True(pair.Value.Equal(other.Model.StateDict()[pair.Key])));
        Assert.Equal(optimizer.LearningRate, other.Optimizer.LearningRate);
        Assert.True(Tensor.Rand([3], DType.Float32, generator).Equal(Tensor.Rand([3], DType.Float32, other.Generator)));

        // Names that differ, and parts that are not there.
        TrainingState.Save(place["b.pt"], new Sequential(model));
        Assert.True(TrainingState.Load(place["b.pt"], model, rename: name => name[2..]).IsComplete);
        Assert.Throws<ArgumentException>(() => TrainingState.Load(place["b.pt"], model, optimizer, rename: name => name[2..]));
        Assert.Throws<ArgumentException>(() => model.LoadStateDict(model.StateDict(), rename: _ => "weight"));
        Assert.Throws<ArgumentException>(() => model.LoadStateDict(model.StateDict(), rename: _ => null!));
        TorchFile.Save(place["c.pt"], 5);
        Assert.Throws<ArgumentException>(() => TrainingState.Load(place["c.pt"], model));

        void Step(Module module, Optimizer steps, LRScheduler rates)
        {
            steps.ZeroGrad();
            (((Layer)module).Forward(x) - y).Square().Sum().Backward();
            steps.Step();
            rates.Step();
        }

        static (Linear Model, Adam Optimizer, StepLR Schedule, Generator Generator) Make()
        {
            var generator = new Generator(5);
            var model = new Linear(2, 1, dtype: DType.Float64, generator: generator);
            var optimizer = new Adam(model.Parameters(), lr: 0.1);
            return (model, optimizer, new StepLR(optimizer, 1, 0.5), generator);
        }
    }

    [Fact]
    public void ATrainerFillsTheFolder()
    {
        using var place = new TensorFolder();
        var folder = new CheckpointFolder(place["run"], keep: 2);
        var model = new Linear(2, 1);
        var loader = DataLoader.Of(new TensorDataset(Tensor.Ones(8, 2), Tensor.Ones(8, 1)), batchSize: 4);
        var trainer = new Trainer<(Tensor X, Tensor Y)>(
            model, new SGD(model.Parameters(), lr: 0.01), batch => new((model.Forward(batch.X) - batch.Y).Square().Mean()))
        {
            Checkpoints = folder, Generator = new Generator(1),
        };
        trainer.Fit(loader, 4, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(2, folder.Files.Count);
        Assert.StartsWith("step-0000000004.loss-", Path.GetFileName(folder.Latest), StringComparison.Ordinal);
        trainer.Resume(folder.Best!, loader);
        Assert.Equal(4, trainer.Epoch);
    }
}
