using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x log(y), and 0 where x is 0 unless y is NaN.</summary>
internal readonly record struct XLogY(PlainNumber Number) : IMap2
{
    public static Domain DomainX => Domain.NonZero;

    public static Domain DomainY => Domain.Positive;

    public string GradName => Number == PlainNumber.First ? "XlogyBackward1" : Number == PlainNumber.Second ? "XlogyBackward2" : "XlogyBackward0";

    public int[]? ShownInputs => Number.ShownInputs();

    internal PlainNumber Number { get; init; } = Number;

    public V F<V>(V x, V y)
        where V : struct, IReal<V>
    {
        var isZero = IsZero(x, y);
        return V.Select(isZero, V.Zero, x * V.Call<Log>(V.Select(isZero, V.One, y)));
    }

    /// <summary>0 where x is 0, as PyTorch has it, so that terms of an entropy that are not there have no gradient.</summary>
    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V>
    {
        var isZero = IsZero(x, y);
        return V.Select(isZero, V.Zero, V.Call<Log>(V.Select(isZero, V.One, y)));
    }

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => x / y;

    private static V IsZero<V>(V x, V y)
        where V : struct, IReal<V> => V.And(V.Equal(x, V.Zero), V.Equal(y, y));
}

/// <content>Products with logarithms.</content>
public sealed partial class Tensor
{
    /// <summary>x log(y), element by element, broadcast; 0 where x is 0, whatever y but NaN (<c>torch.xlogy</c>).</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor XLogY(Tensor y) => Op.Map2(new XLogY(PlainNumbers.Of(this, y)), this, y);

    /// <summary>x log(y), in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor XLogY_(Tensor y) => Op.Map2InPlace(new XLogY(PlainNumbers.OfSecond(y)), this, y);
}
