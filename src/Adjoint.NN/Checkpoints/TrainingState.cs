using System.Collections;

namespace Adjoint.NN;

/// <summary>
/// A model and what its training goes on from in one file: parameters and buffers, and the state of the optimiser, the schedule and the generator.
/// The file is a dictionary that <c>torch.load(weights_only=True)</c> reads, with PyTorch's usual names <c>model</c> and <c>optimizer</c>.
/// A <see cref="Trainer{B}"/> writes more into its own checkpoints, the place in the data too.
/// </summary>
/// <example>
/// <code>
/// TrainingState.Save("run.pt", model, optimizer, generator: Generator.Default);
/// TrainingState.Load("run.pt", model, optimizer, generator: Generator.Default);
/// </code>
/// </example>
public static class TrainingState
{
    private const string ModelName = "model", OptimizerName = "optimizer", ScheduleName = "schedule", GeneratorName = "generator";

    /// <summary>Writes a file, beside the old one and renamed over it when all is on the disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="optimizer">The optimiser; null for none.</param>
    /// <param name="schedule">The schedule; null for none.</param>
    /// <param name="generator">The generator of random numbers; null for none.</param>
    /// <param name="progress">Hears the share that is written, from 0 to 1.</param>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public static void Save(
        string path,
        Module model,
        Optimizer? optimizer = null,
        LRScheduler? schedule = null,
        Generator? generator = null,
        IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var state = new OrderedDictionary<string, object?> { [ModelName] = model.StateDict() };
        if (optimizer is not null)
        {
            state[OptimizerName] = optimizer.StateDict();
        }

        if (schedule is not null)
        {
            state[ScheduleName] = schedule.StateDict();
        }

        if (generator is not null)
        {
            state[GeneratorName] = Tensor.FromArray(generator.GetState());
        }

        TorchFile.Save(path, state, progress);
    }

    /// <summary>Reads a file that <see cref="Save"/> wrote, or PyTorch with the same names. What is not asked for is passed over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="optimizer">The optimiser; null to leave its state unread.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="generator">The generator.</param>
    /// <param name="strict">Whether a name of the model too few or too many is an error.</param>
    /// <param name="rename">Makes the model's name of one in the file.</param>
    /// <param name="progress">Hears the share that is read, from 0 to 1.</param>
    /// <returns>Which names of the model were missing or unexpected.</returns>
    /// <exception cref="ArgumentException">A part that is asked for is not in the file, or is of another optimiser.</exception>
    /// <exception cref="TensorException">The model has other parameters.</exception>
    /// <exception cref="TensorFileException">The file is not whole, or holds what is not read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static LoadReport Load(
        string path,
        Module model,
        Optimizer? optimizer = null,
        LRScheduler? schedule = null,
        Generator? generator = null,
        bool strict = true,
        Func<string, string>? rename = null,
        IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var state = TorchFile.Load(path, progress) as IDictionary ?? throw new ArgumentException($"{path} holds no dictionary.", nameof(path));

        // All parts are found before the first is taken over.
        var weights = Part(ModelName);
        var ofOptimizer = optimizer is null ? null : Part(OptimizerName);
        var ofSchedule = schedule is null ? null : Part(ScheduleName);
        var ofGenerator = generator is null ? null
            : (state[GeneratorName] as Tensor)?.ToArray<byte>() ?? throw new ArgumentException($"{path} has no '{GeneratorName}'.", nameof(path));
        var tensors = new List<KeyValuePair<string, Tensor>>();
        foreach (DictionaryEntry entry in weights)
        {
            tensors.Add(entry is { Key: string name, Value: Tensor value }
                ? KeyValuePair.Create(name, value)
                : throw new ArgumentException($"'{entry.Key}' of the model in {path} is no tensor.", nameof(path)));
        }

        var report = model.LoadStateDict(tensors, strict, rename);
        optimizer?.LoadStateDict(ofOptimizer!);
        schedule?.LoadStateDict(ofSchedule!);
        generator?.SetState(ofGenerator!);
        return report;

        IDictionary Part(string name) => state[name] as IDictionary ?? throw new ArgumentException($"{path} has no '{name}'.", nameof(path));
    }
}
