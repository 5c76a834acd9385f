using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x where its magnitude is above a limit, 0 elsewhere.</summary>
internal readonly record struct Hardshrink(double Lambd) : IMap
{
    public static bool Selects => true;

    public V F<V>(V x)
        where V : struct, IReal<V> => V.Select(IsSmall(x), V.Zero, x);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(IsSmall(x), V.Zero, V.One);

    private V IsSmall<V>(V x)
        where V : struct, IReal<V> => V.And(Limit.AtMost(V.Of(-Lambd), x), Limit.AtMost(x, V.Of(Lambd)));
}

/// <content>Small numbers taken as 0.</content>
public sealed partial class Tensor
{
    /// <summary>x where its magnitude is above a limit and 0 elsewhere, element by element (<c>torch.nn.functional.hardshrink</c>).</summary>
    /// <param name="lambd">The limit.</param>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Hardshrink(double lambd = 0.5) => Op.Map(new Hardshrink(lambd), NearOne.Real(this, "hardshrink_cpu"));
}
