namespace Adjoint;

/// <summary>What <see cref="Diagnose.GradCheck{A, Y}"/> and <see cref="Diagnose.GradGradCheck{A, Y}"/> compare, and how closely.</summary>
public sealed record GradCheckOptions
{
    /// <summary>How far an element is moved to each side for the numerical derivative (<c>eps</c>).</summary>
    public double Step { get; init; } = 1e-6;

    /// <summary>The absolute error that is allowed; null for 1e-5, or 1e-4 for a float32 result.</summary>
    public double? Atol { get; init; }

    /// <summary>The error relative to the numerical derivative that is allowed.</summary>
    public double Rtol { get; init; } = 1e-3;

    /// <summary>Throw where the check fails; otherwise return false.</summary>
    public bool RaiseException { get; init; } = true;

    /// <summary>How much the gradients of two backward passes over the same graph may differ.</summary>
    public double NondetTol { get; init; }

    /// <summary>Compare one random direction instead of every element: two evaluations of the function for each input.</summary>
    public bool FastMode { get; init; }

    /// <summary>Check backward passes.</summary>
    public bool CheckBackward { get; init; } = true;

    /// <summary>Check <see cref="Transform.Jvp{A, Y}"/>; for <see cref="Diagnose.GradGradCheck{A, Y}"/> this is forward over reverse.</summary>
    public bool CheckForward { get; init; }

    /// <summary>Check that the pullback gives the same under <see cref="Transform.Vmap{A, Y}"/> as one gradient at a time.</summary>
    public bool CheckBatchedGrad { get; init; }

    /// <summary>Check that forward mode gives the same under <see cref="Transform.Vmap{A, Y}"/> as one direction at a time.</summary>
    public bool CheckBatchedForwardGrad { get; init; }

    /// <summary>Check that every gradient has the dtype of its input.</summary>
    public bool CheckGradDTypes { get; init; }

    /// <summary>Check that backward parts of several results can do without the gradients of some of them.</summary>
    public bool CheckUndefinedGrad { get; init; } = true;

    /// <summary>Where the random directions start.</summary>
    public int Seed { get; init; }
}
