using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The smallest element over dimensions; ties share the gradient evenly. NaN wins.</summary>
internal readonly record struct Amin(bool IsOfAll) : IReduce
{
    public static Elements Elements => Elements.All;

    public static bool SharesTies => true;

    /// <summary>PyTorch has an operator of its own for all elements.</summary>
    public string GradName => IsOfAll ? "MinBackward1" : "AminBackward0";

    public V Unit<V>()
        where V : struct, IRing<V> => V.Of(double.PositiveInfinity);

    public V Lift<V>(V x)
        where V : struct, IReal<V> => x;

    public V Combine<V>(V a, V b)
        where V : struct, IRing<V> => V.Min(a, b);

    public V Finish<V>(V combined)
        where V : struct, IReal<V> => combined;

    // A NaN is the result of itself, although it does not equal it.
    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(V.Or(V.Equal(x, y), V.Not(V.Equal(x, x))), V.One, V.Zero);
}

/// <content>The smallest element.</content>
public sealed partial class Tensor
{
    /// <summary>The smallest of all elements; ties share the gradient evenly.</summary>
    /// <exception cref="TensorException">The tensor is empty.</exception>
    public Tensor Min() => Extremes.Run(this, [], keepDim: false, new Amin(IsOfAll: true), "min");

    /// <summary>The smallest element over dimensions, all if none is named; ties share the gradient evenly.</summary>
    /// <exception cref="TensorException">A reduced dimension is empty.</exception>
    public Tensor Amin(ReadOnlySpan<int> dims = default, bool keepDim = false) =>
        Extremes.Run(this, dims, keepDim, default(Amin), "amin");

    /// <summary>The smallest elements along a dimension and where they are; the first of equal ones, which gets all the gradient.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <exception cref="TensorException">The dimension is empty.</exception>
    public (Tensor Values, Tensor Indices) Min(int dim, bool keepDim = false) =>
        Extremes.Along(this, dim, keepDim, largest: false);

    /// <summary>Where the smallest of all elements is, counted in row-major order; the first of equal ones.</summary>
    /// <param name="keepDim">Keep all dimensions with size 1.</param>
    /// <exception cref="TensorException">The tensor is empty.</exception>
    public Tensor Argmin(bool keepDim = false) => Extremes.PositionOfAll(this, keepDim, largest: false);

    /// <summary>Where the smallest elements along a dimension are; the first of equal ones.</summary>
    /// <exception cref="TensorException">The dimension is empty.</exception>
    public Tensor Argmin(int dim, bool keepDim = false) =>
        Extremes.Positions(this, dim, keepDim, largest: false);
}
