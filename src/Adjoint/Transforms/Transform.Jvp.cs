using Adjoint.Interpreters;
using Adjoint.Transforms;

namespace Adjoint;

/// <content>Forward mode.</content>
public static partial class Transform
{
    /// <summary>The value of a function at a point and its derivative in a direction, in one pass and without a tape.</summary>
    /// <param name="function">The function; its result may be of any shape and structure.</param>
    /// <param name="x">The point.</param>
    /// <param name="tangent">The direction, of the structure, shapes and dtypes of the point; what belongs to integers is not looked at.</param>
    /// <exception cref="ShapeException">The direction does not fit the point.</exception>
    /// <example><code>var (value, slope) = Jvp((Tensor a) => a.Sin(), x, Tensor.OnesLike(x));   // sin x and cos x</code></example>
    public static (Y Value, Y Tangent) Jvp<A, Y>(Func<A, Y> function, A x, A tangent)
    {
        ArgumentNullException.ThrowIfNull(function);
        var (points, directions) = (Tree.Leaves(x), Tree.Leaves(tangent));
        Fits(points, directions, "Jvp", "tangent");
        var (value, pushed, _) = Push(a => (function(a), 0), x, directions);
        return (value, Tree.Rebuild(value, pushed));
    }

    /// <summary>
    /// The value of a function at a point and its derivative there as a linear function of a direction, which may be applied as often as wanted
    /// without running the function again.
    /// </summary>
    /// <param name="function">The function; its result may be of any shape and structure.</param>
    /// <param name="x">The point.</param>
    /// <example><code>var (value, push) = Linearize(f, x); var many = Vmap(push)(directions);</code></example>
    public static (Y Value, Func<A, Y> Pushforward) Linearize<A, Y>(Func<A, Y> function, A x)
    {
        // The pullback is linear in its gradient, so its own pullback does not depend on where it is taken, and is the pushforward.
        var (value, pullback) = Vjp(function, x);
        var zeros = Tree.Rebuild(value, Array.ConvertAll(Tree.Leaves(value), leaf => Tensor.ZerosLike(leaf)));
        return (value, Vjp(pullback, zeros).Pullback);
    }

    /// <summary>Runs a function forward with tangents, null where there is none.</summary>
    private static (Y Value, Tensor[] Tangents, X Auxiliary) Push<A, Y, X>(Func<A, (Y Value, X Auxiliary)> function, A x, Tensor?[] tangents)
    {
        var points = Tree.Leaves(x);
        var interpreter = new JvpInterpreter();
        using var scope = Nesting.Enter(interpreter);
        var duals = new Tensor[points.Length];
        for (var i = 0; i < points.Length; i++)
        {
            duals[i] = points[i].DType.IsFloatingPoint ? interpreter.Wrap(points[i], tangents[i]) : points[i];
        }

        var (result, auxiliary) = function(Tree.Rebuild(x, duals));
        var parts = Array.ConvertAll(Tree.Leaves(result), interpreter.Split);
        return (
            Tree.Rebuild(result, Array.ConvertAll(parts, part => part.Value)),
            Array.ConvertAll(parts, part => part.Tangent ?? Tensor.ZerosLike(part.Value)),
            Released(auxiliary, part => interpreter.Split(part).Value));
    }
}
