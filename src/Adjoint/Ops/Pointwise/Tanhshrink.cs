using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x - tanh(x).</summary>
internal readonly record struct Tanhshrink : IMap
{
    /// <summary>PyTorch computes it as a difference and records that.</summary>
    public string GradName => "SubBackward0";

    public V F<V>(V x)
        where V : struct, IReal<V> => x - V.Call<Tanh>(x);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => (x - y) * (x - y);
}

/// <content>What tanh takes away.</content>
public sealed partial class Tensor
{
    /// <summary>x - tanh(x), element by element (<c>torch.nn.functional.tanhshrink</c>).</summary>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Tanhshrink() => Op.Map(default(Tanhshrink), NearOne.Real(this, "tanh"));
}
