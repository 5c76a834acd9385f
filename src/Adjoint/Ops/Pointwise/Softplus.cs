using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>log(1 + e^(beta x)) / beta, and x itself beyond a threshold, where both are the same.</summary>
internal readonly record struct Softplus(double Beta, double Threshold) : IMap
{
    public V F<V>(V x)
        where V : struct, IReal<V>
    {
        // log(1 + e^z) = max(z, 0) + log(1 + e^-|z|)
        var z = x * V.Of(Beta);
        var smooth = V.Max(z, V.Zero) + NearOne.Log(V.Call<Exp>(-V.Abs(z)));
        return V.Select(V.Less(V.Of(Threshold), z), x, smooth / V.Of(Beta));
    }

    public V D<V>(V x, V y)
        where V : struct, IReal<V>
    {
        var z = x * V.Of(Beta);
        return V.Select(V.Less(V.Of(Threshold), z), V.One, V.One / (V.One + V.Call<Exp>(-z)));
    }
}

/// <content>The smooth rectifier.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// log(1 + e^(beta x)) / beta, element by element; x itself where beta x exceeds a threshold (<c>torch.nn.functional.softplus</c>). float32 or
    /// float64.
    /// </summary>
    /// <param name="beta">How sharp the bend is.</param>
    /// <param name="threshold">From where on the result is x.</param>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Softplus(double beta = 1, double threshold = 20) => Op.Map(new Softplus(beta, threshold), NearOne.Real(this, "softplus_cpu"));
}
