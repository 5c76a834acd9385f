using Adjoint.Transforms;

namespace Adjoint.Engine;

/// <summary>The forward part of a custom function used a tensor of a batch that is none of its inputs: the call belongs into that batch.</summary>
internal sealed class CapturedBatchException(FunctionRule rule, VmapInterpreter batch) : Exception($"{rule.Name} uses a tensor of a batch.")
{
    public FunctionRule Rule => rule;

    public VmapInterpreter Batch => batch;
}
