namespace Adjoint.NN;

/// <summary>The logistic function in straight lines, as a layer (<c>torch.nn.Hardsigmoid</c>).</summary>
public sealed class Hardsigmoid : Layer
{
    /// <summary>min(max(x + 3, 0), 6) / 6, element by element.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Hardsigmoid();
    }
}
