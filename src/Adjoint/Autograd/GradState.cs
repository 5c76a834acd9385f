using Adjoint.Ops.Families;

namespace Adjoint.Engine;

/// <summary>The autograd state of a leaf, or of a tensor that retains its gradient; other tensors have none.</summary>
internal sealed class GradState
{
    private AccumulateGrad? _accumulator;

    public bool RequiresGrad { get; set; }

    public bool RetainsGrad { get; set; }

    public Tensor? Grad { get; set; }

    /// <summary>The one node that gradients of this leaf flow into.</summary>
    public AccumulateGrad Accumulator(Tensor leaf)
    {
        if (_accumulator is null)
        {
            Interlocked.CompareExchange(ref _accumulator, new AccumulateGrad(leaf), null);
        }

        return _accumulator;
    }
}
