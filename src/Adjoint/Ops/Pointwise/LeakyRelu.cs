using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x where it is positive, and x times a small slope elsewhere; at 0 the derivative is the slope, as PyTorch has it.</summary>
internal readonly record struct LeakyRelu(double Slope) : IPiecewiseLinear
{
    public static Domain Domain => Domain.NonZero;

    public V F<V>(V x)
        where V : struct, IReal<V> => V.Select(V.Less(V.Zero, x), x, x * V.Of(Slope));

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(V.Less(V.Zero, x), V.One, V.Of(Slope));
}

/// <content>The rectifier that leaks.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// max(x, 0) + negativeSlope * min(x, 0), element by element (<c>torch.nn.functional.leaky_relu</c>). float32 or float64.
    /// </summary>
    /// <param name="negativeSlope">The slope for negative numbers.</param>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor LeakyRelu(double negativeSlope = 0.01) => Op.Map(new LeakyRelu(negativeSlope), NearOne.Real(this, "leaky_relu_cpu"));

    /// <summary><see cref="LeakyRelu"/> in place.</summary>
    /// <param name="negativeSlope">The slope for negative numbers.</param>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor LeakyRelu_(double negativeSlope = 0.01) => Op.MapInPlace(new LeakyRelu(negativeSlope), NearOne.Real(this, "leaky_relu_cpu"));
}
