using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>log(x / (1 - x)), the inverse of the sigmoid.</summary>
/// <param name="Eps">x is limited to [eps, 1 - eps] before, if this is not negative.</param>
internal readonly record struct Logit(double Eps) : IMap
{
    public static Domain Domain => new(0.1, 0.9);

    public V F<V>(V x)
        where V : struct, IReal<V>
    {
        var p = Eps < 0 ? x : V.Min(V.Max(x, V.Of(Eps)), V.Of(1 - Eps));
        return V.Call<Log>(p / (V.One - p));
    }

    /// <summary>Beyond the limits it is 0, and without limits NaN beyond 0 and 1, as PyTorch has it.</summary>
    public V D<V>(V x, V y)
        where V : struct, IReal<V>
    {
        var isInside = V.And(Limit.AtMost(V.Of(Math.Max(Eps, 0)), x), Limit.AtMost(x, V.Of(1 - Math.Max(Eps, 0))));
        var inside = V.Select(isInside, x, V.Of(0.5));
        return V.Select(isInside, V.One / (inside * (V.One - inside)), Eps < 0 ? V.Of(double.NaN) : V.Zero);
    }
}

/// <content>The inverse of the sigmoid.</content>
public sealed partial class Tensor
{
    /// <summary>log(x / (1 - x)), element by element, the inverse of <see cref="Sigmoid"/>.</summary>
    /// <param name="eps">If given, elements are limited to [eps, 1 - eps] before.</param>
    public Tensor Logit(double? eps = null) => Op.Map(new Logit(eps ?? -1), this);

    /// <summary>log(x / (1 - x)), in place.</summary>
    /// <param name="eps">If given, elements are limited to [eps, 1 - eps] before.</param>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Logit_(double? eps = null) => Op.MapInPlace(new Logit(eps ?? -1), this);
}
