namespace Adjoint;

/// <content>Choices with a gradient.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Shares along a dimension that choose at random by these logits (<c>torch.nn.functional.gumbel_softmax</c>; E. Jang, S. Gu, B. Poole, 2017):
    /// the softmax of the logits with Gumbel noise, by a temperature.
    /// </summary>
    /// <param name="tau">The temperature: near 0 one share is nearly 1.</param>
    /// <param name="hard">Give exactly one 1 and else zeros, with the gradient of the shares.</param>
    /// <param name="dim">The dimension of the choices; negative counts from the end.</param>
    /// <param name="generator">Where the noise comes from; the default generator if null.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    /// <exception cref="DTypeException">The logits are no reals.</exception>
    public Tensor GumbelSoftmax(double tau = 1, bool hard = false, int dim = -1, Generator? generator = null)
    {
        var noise = -Sampled.Exponential(Layout.Sizes, NearOne.Real(this, "exponential_").DType, generator).Log();
        var shares = ((this + noise) / tau).Softmax(dim);
        if (!hard)
        {
            return shares;
        }

        var sizes = new int[Math.Max(Rank, 1)];
        Array.Fill(sizes, 1);
        var axis = Rank == 0 ? 0 : Layout.Dim(dim);
        sizes[axis] = Rank == 0 ? 1 : Layout.Sizes[axis];
        var numbers = Tensor.Arange((long)sizes[axis]).Reshape(Rank == 0 ? [] : sizes);
        var chosen = numbers.Eq(shares.Detach().Max(dim, keepDim: true).Indices).To(DType);
        return chosen - shares.Detach() + shares;
    }
}
