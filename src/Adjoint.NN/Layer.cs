namespace Adjoint.NN;

/// <summary>A module that maps a tensor to a tensor; what <see cref="Sequential"/> chains.</summary>
public abstract class Layer : Module
{
    /// <summary>The layer's function; recorded, so that gradients flow back to the input and the parameters.</summary>
    /// <param name="x">The input; each layer says which shape it takes.</param>
    public abstract Tensor Forward(Tensor x);
}
