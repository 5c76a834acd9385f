using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>max(x, 0); its derivative at 0 is 0, as PyTorch has it.</summary>
internal readonly record struct Relu : IPiecewiseLinear
{
    public static Elements Elements => Elements.Numbers;

    public static string? TruthRefusal => "Boolean inputs not supported for relu";

    public static Domain Domain => Domain.NonZero;

    public static bool Selects => true;

    public V F<V>(V x)
        where V : struct, IReal<V> => V.Max(x, V.Zero);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(V.Less(V.Zero, y), V.One, V.Zero);

    public V I<V>(V x)
        where V : struct, IRing<V> => V.Max(x, V.Zero);
}

/// <content>The rectifier max(x, 0), element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The rectifier max(x, 0), element by element.</summary>
    public Tensor Relu() => Op.Map(default(Relu), this);

    /// <summary>The rectifier max(x, 0), element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Relu_() => Op.MapInPlace(default(Relu), this);
}
