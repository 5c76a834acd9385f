using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x limited to a range; unlike <see cref="ClampNumber"/> no gradient passes at the limits, as PyTorch has it.</summary>
internal readonly record struct Hardtanh(double Min, double Max) : IPiecewiseLinear
{
    public static Elements Elements => Elements.Numbers;

    public static bool Selects => true;

    public V F<V>(V x)
        where V : struct, IReal<V> => V.Min(V.Max(x, V.Of(Min)), V.Of(Max));

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(V.Or(Limit.AtMost(x, V.Of(Min)), Limit.AtMost(V.Of(Max), x)), V.Zero, V.One);

    public V I<V>(V x)
        where V : struct, IRing<V> => V.Min(V.Max(x, V.Of(Min)), V.Of(Max));
}

/// <content>Limiting as an activation.</content>
public sealed partial class Tensor
{
    /// <summary>Every element limited to a range (<c>torch.nn.functional.hardtanh</c>);
    /// at the limits there is no gradient. No truth values.</summary>
    /// <param name="minVal">The smallest result.</param>
    /// <param name="maxVal">The largest result.</param>
    /// <exception cref="DTypeException">The elements are truth values.</exception>
    public Tensor Hardtanh(double minVal = -1, double maxVal = 1) => Op.Map(new Hardtanh(minVal, maxVal), NotBool(this));

    /// <summary><see cref="Hardtanh"/> in place.</summary>
    /// <param name="minVal">The smallest result.</param>
    /// <param name="maxVal">The largest result.</param>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Hardtanh_(double minVal = -1, double maxVal = 1) => Op.MapInPlace(new Hardtanh(minVal, maxVal), NotBool(this));

    /// <summary>min(max(x, 0), 6), element by element (<c>torch.nn.functional.relu6</c>). No truth values.</summary>
    /// <exception cref="DTypeException">The elements are truth values.</exception>
    public Tensor Relu6() => Op.Map(new Hardtanh(0, 6), NotBool(this));

    /// <summary><see cref="Relu6"/> in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Relu6_() => Op.MapInPlace(new Hardtanh(0, 6), NotBool(this));

    private static Tensor NotBool(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.DType != DType.Bool
            ? x
            : throw new DTypeException("Bool inputs not supported for hardtanh. Convert the tensor first: x.To(DType.Float32).");
    }
}
