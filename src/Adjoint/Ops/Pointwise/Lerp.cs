using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>x + w (y - x) with a number w, computed from the nearer end as in PyTorch.</summary>
internal readonly record struct LerpNumber(double Weight) : IMap2
{
    public static string Name => "Lerp";

    public string GradName => "LerpBackward0";

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => Math.Abs(Weight) < 0.5
        ? x + (V.Of(Weight) * (y - x))
        : y - ((y - x) * V.Of(1 - Weight));

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Of(1 - Weight);

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Of(Weight);
}

/// <summary>x + z (y - x), computed from the nearer end as in PyTorch.</summary>
internal readonly record struct Lerp : IMap3
{
    public string GradName => "LerpBackward1";

    public V F<V>(V x, V y, V z)
        where V : struct, IReal<V> =>
        V.Select(V.Less(V.Abs(z), V.Of(0.5)), x + (z * (y - x)), y - ((y - x) * (V.One - z)));

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.One - z;

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => z;

    public V DZ<V>(V x, V y, V z)
        where V : struct, IReal<V> => y - x;
}

/// <content>Points between two tensors.</content>
public sealed partial class Tensor
{
    /// <summary>x + weight * (end - x), element by element, broadcast. Dtypes promote, where PyTorch wants them to be the same.</summary>
    /// <param name="end">Where a weight of 1 leads.</param>
    /// <param name="weight">The share of the way, a number or a tensor.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">None is real.</exception>
    public Tensor Lerp(Tensor end, Tensor weight)
    {
        var isNumber = ByNumber(end, weight);
        return isNumber ? Op.Map2(new LerpNumber(weight.Item<double>()), this, end) : Op.Map3(default(Lerp), this, end, weight);
    }

    /// <summary>x + weight * (end - x), in place.</summary>
    /// <param name="end">Where a weight of 1 leads.</param>
    /// <param name="weight">The share of the way, a number or a tensor.</param>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">None is real.</exception>
    public Tensor Lerp_(Tensor end, Tensor weight)
    {
        var isNumber = ByNumber(end, weight);
        return isNumber ? Op.Map2InPlace(new LerpNumber(weight.Item<double>()), this, end) : Op.Map3InPlace(default(Lerp), this, end, weight);
    }

    private bool ByNumber(Tensor end, Tensor weight)
    {
        Operands.ThrowIfNull<Lerp>(end);
        Operands.ThrowIfNull<Lerp>(weight);
        var isNumber = weight is { IsNumber: true, RequiresGrad: false };
        _ = isNumber
            ? RealOperands.Of<Lerp>("lerp_kernel_scalar", this, end)
            : RealOperands.Of<Lerp>("lerp_kernel_tensor", this, end, weight);
        return isNumber;
    }
}
