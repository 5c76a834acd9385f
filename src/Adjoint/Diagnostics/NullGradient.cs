using Adjoint.Families;

namespace Adjoint;

/// <summary>Why a tensor has no gradient.</summary>
public enum NullGradientReason
{
    /// <summary>It has one.</summary>
    NotNull,

    /// <summary>It does not require grad.</summary>
    NotRequired,

    /// <summary>It was used before it was told to require grad.</summary>
    RequiredTooLate,

    /// <summary>It is no leaf, and was not told to retain its gradient.</summary>
    NotRetained,

    /// <summary>No backward pass ran over the graph.</summary>
    NeverRan,

    /// <summary>A backward pass ran, and accumulated nothing here.</summary>
    NotAccumulated,

    /// <summary>A gradient arrived, and was set to null since.</summary>
    Cleared,

    /// <summary><c>Detach</c> cut the path.</summary>
    Detached,

    /// <summary>An operator on the path ran while nothing was recorded.</summary>
    NoGrad,

    /// <summary>An operator on the path gives whole numbers or truth values.</summary>
    WholeNumbers,

    /// <summary>An operator on the path has no derivative.</summary>
    NotDifferentiable,

    /// <summary>No path is known.</summary>
    NotReached,
}

/// <summary>Why a tensor has no gradient, and what to do; see <see cref="Diagnose.WhyIsGradientNull"/>.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Explanation">The same in words, with lines where they are known, and what to do.</param>
/// <param name="Operation">The operator that cut the path; null if that is not the reason.</param>
/// <param name="Origin">Where it was called.</param>
public sealed record NullGradient(NullGradientReason Reason, string Explanation, string? Operation = null, Origin? Origin = null)
{
    /// <summary><see cref="Explanation"/>.</summary>
    public override string ToString() => Explanation;
}
