using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>log(e^x + e^y): the larger of both, and a rest that depends on their distance.</summary>
internal readonly record struct LogAddExp : IMap2
{
    public string GradName => "LogaddexpBackward0";

    public V F<V>(V x, V y)
        where V : struct, IReal<V>
    {
        // Equal numbers may be infinite, and infinity has no distance to itself.
        var isSame = V.Equal(x, y);
        var rest = V.Call<Log1p>(V.Call<Exp>(-V.Abs(x - y)));
        return V.Select(isSame, x + V.Of(0.69314718055994531), V.Max(x, y) + rest);
    }

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => Share(x, y);

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => Share(y, x);

    private static V Share<V>(V x, V y)
        where V : struct, IReal<V>
    {
        var isInfinite = V.And(V.Equal(x, y), V.Equal(V.Abs(x), V.Of(double.PositiveInfinity)));
        var distance = V.Select(isInfinite, V.Zero, y) - V.Select(isInfinite, V.Zero, x);
        return V.One / (V.One + V.Call<Exp>(distance));
    }
}

/// <content>Logarithms of sums of two powers of e.</content>
public sealed partial class Tensor
{
    /// <summary>log(e^x + e^y), element by element, broadcast, without overflow on the way.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Neither is real.</exception>
    public Tensor LogAddExp(Tensor y)
    {
        _ = RealOperands.Of<LogAddExp>("logaddexp_cpu", this, y);
        return Op.Map2(default(LogAddExp), this, y);
    }
}
