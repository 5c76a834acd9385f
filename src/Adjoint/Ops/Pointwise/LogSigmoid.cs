using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The logarithm of the logistic function, -log(1 + e^-x).</summary>
internal readonly record struct LogSigmoid : IMap
{
    public V F<V>(V x)
        where V : struct, IReal<V> => V.Min(x, V.Zero) - NearOne.Log(V.Call<Exp>(-V.Abs(x)));

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One / (V.One + V.Call<Exp>(x));
}

/// <content>The logarithm of the logistic function.</content>
public sealed partial class Tensor
{
    /// <summary>log(1 / (1 + e^-x)), element by element (<c>torch.nn.functional.logsigmoid</c>). float32 or float64.</summary>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor LogSigmoid() => Op.Map(default(LogSigmoid), NearOne.Real(this, "log_sigmoid_cpu"));
}
