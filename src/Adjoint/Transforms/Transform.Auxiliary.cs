using System.Runtime.CompilerServices;
using Adjoint.Kernels;
using Adjoint.Transforms;

namespace Adjoint;

/// <content>
/// Forms of functions that give something beside what is differentiated (<c>has_aux</c>): numbers, statistics, tensors of the way. It comes out of
/// the transform as it is, its tensors as constants for the derivatives that the transform takes.
/// </content>
public static partial class Transform
{
    /// <summary>The value of the first of two results at a point, the pullback there, and the second result as it is.</summary>
    /// <param name="function">Gives what is differentiated, of any shape and structure, and anything else.</param>
    /// <param name="x">The point.</param>
    /// <example>
    /// <code>var (value, pullback, hidden) = VjpWithAuxiliary((Tensor a) => (w.Mv(a.Tanh()), a.Tanh()), x);</code>
    /// </example>
    public static (Y Value, Func<Y, A> Pullback, X Auxiliary) VjpWithAuxiliary<A, Y, X>(Func<A, (Y Value, X Auxiliary)> function, A x)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Pulled(Given(x), function);
    }

    /// <inheritdoc cref="VjpWithAuxiliary{A, Y, X}(Func{A, ValueTuple{Y, X}}, A)"/>
    public static (Y Value, Func<Y, Tensor> Pullback, X Auxiliary) VjpWithAuxiliary<Y, X>(Func<Tensor, (Y Value, X Auxiliary)> function, Tensor x) =>
        VjpWithAuxiliary<Tensor, Y, X>(function, Given(x));

    /// <summary>The value of the first of two results at a point, its derivative in a direction, and the second result as it is.</summary>
    /// <param name="function">Gives what is differentiated, of any shape and structure, and anything else.</param>
    /// <param name="x">The point.</param>
    /// <param name="tangent">The direction, of the structure, shapes and dtypes of the point; what belongs to integers is not looked at.</param>
    /// <exception cref="ShapeException">The direction does not fit the point.</exception>
    /// <example><code>var (value, slope, hidden) = JvpWithAuxiliary((Tensor a) => (w.Mv(a.Tanh()), a.Tanh()), x, direction);</code></example>
    public static (Y Value, Y Tangent, X Auxiliary) JvpWithAuxiliary<A, Y, X>(Func<A, (Y Value, X Auxiliary)> function, A x, A tangent)
    {
        ArgumentNullException.ThrowIfNull(function);
        var (points, directions) = (Tree.Leaves(Given(x)), Tree.Leaves(Given(tangent)));
        Fits(points, directions, "Jvp", "tangent");
        var (value, pushed, auxiliary) = Push(function, x, directions);
        return (value, Tree.Rebuild(value, pushed), auxiliary);
    }

    /// <inheritdoc cref="JvpWithAuxiliary{A, Y, X}(Func{A, ValueTuple{Y, X}}, A, A)"/>
    public static (Y Value, Y Tangent, X Auxiliary) JvpWithAuxiliary<Y, X>(
        Func<Tensor, (Y Value, X Auxiliary)> function, Tensor x, Tensor tangent) =>
        JvpWithAuxiliary<Tensor, Y, X>(function, Given(x), Given(tangent));

    /// <summary>The Jacobian of the first of two results by reverse mode, and the second result as it is.</summary>
    /// <param name="function">Gives the tensor that is differentiated, and anything else.</param>
    /// <param name="chunkSize">Pull at most this many elements of the result at once; null for all.</param>
    /// <example><code>var (j, hidden) = JacRev((Tensor a) => (w.Mv(a.Tanh()), a.Tanh()))(x);</code></example>
    public static Func<A, (A Jacobian, X Auxiliary)> JacRev<A, X>(Func<A, (Tensor Value, X Auxiliary)> function, int? chunkSize = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return x =>
        {
            var run = Recorded(x, Listed(function));
            return (Rows(run, x, chunkSize)[0], Released(run.Value.Auxiliary, run.Outside));
        };
    }

    /// <inheritdoc cref="JacRev{A, X}(Func{A, ValueTuple{Tensor, X}}, int?)"/>
    public static Func<Tensor, (Tensor Jacobian, X Auxiliary)> JacRev<X>(
        Func<Tensor, (Tensor Value, X Auxiliary)> function, int? chunkSize = null) => JacRev<Tensor, X>(function, chunkSize);

    /// <summary>The Jacobian of the first of two results by forward mode, and the second result as it is.</summary>
    /// <param name="function">Gives the tensor that is differentiated, and anything else; runs once for each chunk.</param>
    /// <param name="chunkSize">Push at most this many elements of the argument at once; null for all.</param>
    /// <example><code>var (j, hidden) = JacFwd((Tensor a) => (w.Mv(a.Tanh()), a.Tanh()))(x);</code></example>
    public static Func<A, (A Jacobian, X Auxiliary)> JacFwd<A, X>(Func<A, (Tensor Value, X Auxiliary)> function, int? chunkSize = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return x =>
        {
            var (jacobians, auxiliary) = Columns(Listed(function), x, chunkSize);
            return (jacobians[0], auxiliary);
        };
    }

    /// <inheritdoc cref="JacFwd{A, X}(Func{A, ValueTuple{Tensor, X}}, int?)"/>
    public static Func<Tensor, (Tensor Jacobian, X Auxiliary)> JacFwd<X>(
        Func<Tensor, (Tensor Value, X Auxiliary)> function, int? chunkSize = null) => JacFwd<Tensor, X>(function, chunkSize);

    /// <summary>The Jacobian of the first of two results, by whichever mode costs less for its shape, and the second result as it is.</summary>
    /// <param name="function">Gives the tensor that is differentiated, and anything else.</param>
    /// <param name="x">The point.</param>
    /// <param name="maxBytes">About how much memory one pass may take.</param>
    /// <example><code>var (j, hidden) = Jacobian((Tensor a) => (w.Mv(a.Tanh()), a.Tanh()), x);</code></example>
    public static (A Jacobian, X Auxiliary) Jacobian<A, X>(Func<A, (Tensor Value, X Auxiliary)> function, A x, long maxBytes = DefaultBytes)
    {
        ArgumentNullException.ThrowIfNull(function);
        var (jacobians, auxiliary) = ByPlan(Listed(function), Given(x), maxBytes);
        return (jacobians[0], auxiliary);
    }

    /// <inheritdoc cref="Jacobian{A, X}(Func{A, ValueTuple{Tensor, X}}, A, long)"/>
    public static (Tensor Jacobian, X Auxiliary) Jacobian<X>(
        Func<Tensor, (Tensor Value, X Auxiliary)> function, Tensor x, long maxBytes = DefaultBytes) =>
        Jacobian<Tensor, X>(function, Given(x), maxBytes);

    private static Func<A, (Tensor[] Values, X Auxiliary)> Listed<A, X>(Func<A, (Tensor Value, X Auxiliary)> function) => a =>
    {
        var (value, auxiliary) = function(a);
        return (Single(value), auxiliary);
    };

    /// <summary>Something that is not differentiated, its tensors as they are outside of the transform.</summary>
    private static X Released<X>(X auxiliary, Func<Tensor, Tensor> outside) =>
        auxiliary is Tensor or ITree or ITuple or IEnumerable<Tensor> && Tree.Leaves(auxiliary) is { Length: > 0 } leaves
            ? Tree.Rebuild(auxiliary, Array.ConvertAll(leaves, leaf => outside(leaf)))
            : auxiliary;

    private static (Y Value, Func<Y, A> Pullback, X Auxiliary) Pulled<A, Y, X>(A x, Func<A, (Y Value, X Auxiliary)> function)
    {
        var run = ReverseMode.Record(Tree.Leaves(x), leaves => function(Tree.Rebuild(x, leaves)));
        var (given, auxiliary) = run.Value;
        var outputs = Tree.Leaves(given);
        return (
            Tree.Rebuild(given, Array.ConvertAll(outputs, run.Outside)),
            gradient =>
            {
                var cotangents = Tree.Leaves(gradient);
                Fits(outputs, cotangents, "Vjp", "gradient");
                return Tree.Rebuild(x, run.Pull(outputs, cotangents));
            },
            Released(auxiliary, run.Outside));
    }
}
