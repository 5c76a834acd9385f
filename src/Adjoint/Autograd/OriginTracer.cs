using Adjoint.Watching;

namespace Adjoint.Engine;

/// <summary>Notes where nodes are recorded and values are changed in place.</summary>
internal class OriginTracer : Observer
{
    public override void Recorded(Node node, Tensor output, ReadOnlySpan<Tensor?> inputs) => Origins.Add(node);

    public override void Changed(Tensor x, string operation, bool isRecorded) => Origins.Add(x.Storage, operation);
}
