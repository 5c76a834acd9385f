using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>Making a tensor itself a constant.</summary>
public static class DetachInPlaceMethod
{
    extension(Tensor x)
    {
        /// <summary>
        /// Cuts this tensor itself out of its graph: from here on it is a leaf that does not require grad. What was computed from it before keeps its graph.
        /// </summary>
        /// <returns>The same tensor.</returns>
        /// <exception cref="AutogradException">It is a view, whose history is its base's, or a stand-in inside a transform.</exception>
        public Tensor Detach_()
        {
            ArgumentNullException.ThrowIfNull(x);
            InPlace.ThrowIfTraced(x);
            if (x.Base is not null)
            {
                throw new AutogradException(
                    "Can't detach views in-place. Use detach() instead. In C#: x = x.Detach(), which shares the memory just the same.");
            }

            x.GradFn = null;
            x.State?.RequiresGrad = false;
            if (Observation.IsOn)
            {
                Observation.Unrecorded(nameof(DetachInPlaceMethod.Detach_), x, [x]);
            }

            return x;
        }
    }
}
