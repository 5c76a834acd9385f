using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x less what it has before the point; its derivative is 1.</summary>
internal readonly record struct Frac : IMap
{
    public static Domain Domain => new(0.1, 0.9);

    public V F<V>(V x)
        where V : struct, IReal<V> => x - V.Call<Trunc>(x);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One;
}

/// <content>What a number has behind the point.</content>
public sealed partial class Tensor
{
    /// <summary>What a number has behind the point, with its sign, element by element.</summary>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Frac() => Op.Map(default(Frac), NearOne.Real(this, "frac_cpu"));

    /// <summary>What a number has behind the point, with its sign, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Frac_() => Op.MapInPlace(default(Frac), NearOne.Real(this, "frac_cpu"));
}
