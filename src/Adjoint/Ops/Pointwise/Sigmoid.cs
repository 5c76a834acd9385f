using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The logistic function 1 / (1 + exp(-x)).</summary>
internal readonly record struct Sigmoid : IMap
{
    public V F<V>(V x)
        where V : struct, IReal<V> => V.One / (V.One + V.Call<Exp>(-x));

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => (V.One - y) * y;
}

/// <content>The logistic function 1 / (1 + exp(-x)), element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The logistic function 1 / (1 + exp(-x)), element by element.</summary>
    public Tensor Sigmoid() => Op.Map(default(Sigmoid), this);

    /// <summary>The logistic function 1 / (1 + exp(-x)), element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Sigmoid_() => Op.MapInPlace(default(Sigmoid), this);
}
