using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>Trainings: that they learn, stop, skip, and go on bit for bit; and what metrics measure.</summary>
public class TrainerTests
{
    private const int Epochs = 3;

    private sealed record Setup(
        Sequential Model,
        Trainer<(Tensor X, Tensor Y)> Trainer,
        DataLoader<(Tensor X, Tensor Y)> Loader,
        DataLoader<(Tensor X, Tensor Y)> Validation);

    private static Setup Make(
        string? checkpoint = null, int workers = 0, Func<Optimizer, LRScheduler>? schedule = null, bool steps = false,
        IMetric? metric = null, ulong seed = 11)
    {
        // Its own, because other tests draw from the default one meanwhile.
        var draws = new Generator(seed);
        var generator = new Generator(3);
        var x = Tensor.Randn([90, 4], DType.Float32, generator);
        var y = (x.Sum(1) > 0).To(DType.Int64);
        var model = new Sequential(
            new Linear(4, 16, generator: generator), new Tanh(), new Dropout(0.2, draws), new Linear(16, 2, generator: generator));
        var optimizer = new AdamW(model.Parameters(), lr: 0.02);
        var loss = new CrossEntropyLoss();
        var trainer = new Trainer<(Tensor X, Tensor Y)>(model, optimizer, batch =>
        {
            var output = model.Forward(batch.X);
            return new(loss.Forward(output, batch.Y), output, batch.Y);
        })
        {
            Schedule = (schedule ?? (o => new CosineAnnealingLR(o, 20)))(optimizer),
            SchedulesSteps = steps,
            ClipNorm = 1,
            Averaged = new AveragedModel(model, decay: 0.9),
            Metrics = [new Accuracy(), new F1Score(), .. metric is null ? [] : new[] { metric }],
            Checkpoint = checkpoint,
            Generator = draws,
        };
        return new(
            model,
            trainer,
            DataLoader.Of(new TensorDataset(x[..70], y[..70]), batchSize: 8, shuffle: true, seed: 5, workers: workers),
            DataLoader.Of(new TensorDataset(x[70..], y[70..]), batchSize: 8, shuffle: true));
    }

    private static string Bits(Setup setup) => string.Join(
        " ",
        setup.Model.Parameters().SelectMany(parameter => parameter.Detach().ToArray<float>()).Select(BitConverter.SingleToInt32Bits)
            .Select(bits => bits.ToString("x8"))
            .Concat(setup.Trainer.Averaged!.NamedMeans.SelectMany(mean => mean.Value.ToArray<float>()).Select(value => value.ToString("R")))
            .Concat(setup.Trainer.History.Select(epoch =>
                $"{epoch.Epoch} {epoch.TrainingLoss:R} {epoch.ValidationLoss:R} " +
                $"{string.Join(",", epoch.Metrics.Select(pair => $"{pair.Key}={pair.Value:R}"))}")));

    /// <summary>Cancelled after any step, the last of an epoch included, and resumed by objects that know nothing of it.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(5, 0)]
    [InlineData(9, 0)]
    [InlineData(14, 2)]
    [InlineData(26, 0)]
    public void AResumedTrainingEqualsAnUninterruptedOneBitForBit(int stopAfter, int workers)
    {
        var whole = Make();
        whole.Trainer.Fit(whole.Loader, Epochs, whole.Validation, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Epochs * 9, whole.Trainer.Steps);

        var path = Path.GetTempFileName();
        try
        {
            var first = Make(path, workers);
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => first.Trainer.Fit(
                first.Loader, Epochs, first.Validation, new Watch(step => { if (step.Step == stopAfter) { stop.Cancel(); } }), null, stop.Token));

            var second = Make(path, workers, seed: 999);
            second.Trainer.Resume(path, second.Loader, second.Validation);
            Assert.Equal(stopAfter, second.Trainer.Steps);
            second.Trainer.Fit(second.Loader, Epochs, second.Validation, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(Bits(whole), Bits(second));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Cancelled in the middle of the second epoch's validation, of which the shuffled order is read anew.</summary>
    [Fact]
    public void AValidationIsCancelledAndBegunAnew()
    {
        using var never = new CancellationTokenSource();
        var whole = Make(metric: new CancelsAt(int.MaxValue, never));
        whole.Trainer.Fit(whole.Loader, Epochs, whole.Validation, cancellationToken: TestContext.Current.CancellationToken);

        var path = Path.GetTempFileName();
        try
        {
            using var stop = new CancellationTokenSource();
            var cancels = new CancelsAt(5, stop);
            var first = Make(path, metric: cancels);
            Assert.ThrowsAny<OperationCanceledException>(
                () => first.Trainer.Fit(first.Loader, Epochs, first.Validation, cancellationToken: stop.Token));
            Assert.Equal((1, 18), (first.Trainer.Epoch, first.Trainer.Steps));
            Assert.Equal(5, cancels.Updates);

            var second = Make(path, metric: new CancelsAt(int.MaxValue, never), seed: 999);
            second.Trainer.Resume(path, second.Loader, second.Validation);
            second.Trainer.Fit(second.Loader, Epochs, second.Validation, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(Bits(whole), Bits(second));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Of logits that are all equal it is the number of classes; of log(1/2, 1/4, 1/4) for the classes 0 and 1, sqrt(2 * 4).</summary>
    [Fact]
    public void PerplexityIsHowManyChoicesAreLeft()
    {
        var perplexity = new Perplexity();
        Assert.True(double.IsNaN(perplexity.Compute()));
        perplexity.Update(Tensor.Zeros([2, 5, 3]), Tensor.FromArray([0L, 1, 2, 3, 4, 0], 2, 3));
        Assert.Equal(5, perplexity.Compute(), 1e-12);
        perplexity.Reset();
        var logits = Tensor.FromArray([0.5, 0.25, 0.25, 0.5, 0.25, 0.25, 0.9, 0.05, 0.05], 3, 3).Log();
        perplexity.Update(logits[..1], Tensor.FromArray([0L]));
        perplexity.Update(logits[1..], Tensor.FromArray([1L, -100]));
        Assert.Equal(Math.Sqrt(8), perplexity.Compute(), 1e-12);
    }

    [Fact]
    public async Task ItLearns()
    {
        Generator.Default.ManualSeed(1);
        var setup = Make();
        var history = await setup.Trainer.FitAsync(
            setup.Loader, 30, setup.Validation, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(30, history.Count);
        Assert.True(history[^1].TrainingLoss < history[0].TrainingLoss * 0.7);
        Assert.InRange(history[^1].Metrics["accuracy"], 0.7, 1);
    }

    [Fact]
    public void ANonFiniteGradientSkipsTheStep()
    {
        var x = Tensor.Ones([2, 4]);
        x[0, 0] = float.NaN;
        var setup = Make();
        var before = setup.Model.Parameters().SelectMany(parameter => parameter.Detach().ToArray<float>()).ToArray();
        var steps = new List<TrainingStep>();
        setup.Trainer.Fit(
            DataLoader.Of(Dataset.Of(x, Tensor.FromArray([0L, 1])), batchSize: 2),
            1,
            progress: new Watch(steps.Add),
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(Assert.Single(steps).IsSkipped);
        Assert.Equal(1, setup.Trainer.History[0].SkippedSteps);
        Assert.Equal(before, setup.Model.Parameters().SelectMany(parameter => parameter.Detach().ToArray<float>()));
    }

    [Fact]
    public void ItStopsEarly()
    {
        var model = new Linear(1, 1);
        var trainer = new Trainer<(Tensor X, Tensor Y)>(
            model, new SGD(model.Parameters(), lr: 0), batch => new((model.Forward(batch.X) - batch.Y).Square().Mean()))
        { Patience = 2 };
        trainer.Fit(
            DataLoader.Of(Dataset.Of(Tensor.Ones([4, 1]), Tensor.Ones([4, 1])), batchSize: 4),
            100,
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(4, trainer.History.Count);
        Assert.True(trainer.IsStopped);
    }

    /// <summary>By hand: classes 0 0 1 1 1 taken for 0 1 1 1 0. F1 of 0: 2*1/(2+2); of 1: 2*2/(3+3).</summary>
    [Fact]
    public void MetricsOfClasses()
    {
        var found = Tensor.FromArray<long>([0, 1, 1, 1, 0]).OneHot(2).To(DType.Float32);
        var right = Tensor.FromArray<long>([0, 0, 1, 1, 1]);
        foreach (var (metric, expected) in new (IMetric, double)[]
        {
            (new Accuracy(), 0.6), (new F1Score(), (0.5 + (2.0 / 3)) / 2), (new F1Score(of: 1), 2.0 / 3),
        })
        {
            Assert.True(double.IsNaN(metric.Compute()));
            metric.Update(found[..2], right[..2]);
            metric.Update(found[2..], right[2..]);
            Assert.Equal(expected, metric.Compute(), 1e-12);
        }

        // Of the six pairs of a positive and a negative, three are in order and one is even: 3.5.
        var auc = new AreaUnderCurve();
        auc.Update(Tensor.FromArray([0.1, 0.8, 0.35, 0.8, 0.2]), right);
        Assert.Equal(3.5 / 6, auc.Compute(), 1e-12);
    }

    /// <summary>By hand: errors 1, 0, -2 of targets 1, 2, 6, whose mean is 3 and whose squared differences sum to 14.</summary>
    [Fact]
    public void MetricsOfNumbers()
    {
        var (found, right) = (Tensor.FromArray([2.0, 2, 4]), Tensor.FromArray([1.0, 2, 6]));
        foreach (var (metric, expected) in new (IMetric, double)[]
        {
            (new MeanAbsoluteError(), 1), (new MeanSquaredError(), 5.0 / 3), (new R2Score(), 1 - (5.0 / 14)),
        })
        {
            metric.Update(found, right);
            Assert.Equal(expected, metric.Compute(), 1e-12);
        }
    }

    /// <summary>Any schedule goes on from its state.</summary>
    [Fact]
    public void SchedulesGoOnFromTheirStates()
    {
        foreach (var make in new Func<Optimizer, LRScheduler>[]
        {
            o => new StepLR(o, 3), o => new MultiStepLR(o, [2, 5]), o => new LinearLR(o), o => new ExponentialLR(o, 0.9),
            o => new CosineAnnealingLR(o, 6), o => new PolynomialLR(o, 7), o => new CosineAnnealingWarmRestarts(o, 3, 2),
            o => new OneCycleLR(o, 0.5, 20), o => new CyclicLR(o, 0.01, 0.1, 3), o => new LambdaLR(o, i => 1.0 / (i + 1)),
            o => new MultiplicativeLR(o, _ => 0.95), o => new SequentialLR(o, [new ConstantLR(o, 0.1, 3), new ExponentialLR(o, 0.9)], [5]),
            o => new ChainedScheduler(new ConstantLR(o, 0.1, 3), new ExponentialLR(o, 0.9)),
        })
        {
            var (whole, first, second) = (Sgd(), Sgd(), Sgd());
            var (a, b, c) = (make(whole), make(first), make(second));
            for (var i = 0; i < 4; i++)
            {
                a.Step();
                b.Step();
            }

            second.LoadStateDict(first.StateDict());
            c.LoadStateDict(b.StateDict());
            for (var i = 0; i < 6; i++)
            {
                a.Step();
                c.Step();
                Assert.Equal(whole.LearningRate, second.LearningRate);
            }
        }

        static SGD Sgd() => new([Tensor.Ones(1).RequiresGrad_()], lr: 0.3, momentum: 0.9);
    }

    [Fact]
    public void AveragesOfParameters()
    {
        var model = new Linear(1, 1, bias: false);
        var averaged = new AveragedModel(model);
        foreach (var value in new[] { 1.0, 2, 6 })
        {
            Init.Constant_(model.Weight, value);
            averaged.UpdateParameters();
        }

        using (averaged.Apply())
        {
            Assert.Equal(3, model.Weight.Detach().Item(), 1e-6);
        }

        Assert.Equal(6, model.Weight.Detach().Item(), 1e-6);
    }

    /// <summary>Measures nothing, and cancels when it has seen so many batches.</summary>
    private sealed class CancelsAt(int batches, CancellationTokenSource stop) : IMetric
    {
        public string Name => "none";

        public int Updates { get; private set; }

        public void Reset()
        {
        }

        public void Update(Tensor output, Tensor target)
        {
            if (++Updates == batches)
            {
                stop.Cancel();
            }
        }

        public double Compute() => 0;
    }

    private sealed class Watch(Action<TrainingStep> watch) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => watch(value);
    }
}
