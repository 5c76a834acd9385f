using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The largest element over dimensions; ties share the gradient evenly. NaN wins.</summary>
internal readonly record struct Amax(bool IsOfAll) : IReduce
{
    public static Elements Elements => Elements.All;

    public static bool SharesTies => true;

    /// <summary>PyTorch has an operator of its own for all elements.</summary>
    public string GradName => IsOfAll ? "MaxBackward1" : "AmaxBackward0";

    public V Unit<V>()
        where V : struct, IRing<V> => V.Of(double.NegativeInfinity);

    public V Lift<V>(V x)
        where V : struct, IReal<V> => x;

    public V Combine<V>(V a, V b)
        where V : struct, IRing<V> => V.Max(a, b);

    public V Finish<V>(V combined)
        where V : struct, IReal<V> => combined;

    // A NaN is the result of itself, although it does not equal it.
    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(V.Or(V.Equal(x, y), V.Not(V.Equal(x, x))), V.One, V.Zero);
}

/// <content>The largest element.</content>
public sealed partial class Tensor
{
    /// <summary>The largest of all elements; ties share the gradient evenly.</summary>
    /// <exception cref="TensorException">The tensor is empty.</exception>
    public Tensor Max() => Extremes.Run(this, [], keepDim: false, new Amax(IsOfAll: true), "max");

    /// <summary>The largest element over dimensions, all if none is named; ties share the gradient evenly.</summary>
    /// <exception cref="TensorException">A reduced dimension is empty.</exception>
    public Tensor Amax(ReadOnlySpan<int> dims = default, bool keepDim = false) =>
        Extremes.Run(this, dims, keepDim, default(Amax), "amax");

    /// <summary>The largest elements along a dimension and where they are; the first of equal ones, which gets all the gradient.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <exception cref="TensorException">The dimension is empty.</exception>
    public (Tensor Values, Tensor Indices) Max(int dim, bool keepDim = false) =>
        Extremes.Along(this, dim, keepDim, largest: true);

    /// <summary>Where the largest of all elements is, counted in row-major order; the first of equal ones.</summary>
    /// <param name="keepDim">Keep all dimensions with size 1.</param>
    /// <exception cref="TensorException">The tensor is empty.</exception>
    public Tensor Argmax(bool keepDim = false) => Extremes.PositionOfAll(this, keepDim, largest: true);

    /// <summary>Where the largest elements along a dimension are; the first of equal ones.</summary>
    /// <exception cref="TensorException">The dimension is empty.</exception>
    public Tensor Argmax(int dim, bool keepDim = false) =>
        Extremes.Positions(this, dim, keepDim, largest: true);
}
