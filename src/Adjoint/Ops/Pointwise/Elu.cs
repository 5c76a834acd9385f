using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>scale * x where x is positive, and scale * alpha * (e^(inner x) - 1) elsewhere: ELU, SELU and CELU.</summary>
internal readonly record struct Elu(double Alpha, double Scale, double Inner) : IMap
{
    public static Domain Domain => Domain.NonZero;

    public V F<V>(V x)
        where V : struct, IReal<V> =>
        V.Select(Limit.AtMost(x, V.Zero), NearOne.Exp(x * V.Of(Inner)) * V.Of(Alpha * Scale), x * V.Of(Scale));

    // The exponential sees no x for which it is not chosen: 0 times an infinite derivative would be NaN.
    public V D<V>(V x, V y)
        where V : struct, IReal<V>
    {
        var isBent = Limit.AtMost(x, V.Zero);
        return V.Select(isBent, V.Call<Exp>(V.Select(isBent, x, V.Zero) * V.Of(Inner)) * V.Of(Alpha * Scale * Inner), V.Of(Scale));
    }
}

/// <content>Exponential linear units.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// x where it is positive and alpha * (e^x - 1) elsewhere, element by element (<c>torch.nn.functional.elu</c>). float32 or float64.
    /// </summary>
    /// <param name="alpha">Minus the limit for large negative numbers.</param>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Elu(double alpha = 1) => Op.Map(new Elu(alpha, 1, 1), NearOne.Real(this, "elu_cpu"));

    /// <summary><see cref="Elu"/> in place.</summary>
    /// <param name="alpha">Minus the limit for large negative numbers.</param>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Elu_(double alpha = 1) => Op.MapInPlace(new Elu(alpha, 1, 1), NearOne.Real(this, "elu_cpu"));

    /// <summary>
    /// <see cref="Elu"/> with the alpha and the scale that keep mean 0 and variance 1 from layer to layer (<c>torch.nn.functional.selu</c>; Klambauer
    /// and others, "Self-normalizing neural networks", 2017). float32 or float64.
    /// </summary>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Selu() => Op.Map(new Elu(1.6732632423543772, 1.0507009873554805, 1), NearOne.Real(this, "elu_cpu"));

    /// <summary><see cref="Selu"/> in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Selu_() => Op.MapInPlace(new Elu(1.6732632423543772, 1.0507009873554805, 1), NearOne.Real(this, "elu_cpu"));

    /// <summary>
    /// x where it is positive and alpha * (e^(x / alpha) - 1) elsewhere, element by element (<c>torch.nn.functional.celu</c>). float32 or float64.
    /// </summary>
    /// <param name="alpha">Minus the limit for large negative numbers.</param>
    /// <exception cref="ArgumentException">Alpha is 0.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Celu(double alpha = 1) => alpha == 0
        ? throw new ArgumentException("ZeroDivisionError: alpha cannot be 0 for CELU", nameof(alpha))
        : Op.Map(new Elu(alpha, 1, 1 / alpha), NearOne.Real(this, "elu_cpu"));

    /// <summary><see cref="Celu"/> in place.</summary>
    /// <param name="alpha">Minus the limit for large negative numbers.</param>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ArgumentException">Alpha is 0.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Celu_(double alpha = 1) => alpha == 0
        ? throw new ArgumentException("ZeroDivisionError: alpha cannot be 0 for CELU", nameof(alpha))
        : Op.MapInPlace(new Elu(alpha, 1, 1 / alpha), NearOne.Real(this, "elu_cpu"));
}
