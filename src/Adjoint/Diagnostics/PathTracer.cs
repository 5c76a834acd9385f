using Adjoint.Engine;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Diagnostics;

/// <summary>Notes lines, and what the graph does not hold: where histories were cut, and which leaves got gradients.</summary>
internal sealed class PathTracer : OriginTracer
{
    public override void Recorded(Node node, Tensor output, ReadOnlySpan<Tensor?> inputs)
    {
        base.Recorded(node, output, inputs);
        Provenance.Add(node, inputs);
    }

    public override void Unrecorded(string operation, Tensor output, ReadOnlySpan<Tensor?> inputs)
    {
        if (Origins.Running is null)
        {
            Provenance.Add(operation, output, inputs);
        }
    }

    public override void Detached(Tensor output, Tensor input)
    {
        if (Origins.Running is null)
        {
            Provenance.Add(nameof(Tensor.Detach), output, [input], isDetached: true);
        }
    }

    public override void Pulled(Node node, Tensor?[] gradients, Tensor?[] handed)
    {
        if (node is AccumulateGrad)
        {
            Provenance.Arrived(node);
        }
    }
}
