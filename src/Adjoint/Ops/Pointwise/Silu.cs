using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x / (1 + exp(-x)), the product of x and its logistic function.</summary>
internal readonly record struct Silu : IMap
{
    public V F<V>(V x)
        where V : struct, IReal<V> => x / (V.One + V.Call<Exp>(-x));

    public V D<V>(V x, V y)
        where V : struct, IReal<V>
    {
        var sigmoid = V.One / (V.One + V.Call<Exp>(-x));
        return sigmoid * (V.One + (x * (V.One - sigmoid)));
    }
}

/// <content>The product of x and its logistic function.</content>
public sealed partial class Tensor
{
    /// <summary>x / (1 + exp(-x)), element by element (<c>torch.nn.functional.silu</c>; also called swish).</summary>
    public Tensor Silu() => Op.Map(default(Silu), this);

    /// <summary>x / (1 + exp(-x)), element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Silu_() => Op.MapInPlace(default(Silu), this);
}
