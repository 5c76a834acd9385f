using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x tanh(log(1 + e^x)).</summary>
internal readonly record struct Mish : IMap
{
    public V F<V>(V x)
        where V : struct, IReal<V> => x * Factor(x);

    public V D<V>(V x, V y)
        where V : struct, IReal<V>
    {
        var t = Factor(x);
        return t + (x * (V.One - (t * t)) / (V.One + V.Call<Exp>(-x)));
    }

    /// <summary>tanh(log(1 + u)) = (u^2 + 2 u) / (u^2 + 2 u + 2) with u = e^x; both parts by u^2 where x is positive,
    /// so that nothing overflows.</summary>
    private static V Factor<V>(V x)
        where V : struct, IReal<V>
    {
        // Not of -|x|, which has no derivative at 0.
        var isPositive = V.Less(V.Zero, x);
        var e = V.Call<Exp>(V.Select(isPositive, -x, x));
        var two = V.Of(2);
        var top = V.Select(isPositive, V.One + (two * e), e * (e + two));
        return top / (top + (two * V.Select(isPositive, e * e, V.One)));
    }
}

/// <content>A smooth rectifier with a dip.</content>
public sealed partial class Tensor
{
    /// <summary>x tanh(log(1 + e^x)), element by element (<c>torch.nn.functional.mish</c>). float32 or float64.</summary>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Mish() => Op.Map(default(Mish), NearOne.Real(this, "mish_cpu"));

    /// <summary><see cref="Mish"/> in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Mish_() => Op.MapInPlace(default(Mish), NearOne.Real(this, "mish_cpu"));
}
