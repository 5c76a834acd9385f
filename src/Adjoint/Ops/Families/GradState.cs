namespace Adjoint.Ops.Families;

/// <summary>The autograd state of a leaf, or of a tensor that retains its gradient; other tensors have none.</summary>
internal sealed class GradState
{
    public bool RequiresGrad { get; set; }

    public bool RetainsGrad { get; set; }

    public Tensor? Grad { get; set; }

    /// <summary>The one node that gradients of this leaf flow into; set with <see cref="RequiresGrad"/>.</summary>
    public Node? Accumulator { get; set; }
}
