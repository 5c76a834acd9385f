using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint;

/// <content>Making a tensor itself a constant.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Cuts this tensor itself out of its graph: from here on it is a leaf that does not require grad.
    /// What was computed from it before keeps its graph.
    /// </summary>
    /// <returns>The same tensor.</returns>
    /// <exception cref="AutogradException">It is a view, whose history is its base's, or a stand-in inside a transform.</exception>
    public Tensor Detach_()
    {
        InPlace.ThrowIfTraced(this);
        if (Base is not null)
        {
            throw new AutogradException(
                "Can't detach views in-place. Use detach() instead. In C#: x = x.Detach(), which shares the memory just the same.");
        }

        GradFn = null;
        State?.RequiresGrad = false;
        if (Observation.IsOn)
        {
            Observation.Unrecorded(nameof(Detach_), this, [this]);
        }

        return this;
    }
}
