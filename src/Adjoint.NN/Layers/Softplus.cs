namespace Adjoint.NN;

/// <summary>The smooth rectifier as a layer (<c>torch.nn.Softplus</c>); see <c>Tensor.Softplus</c>.</summary>
/// <param name="beta">How sharp the bend is.</param>
/// <param name="threshold">From which beta x on the result is x.</param>
public sealed class Softplus(double beta = 1, double threshold = 20) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"beta={ModuleText.Of(beta)}, threshold={ModuleText.Of(threshold)}";

    /// <summary>log(1 + e^(beta x)) / beta, element by element.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Softplus(beta, threshold);
    }
}
