using Adjoint.Families;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>
/// What cutting a tensor along a dimension into views has in common, which one operation makes together: unbind, split and chunk. Such views refuse
/// to be changed in place while that is recorded, because the change would have to give all of them a new history at once.
/// </summary>
internal static class Pieces
{
    /// <summary>A view that is one of several.</summary>
    public static Tensor OneOfMany(Tensor view)
    {
        view.ViewOrigin = view.ViewOrigin == ViewOrigin.Recorded ? ViewOrigin.MultiOutput : view.ViewOrigin;
        return view;
    }

    /// <summary>The gradients of all pieces, zeros for those that nothing depends on; null if nothing depends on any.</summary>
    /// <param name="gradients">Those that there are.</param>
    /// <param name="whole">The tensor that was cut.</param>
    /// <param name="types">The types of its pieces.</param>
    public static Tensor[]? All(Tensor?[] gradients, Shape whole, Func<TensorType, TensorType[]> types)
    {
        if (Array.Find(gradients, gradient => gradient is not null) is not { } known)
        {
            return null;
        }

        TensorType[]? all = null;
        var filled = new Tensor[gradients.Length];
        for (var i = 0; i < filled.Length; i++)
        {
            filled[i] = gradients[i] ?? Op.Zeroed((all ??= types(new TensorType(whole, known.DType)))[i].Layout, known.DType);
        }

        return filled;
    }
}
