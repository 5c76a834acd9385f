using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>Logarithms of sums of exponentials of all elements so far, without overflow.</summary>
internal readonly record struct LogCumSumExp : IScan
{
    public static string Name => "Logcumsumexp";

    public V Unit<V>()
        where V : struct, IRing<V> => V.Of(double.NegativeInfinity);

    // Where both are infinite of one sign, their distance is not a number.
    public V Combine<V>(V state, V x)
        where V : struct, IReal<V>
    {
        var top = V.Max(state, x);
        return V.Select(V.Equal(state, x), top + V.Of(Math.Log(2)), top + V.Call<Log1p>(V.Call<Exp>(-V.Abs(state - x))));
    }

    public V DState<V>(V state, V x, V y)
        where V : struct, IReal<V> => Share(state, y);

    public V DX<V>(V state, V x, V y)
        where V : struct, IReal<V> => Share(x, y);

    /// <summary>What part of the sum one summand is; none of nothing.</summary>
    private static V Share<V>(V summand, V sum)
        where V : struct, IReal<V> =>
        V.Select(V.Equal(summand, V.Of(double.NegativeInfinity)), V.Zero, V.Call<Exp>(summand - sum));
}

/// <content>Logarithms of sums of exponentials of all elements so far.</content>
public sealed partial class Tensor
{
    /// <summary>The logarithms of the sums of the exponentials of all elements so far along a dimension (<c>torch.logcumsumexp</c>).</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    public Tensor LogCumSumExp(int dim)
    {
        if (!DType.IsFloatingPoint)
        {
            throw DType.NotImplemented("logcumsumexp_out_cpu");
        }

        var axis = Layout.Dim(dim);
        return Rank > 0 ? Op.Scan(default(LogCumSumExp), this, axis) : Op.Scan(default(LogCumSumExp), Reshape(1), axis).Reshape();
    }
}
