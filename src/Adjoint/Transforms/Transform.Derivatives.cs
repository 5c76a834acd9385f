using Adjoint.Engine;
using Adjoint.Families;
using Adjoint.Transforms;

namespace Adjoint;

/// <content>Derivatives of higher order in directions.</content>
public static partial class Transform
{
    // Each order doubles the work.
    private const int HighestOrder = 62;

    /// <summary>The derivative of any order of a function in a direction: forward mode, nested.</summary>
    /// <param name="function">The function; its result may be of any shape.</param>
    /// <param name="x">The point.</param>
    /// <param name="direction">The direction, of the point's structure and shapes.</param>
    /// <param name="order">How often to differentiate; 0 gives the value. The cost doubles with each.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is negative, or more than 62: nobody could wait for the result.</exception>
    /// <example><code>var jerk = DirectionalDerivative((Tensor t) => Position(t), time, Tensor.OnesLike(time), order: 3);</code></example>
    public static Tensor DirectionalDerivative<A>(Func<A, Tensor> function, A x, A direction, int order = 1)
    {
        ArgumentNullException.ThrowIfNull(function);
        Limits.ThrowIfNegative(order);
        Limits.ThrowIfGreaterThan(order, HighestOrder);
        var derivative = function;
        for (var i = 0; i < order; i++)
        {
            var lower = derivative;
            derivative = a => Jvp(lower, a, direction).Tangent;
        }

        return derivative(x);
    }

    /// <summary>
    /// The sum of the second derivatives by each element of the argument: the trace of the Hessian, without the Hessian. Forward mode twice, for all
    /// elements at once (forward Laplacian; R. Li et al. 2023).
    /// </summary>
    /// <param name="function">The function; its result may be of any shape.</param>
    /// <param name="chunkSize">Push at most this many elements of the argument at once; null for all.</param>
    /// <example><code>var heat = Laplacian(u => (u * u).Sum())(x);   // 2 for each element of x</code></example>
    public static Func<Tensor, Tensor> Laplacian(Func<Tensor, Tensor> function, int? chunkSize = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return x =>
        {
            ArgumentNullException.ThrowIfNull(x);
            var seconds = new Batching(0, Randomness.Same, chunkSize).Run(
                [Basis(x)], [0], direction => DirectionalDerivative(function, x, direction[0], 2));
            var first = new bool[seconds.Rank];
            first[0] = true;
            return Formulas.SumOver(seconds, first, keepDim: false);
        };
    }
}
