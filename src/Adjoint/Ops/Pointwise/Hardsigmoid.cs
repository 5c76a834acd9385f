using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>min(max(x + 3, 0), 6) / 6, three straight lines in place of the logistic function.</summary>
internal readonly record struct Hardsigmoid : IPiecewiseLinear
{
    public static Domain Domain => new(-5, 5, -3, 3);

    public static bool Selects => true;

    public V F<V>(V x)
        where V : struct, IReal<V> => V.Min(V.Max(x + V.Of(3), V.Zero), V.Of(6)) / V.Of(6);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(V.And(V.Less(V.Of(-3), x), V.Less(x, V.Of(3))), V.Of(1.0 / 6), V.Zero);
}

/// <content>The logistic function in straight lines.</content>
public sealed partial class Tensor
{
    /// <summary>min(max(x + 3, 0), 6) / 6, element by element (<c>torch.nn.functional.hardsigmoid</c>). float32 or float64.</summary>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Hardsigmoid() => Op.Map(default(Hardsigmoid), NearOne.Real(this, "hardsigmoid_cpu"));

    /// <summary><see cref="Hardsigmoid"/> in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Hardsigmoid_() => Op.MapInPlace(default(Hardsigmoid), NearOne.Real(this, "hardsigmoid_cpu"));
}
