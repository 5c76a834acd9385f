namespace Adjoint.Transforms;

/// <summary>A batch cannot go on as one: the function has to run once for each sample. Caught by the transform that owns the batch.</summary>
internal sealed class LoopNeededException(VmapInterpreter owner, string reason) : Exception(
    $"vmap: this function needs {reason}, which cannot run on all samples at once.")
{
    public VmapInterpreter Owner => owner;

    /// <summary>What needs a loop.</summary>
    public string Reason => reason;
}
