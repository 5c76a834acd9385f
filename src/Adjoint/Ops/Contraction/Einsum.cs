namespace Adjoint;

/// <content>Einstein's summation.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Products of tensors, summed as an equation says (<c>torch.einsum</c>): <c>"ij,jk->ik"</c> is the product of two matrices. Each operand has a
    /// letter for each dimension, and <c>...</c> for those that broadcast. A letter that is not behind the arrow is summed over; a letter twice in
    /// one operand is its diagonal. Without an arrow the result has the dimensions of <c>...</c> and all letters that occur once, in the order of the
    /// alphabet. More than two operands are multiplied in the cheapest order.
    /// </summary>
    /// <param name="equation">The equation.</param>
    /// <param name="operands">The tensors.</param>
    /// <exception cref="ArgumentException">The equation is none.</exception>
    /// <exception cref="ShapeException">The equation and the shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public static Tensor Einsum(string equation, params ReadOnlySpan<Tensor> operands)
    {
        ArgumentNullException.ThrowIfNull(equation);
        foreach (var operand in operands)
        {
            ArgumentNullException.ThrowIfNull(operand, nameof(operands));
        }

        if (operands.Length == 0)
        {
            throw new ArgumentException("einsum(): must provide at least one operand.", nameof(operands));
        }

        var (labelled, output) = EinsumEquation.Of(equation).Label(operands);
        return Contractions.Run(labelled, output);
    }
}
