using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x min(max(x + 3, 0), 6) / 6; its derivative is 0 up to -3 and 1 from 3 on, as PyTorch has it.</summary>
internal readonly record struct Hardswish : IMap
{
    public static Domain Domain => new(-5, 5, -3, 3);

    public V F<V>(V x)
        where V : struct, IReal<V> => x * V.Min(V.Max(x + V.Of(3), V.Zero), V.Of(6)) / V.Of(6);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(
            Limit.AtMost(x, V.Of(-3)), V.Zero, V.Select(V.Less(x, V.Of(3)), (x / V.Of(3)) + V.Of(0.5), V.One));
}

/// <content>SiLU in straight lines.</content>
public sealed partial class Tensor
{
    /// <summary>x min(max(x + 3, 0), 6) / 6, element by element (<c>torch.nn.functional.hardswish</c>). float32 or float64.</summary>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Hardswish() => Op.Map(default(Hardswish), NearOne.Real(this, "hardswish_cpu"));

    /// <summary><see cref="Hardswish"/> in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Hardswish_() => Op.MapInPlace(default(Hardswish), NearOne.Real(this, "hardswish_cpu"));
}
