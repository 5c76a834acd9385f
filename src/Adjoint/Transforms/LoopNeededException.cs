using Adjoint.Families;

namespace Adjoint.Transforms;

/// <summary>
/// A batch that goes on with its first sample cannot follow what the function does with it, which has to run again from the start. Caught by the
/// transform that owns the batch.
/// </summary>
internal sealed class LoopNeededException(Batch owner, string reason)
    : Exception("vmap: the first sample has to run again. Let this exception through.")
{
    public Batch Owner => owner;

    /// <summary>What the function needs, as a noun.</summary>
    public string Reason => reason;
}
