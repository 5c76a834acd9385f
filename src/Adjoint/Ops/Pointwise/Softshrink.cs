using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x brought nearer to 0 by a distance, and 0 where it is nearer; NaN stays.</summary>
internal readonly record struct Softshrink(double Lambd) : IMap
{
    public static bool Selects => true;

    public V F<V>(V x)
        where V : struct, IReal<V>
    {
        var y = V.Select(V.Less(V.Of(Lambd), x), x - V.Of(Lambd), x + V.Of(Lambd));
        return V.Select(IsSmall(x), V.Zero, y);
    }

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(IsSmall(x), V.Zero, V.One);

    private V IsSmall<V>(V x)
        where V : struct, IReal<V> => V.And(Limit.AtMost(V.Of(-Lambd), x), Limit.AtMost(x, V.Of(Lambd)));
}

/// <content>Numbers brought nearer to 0.</content>
public sealed partial class Tensor
{
    /// <summary>x less lambd above it, x plus lambd below its opposite, and 0 between, element by element
    /// (<c>torch.nn.functional.softshrink</c>).</summary>
    /// <param name="lambd">The distance, not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The distance is negative.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Softshrink(double lambd = 0.5) => Op.Map(Shrink(lambd), NearOne.Real(this, "softshrink_cpu"));

    private static Softshrink Shrink(double lambd) => !(lambd < 0)
        ? new(lambd)
        : throw new ArgumentOutOfRangeException(
            nameof(lambd), FormattableString.Invariant($"lambda must be greater or equal to 0, but found to be {lambd}."));
}
