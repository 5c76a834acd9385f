using System.Collections;
using System.Globalization;

namespace Adjoint.NN;

/// <content>Checkpoints: everything that a training goes on from.</content>
public sealed partial class Trainer<B>
{
    /// <summary>
    /// Writes a checkpoint, which <c>torch.load</c> reads as well: beside the old file, and renamed over it when all is on the disk.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="loader">The training data, whose place is written too.</param>
    /// <param name="validation">The validation data.</param>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public void Save(string path, DataLoader<B> loader, DataLoader<B>? validation = null)
    {
        ArgumentNullException.ThrowIfNull(loader);
        TorchFile.Save(path, new OrderedDictionary<string, object?>
        {
            ["model"] = Model.StateDict(),
            ["optimizer"] = Optimizer.StateDict(),
            ["schedule"] = Schedule?.StateDict(),
            ["averaged"] = Averaged?.StateDict(),
            ["generator"] = Tensor.FromArray(Generator.GetState()),
            ["loader"] = loader.StateDict(),
            ["validation"] = validation?.StateDict(),
            ["epoch"] = (long)Epoch,
            ["steps"] = Steps,
            ["loss_sum"] = _lossSum,
            ["batches"] = (long)_batches,
            ["skipped"] = (long)_skipped,
            ["best"] = _best,
            ["worse"] = (long)_worse,
            ["validating"] = _isValidating,
            ["history"] = _history.Select(epoch => (object?)Written(epoch)).ToList(),
        });
    }

    /// <summary>Goes back to a checkpoint: <see cref="Fit"/> goes on from there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="loader">The training data; its next enumeration begins at the place of the checkpoint.</param>
    /// <param name="validation">The validation data.</param>
    /// <exception cref="TensorFileException">The file is not whole.</exception>
    /// <exception cref="ArgumentException">It is no checkpoint of such a training.</exception>
    /// <exception cref="TensorException">The model has other parameters.</exception>
    public void Resume(string path, DataLoader<B> loader, DataLoader<B>? validation = null)
    {
        ArgumentNullException.ThrowIfNull(loader);
        var state = TorchFile.Load(path) as IDictionary ?? throw new ArgumentException($"{path} is no checkpoint.", nameof(path));
        var model = Part("model");
        Model.LoadStateDict(model.Keys.Cast<string>().Select(name => KeyValuePair.Create(name, (Tensor)model[name]!)));
        Optimizer.LoadStateDict(Part("optimizer"));
        Schedule?.LoadStateDict(Part("schedule"));
        Averaged?.LoadStateDict(Part("averaged"));
        Generator.SetState(((Tensor)state["generator"]!).ToArray<byte>());
        loader.LoadStateDict(Part("loader"));
        if (validation is not null && state["validation"] is IDictionary place)
        {
            validation.LoadStateDict(place);
        }

        (Epoch, Steps) = ((int)Number(state, "epoch"), (long)Number(state, "steps"));
        (_lossSum, _batches, _skipped) = (Number(state, "loss_sum"), (int)Number(state, "batches"), (int)Number(state, "skipped"));
        (_best, _worse) = (Number(state, "best"), (int)Number(state, "worse"));
        _isValidating = state["validating"] is true;
        _history.Clear();
        _history.AddRange((state["history"] as IEnumerable)?.OfType<IDictionary>().Select(Read) ?? []);

        IDictionary Part(string name) => state[name] as IDictionary ?? throw new ArgumentException($"{path} has no '{name}'.", nameof(path));
    }

    private static OrderedDictionary<string, object?> Written(TrainingEpoch epoch)
    {
        var metrics = new OrderedDictionary<string, object?>();
        foreach (var (name, value) in epoch.Metrics)
        {
            metrics[name] = value;
        }

        return new()
        {
            ["epoch"] = (long)epoch.Epoch,
            ["training_loss"] = epoch.TrainingLoss,
            ["validation_loss"] = epoch.ValidationLoss,
            ["metrics"] = metrics,
            ["skipped"] = (long)epoch.SkippedSteps,
        };
    }

    private static TrainingEpoch Read(IDictionary written)
    {
        var metrics = new Dictionary<string, double>();
        foreach (DictionaryEntry entry in (IDictionary)written["metrics"]!)
        {
            metrics[(string)entry.Key] = Convert.ToDouble(entry.Value, CultureInfo.InvariantCulture);
        }

        return new TrainingEpoch(
            (int)Number(written, "epoch"),
            Number(written, "training_loss"),
            written["validation_loss"] is null ? null : Number(written, "validation_loss"),
            metrics,
            (int)Number(written, "skipped"));
    }

    private static double Number(IDictionary state, string name) => Convert.ToDouble(
        state[name] ?? throw new ArgumentException($"The checkpoint has no '{name}'."), CultureInfo.InvariantCulture);
}
