using Adjoint.Interpreters;

namespace Adjoint.Tape;

/// <summary>The autograd state of a leaf, of a tensor that retains its gradient,
/// or of a stand-in inside a transform; other tensors have none.</summary>
internal sealed class GradState
{
    private Tensor? _grad;

    public bool RequiresGrad { get; set; }

    public bool RetainsGrad { get; set; }

    public Tensor? Grad
    {
        get => _grad;
        set => _grad = value;
    }

    /// <summary>What a transform that is running knows of the tensor.</summary>
    public Tracer? Tracer { get; set; }

    /// <summary>How many transforms were running around the code that made a stand-in.</summary>
    public short Depth { get; set; }

    /// <summary>How a stand-in changed, or what it became.</summary>
    public StandInLife? Life { get; private set; }

    /// <summary>How often a stand-in was changed in place; a version that no memory counts.</summary>
    public int Writes => Life?.Writes ?? 0;

    /// <summary>How a stand-in shows a part of another one; null for one with values of its own.</summary>
    public StandInView? View => Life?.View;

    /// <summary><see cref="Life"/>, made when first needed: most leaves and stand-ins never change.</summary>
    public StandInLife EnsureLife() => Life ??= new();

    /// <summary>An argument that a reverse transform hands to its function: another name of the caller's tensor.</summary>
    public bool IsArgument { get; set; }

    /// <summary>The one node that gradients of this leaf flow into; set with <see cref="RequiresGrad"/>.</summary>
    public Node? Accumulator { get; set; }

    /// <summary>Sets <see cref="Grad"/> if it is null; false if another thread was quicker.</summary>
    public bool TryStart(Tensor gradient) => Interlocked.CompareExchange(ref _grad, gradient, null) is null;
}
