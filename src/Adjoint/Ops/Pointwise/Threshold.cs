using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>x where it is above a limit, a number elsewhere; NaN stays.</summary>
internal readonly record struct Threshold(double Limit, double Value) : IPiecewiseLinear
{
    public static Elements Elements => Elements.Numbers;

    public static string? TruthRefusal => "\"threshold_cpu\" not implemented for 'Bool'";

    public static bool Selects => true;

    public V F<V>(V x)
        where V : struct, IReal<V> => V.Select(Adjoint.Limit.AtMost(x, V.Of(Limit)), V.Of(Value), x);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(Adjoint.Limit.AtMost(x, V.Of(Limit)), V.Zero, V.One);

    public V I<V>(V x)
        where V : struct, IRing<V> => V.Select(V.Or(V.Less(x, V.Of(Limit)), V.Equal(x, V.Of(Limit))), V.Of(Value), x);
}

/// <content>Numbers above a limit.</content>
public sealed partial class Tensor
{
    /// <summary>x where it is above a limit and a number elsewhere, element by element (<c>torch.nn.functional.threshold</c>).</summary>
    /// <param name="threshold">The limit; whole numbers cut its fraction off.</param>
    /// <param name="value">The number.</param>
    /// <exception cref="DTypeException">The elements are truth values, or a number does not fit their dtype.</exception>
    public Tensor Threshold(double threshold, double value) => Op.Map(Above(threshold, value), this);

    /// <summary><see cref="Threshold"/> in place.</summary>
    /// <param name="threshold">The limit.</param>
    /// <param name="value">The number.</param>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="DTypeException">The elements are truth values, or a number does not fit their dtype.</exception>
    public Tensor Threshold_(double threshold, double value) => Op.MapInPlace(Above(threshold, value), this);

    private Threshold Above(double threshold, double value)
    {
        if (DType.IsInteger)
        {
            NumberRange.ThrowIfBeyond(threshold, DType);
            NumberRange.ThrowIfBeyond(value, DType);
        }

        return new(threshold, value);
    }
}
