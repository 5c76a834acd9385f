using Adjoint.Transforms;

namespace Adjoint;

/// <content>Functions of tensors that they only hold.</content>
public static partial class Transform
{
    /// <summary>
    /// Runs a function in which tensors that it holds stand for others, so that it becomes a function of those: transforms and tapes follow the
    /// others (<c>torch.func.functional_call</c> is made of it). No other thread may use the tensors in the meantime.
    /// </summary>
    /// <param name="tensors">Tensors that the function holds, each once.</param>
    /// <param name="others">What each stands for, of its shape and dtype; a tensor may stand for itself.</param>
    /// <param name="function">The function.</param>
    /// <exception cref="ArgumentException">There are more of one than of the other, or a tensor is named twice.</exception>
    /// <exception cref="ShapeException">A tensor has another shape than what it stands for.</exception>
    /// <exception cref="DTypeException">A tensor has another dtype than what it stands for.</exception>
    /// <example>
    /// <code>
    /// var gradient = Transform.Grad((Tensor w) => Transform.Substitute([model.Weight], [w], () => loss(model.Forward(x))))(model.Weight.Detach());
    /// </code>
    /// </example>
    public static Y Substitute<Y>(IReadOnlyList<Tensor> tensors, IReadOnlyList<Tensor> others, Func<Y> function)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(others);
        ArgumentNullException.ThrowIfNull(function);
        if (tensors.Count != others.Count || new HashSet<Tensor>(tensors).Count != tensors.Count)
        {
            throw new ArgumentException(
                $"each of the {tensors.Count} tensors is named once and stands for one of the {others.Count} others.", nameof(others));
        }

        for (var i = 0; i < tensors.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(tensors[i], nameof(tensors));
            ArgumentNullException.ThrowIfNull(others[i], nameof(others));
            if (!tensors[i].Layout.SameSizes(others[i].Layout))
            {
                throw new ShapeException($"size mismatch at position {i}: {tensors[i].Shape} cannot stand for {others[i].Shape}.");
            }

            if (tensors[i].DType != others[i].DType)
            {
                throw new DTypeException($"position {i}: {tensors[i].DType} cannot stand for {others[i].DType}. Convert with To(DType).");
            }
        }

        return Substitution.Run(tensors, others, function);
    }
}
