namespace TrainingService;

/// <summary>The section "Training" of appsettings.json.</summary>
public sealed class TrainingOptions
{
    /// <summary>A table with a header; the last column is the number of the class, the others are numbers.</summary>
    public string Data { get; set; } = "data.csv";

    /// <summary>Everything that the training goes on from.</summary>
    public string Checkpoint { get; set; } = "training.pt";

    /// <summary>Where the trained model goes, for whoever uses it.</summary>
    public string Model { get; set; } = "model.safetensors";

    public int Epochs { get; set; } = 20;

    public int BatchSize { get; set; } = 32;

    public double LearningRate { get; set; } = 0.003;
}
