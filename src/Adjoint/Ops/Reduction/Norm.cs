using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The 2-norm; its subgradient at 0 is 0, as PyTorch has it, and so are its further derivatives there.</summary>
internal readonly record struct Norm2 : IReduce
{
    public static bool Finishes => true;

    public string GradName => "LinalgVectorNormBackward0";

    public V Unit<V>()
        where V : struct, IRing<V> => V.Zero;

    public V Lift<V>(V x)
        where V : struct, IReal<V> => x * x;

    public V Combine<V>(V a, V b)
        where V : struct, IRing<V> => a + b;

    public V Finish<V>(V combined)
        where V : struct, IReal<V> => V.Sqrt(combined);

    // What is not chosen is divided by 1: 0 times the derivative of x / 0 would be NaN.
    public V D<V>(V x, V y)
        where V : struct, IReal<V>
    {
        var isFlat = V.Equal(y, V.Zero);
        return V.Select(isFlat, V.Zero, x / V.Select(isFlat, V.One, y));
    }
}

/// <summary>The p-norm (sum of |x|^p)^(1/p) for finite p other than 0.</summary>
internal readonly record struct NormP(double P) : IReduce
{
    public static bool Finishes => true;

    public string GradName => "LinalgVectorNormBackward0";

    public V Unit<V>()
        where V : struct, IRing<V> => V.Zero;

    public V Lift<V>(V x)
        where V : struct, IReal<V> => P == 1 ? V.Abs(x) : V.Call<Pow>(V.Abs(x), V.Of(P));

    public V Combine<V>(V a, V b)
        where V : struct, IRing<V> => a + b;

    public V Finish<V>(V combined)
        where V : struct, IReal<V> => P == 1 ? combined : V.Call<Pow>(combined, V.Of(1 / P));

    /// <summary>sign(x) (|x| / y)^(p - 1), 0 where x or y is 0.</summary>
    public V D<V>(V x, V y)
        where V : struct, IReal<V>
    {
        if (P == 1)
        {
            return V.Sign(x);
        }

        // What is not chosen is computed from 1: 0 times the derivative of a power of 0 would be NaN.
        var isFlat = V.Or(V.Equal(x, V.Zero), V.Equal(y, V.Zero));
        var share = V.Select(isFlat, V.One, V.Abs(x) / V.Select(isFlat, V.One, y));
        return V.Select(isFlat, V.Zero, V.Sign(x) * V.Call<Pow>(share, V.Of(P - 1)));
    }
}

/// <summary>The number of elements that are not zero, as a real. As in PyTorch the input gets no gradient, rather than zeros.</summary>
internal readonly record struct Norm0 : IReduce
{
    public static bool HasNoGradient => true;

    public string GradName => "LinalgVectorNormBackward0";

    public V Unit<V>()
        where V : struct, IRing<V> => V.Zero;

    public V Lift<V>(V x)
        where V : struct, IReal<V> => V.Select(V.Equal(x, V.Zero), V.Zero, V.One);

    public V Combine<V>(V a, V b)
        where V : struct, IRing<V> => a + b;

    public V Finish<V>(V combined)
        where V : struct, IReal<V> => combined;

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Zero;
}

/// <summary>The largest magnitude, or the smallest; ties share the gradient evenly.</summary>
internal readonly record struct NormInfinity(bool Largest) : IReduce
{
    public static bool SharesTies => true;

    public string GradName => "LinalgVectorNormBackward0";

    public V Unit<V>()
        where V : struct, IRing<V> => Largest ? V.Zero : V.Of(double.PositiveInfinity);

    public V Lift<V>(V x)
        where V : struct, IReal<V> => V.Abs(x);

    public V Combine<V>(V a, V b)
        where V : struct, IRing<V> => Largest ? V.Max(a, b) : V.Min(a, b);

    public V Finish<V>(V combined)
        where V : struct, IReal<V> => combined;

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(V.Equal(V.Abs(x), y), V.Sign(x), V.Zero);
}

/// <content>Vector norms over all or some dimensions.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The p-norm over dimensions, all if none is named: (sum of |x|^p)^(1/p); the largest or smallest magnitude for infinite p; the number of
    /// elements that are not zero for p = 0. Where a norm, or an element of it, is 0, its slope is not unique; 0 is chosen there, and for derivatives
    /// of every order in every mode. So the second derivative of <c>x.Norm().Square()</c> at 0 is 0: write <c>x.Square().Sum()</c>, which is smooth.
    /// </summary>
    /// <param name="p">The order.</param>
    /// <param name="dims">The dimensions.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    public Tensor Norm(double p = 2, ReadOnlySpan<int> dims = default, bool keepDim = false, DType? dtype = null)
    {
        if (dtype is { } chosen && chosen != DType)
        {
            return To(chosen).Norm(p, dims, keepDim);
        }

        if (!DType.IsFloatingPoint)
        {
            throw new DTypeException(
                $"norm(): input dtype should be either floating point or complex. Got {DType.ScalarName} instead. Convert it with " +
                "To(DType.Float32).");
        }

        var reduced = Dims.Mask(dims, Rank);
        switch (p)
        {
            case 2:
                return Op.Reduce(default(Norm2), this, reduced, keepDim);
            case 0:
                return Op.Reduce(default(Norm0), this, reduced, keepDim);
            case double.PositiveInfinity or double.NegativeInfinity:
                return Extremes.Run(this, dims, keepDim, new NormInfinity(p > 0), "linalg.vector_norm");
            default:
                return Op.Reduce(new NormP(p), this, reduced, keepDim);
        }
    }
}
