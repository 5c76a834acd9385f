using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>-x log(x), which is 0 at 0 and minus infinity below: what an outcome of that probability adds to an entropy.</summary>
internal readonly record struct Entr : IMap
{
    public string GradName => "SpecialEntrBackward0";

    public static Domain Domain => Domain.Positive;

    public V F<V>(V x)
        where V : struct, IReal<V>
    {
        var isPositive = V.Less(V.Zero, x);
        var inner = -x * V.Call<Log>(V.Select(isPositive, x, V.One));
        var outer = V.Select(V.Equal(x, V.Zero), V.Zero, V.Select(V.Less(x, V.Zero), V.Of(double.NegativeInfinity), x));
        return V.Select(isPositive, inner, outer);
    }

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => -V.One - V.Call<Log>(x);
}

/// <content>Entropies, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>-x log(x), element by element (<c>torch.special.entr</c>): 0 at 0, minus infinity below.</summary>
    public Tensor Entr() => Op.Map(default(Entr), this);
}
