using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x / (1 + |x|).</summary>
internal readonly record struct Softsign : IMap
{
    /// <summary>PyTorch computes it as a quotient and records that.</summary>
    public string GradName => "DivBackward0";

    public static Domain Domain => Domain.NonZero;

    public V F<V>(V x)
        where V : struct, IReal<V> => x / (V.One + V.Abs(x));

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One / ((V.One + V.Abs(x)) * (V.One + V.Abs(x)));
}

/// <content>x / (1 + |x|), element by element.</content>
public sealed partial class Tensor
{
    /// <summary>x / (1 + |x|), element by element.</summary>
    public Tensor Softsign() => Op.Map(default(Softsign), this);
}
