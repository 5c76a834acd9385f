using Adjoint.Algebra;
using Adjoint.Algebra.Functions;

namespace Adjoint;

/// <summary>log(1 + u) and e^x - 1 as formulas, for operators in which the plain forms would lose the digits of small arguments.</summary>
internal static class NearOne
{
    /// <summary>log(1 + u) for u from 0 to 1: the rounding of 1 + u cancels in the quotient (Kahan; Goldberg, 1991, theorem 4).</summary>
    public static V Log<V>(V u)
        where V : struct, IReal<V>
    {
        var w = V.One + u;
        return V.Select(V.Equal(w, V.One), u, V.Call<Log>(w) * (u / (w - V.One)));
    }

    /// <summary>e^x - 1 for x up to 0, as 2 t / (1 - t) with t = tanh(x / 2), in which nothing cancels.</summary>
    public static V Exp<V>(V x)
        where V : struct, IReal<V>
    {
        var t = V.Call<Tanh>(x * V.Of(0.5));
        return (t + t) / (V.One - t);
    }

    /// <summary>What PyTorch says where an operator of real numbers meets others.</summary>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public static Tensor Real(Tensor x, string kernel)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.DType.IsFloatingPoint
            ? x
            : throw new DTypeException($"\"{kernel}\" not implemented for '{x.DType.ScalarName}'. Convert the tensor first: x.To(DType.Float32).");
    }
}
