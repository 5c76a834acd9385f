namespace Adjoint;

/// <summary>What <see cref="Checkpoint.Run{Y}(Func{Tensor, Y}, Tensor, CheckpointOptions?)"/> is to keep, restore and check.</summary>
public sealed record CheckpointOptions
{
    /// <summary>
    /// Whether random draws come out the same when the function runs again, which dropout needs: every generator that the function drew from, the
    /// default one or another, goes back to where it was before its first draw, and afterwards to where it had gone on to.
    /// </summary>
    public bool PreserveRngState { get; init; } = true;

    /// <summary>What is compared between the first run and the second.</summary>
    public DeterminismCheck DeterminismCheck { get; init; }

    /// <summary>
    /// Whether the second run ends as soon as the last saved tensor is there again (<c>set_checkpoint_early_stop</c>), by an exception that the
    /// function must let through. Off, the function runs to its end.
    /// </summary>
    public bool EarlyStop { get; init; } = true;

    /// <summary>
    /// Chooses by the name of the operation that made a tensor, as its <c>grad_fn</c> prints it (<c>MmBackward0</c>), whether the tensor is kept
    /// where an operation saves it (selective checkpointing); null computes all of them again.
    /// Tensors that no recorded operation made have an empty name.
    /// </summary>
    public Func<string, CheckpointPolicy>? Policy { get; init; }
}

/// <summary>Whether a checkpoint keeps what an operation made (<c>torch.utils.checkpoint.CheckpointPolicy</c>).</summary>
public enum CheckpointPolicy
{
    /// <summary>It is computed again.</summary>
    MustRecompute,

    /// <summary>As <see cref="MustRecompute"/>; a planner may keep it.</summary>
    PreferRecompute,

    /// <summary>As <see cref="MustSave"/>; a planner may have it computed again.</summary>
    PreferSave,

    /// <summary>It is kept where an operation saves it. If all that is saved is kept, the function does not run again.</summary>
    MustSave,
}

/// <summary>What a checkpoint compares between the first run of a function and the second.</summary>
public enum DeterminismCheck
{
    /// <summary>Shapes and dtypes of all saved tensors, and that none that the function captured was changed in place in between.</summary>
    Default,

    /// <summary>Nothing but their number.</summary>
    None,
}
