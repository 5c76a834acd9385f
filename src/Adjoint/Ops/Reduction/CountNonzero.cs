namespace Adjoint;

/// <content>Counts of elements that are not zero.</content>
public sealed partial class Tensor
{
    /// <summary>How many elements over dimensions, all if none is named, are not zero (<c>torch.count_nonzero</c>). Nothing flows through.</summary>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor CountNonzero(ReadOnlySpan<int> dims = default) => Detach().Ne(0).Sum(dims);
}
