using Adjoint.Families;

namespace Adjoint.Engine;

/// <summary>The forward part of a custom function used a tensor of a batch that is none of its inputs: the call belongs into that batch.</summary>
internal sealed class CapturedBatchException(FunctionRule rule, Batch batch) : Exception($"{rule.Name} uses a tensor of a batch.")
{
    public FunctionRule Rule => rule;

    public Batch Batch => batch;
}
