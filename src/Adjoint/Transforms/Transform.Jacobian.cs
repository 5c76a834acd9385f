using System.Runtime.CompilerServices;
using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Kernels;
using Adjoint.Transforms;

namespace Adjoint;

/// <content>Jacobians, and products with Hessians.</content>
public static partial class Transform
{
    /// <summary>
    /// The Jacobian by reverse mode: one pass forward, then one backward for all elements of the result at once. Pays where results are fewer than
    /// arguments.
    /// </summary>
    /// <param name="function">The function.</param>
    /// <param name="chunkSize">Pull at most this many elements of the result at once; null for all.</param>
    /// <returns>For each tensor of the argument one of the result's shape followed by its own.</returns>
    /// <example><code>var j = JacRev((Tensor a) => w.Mv(a).Tanh())(x);   // of shape [rows of w, elements of x]</code></example>
    public static Func<A, A> JacRev<A>(Func<A, Tensor> function, int? chunkSize = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return x => Rows(Recorded(x, a => (Single(function(a)), 0)), x, chunkSize)[0];
    }

    /// <summary>The Jacobians of all results of a function by reverse mode, with one pass forward.</summary>
    /// <param name="function">The function.</param>
    /// <param name="chunkSize">Pull at most this many elements of a result at once; null for all.</param>
    /// <returns>For each result what the form for one gives: for each tensor of the argument one of the result's shape followed by its own.</returns>
    /// <example>
    /// <code>
    /// var byX = JacRev((Tensor x) => new[] { x.Sin(), x.Sum() })(Tensor.Rand(3));   // of shapes [3, 3] and [3]
    /// </code>
    /// </example>
    [OverloadResolutionPriority(-1)]
    public static Func<A, A[]> JacRev<A>(Func<A, Tensor[]> function, int? chunkSize = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return x => Rows(Recorded(x, a => (function(a), 0)), x, chunkSize);
    }

    /// <summary>
    /// The Jacobian by forward mode: one pass for all elements of the argument at once. Pays where arguments are fewer than results.
    /// </summary>
    /// <param name="function">The function.</param>
    /// <param name="chunkSize">Push at most this many elements of the argument at once; null for all.</param>
    /// <returns>For each tensor of the argument one of the result's shape followed by its own.</returns>
    /// <example><code>var (byX, byY) = JacFwd(((Tensor X, Tensor Y) p) => p.X * p.Y)((x, y));</code></example>
    public static Func<A, A> JacFwd<A>(Func<A, Tensor> function, int? chunkSize = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return x => Columns<A, int>(a => (Single(function(a)), 0), x, chunkSize).Jacobians[0];
    }

    /// <summary>The Jacobians of all results of a function by forward mode, in the same passes.</summary>
    /// <param name="function">The function.</param>
    /// <param name="chunkSize">Push at most this many elements of the argument at once; null for all.</param>
    /// <returns>For each result what the form for one gives: for each tensor of the argument one of the result's shape followed by its own.</returns>
    /// <example><code>var byX = JacFwd((Tensor x) => new[] { x.Sin(), x.Sum() })(Tensor.Rand(3));   // of shapes [3, 3] and [3]</code></example>
    [OverloadResolutionPriority(-1)]
    public static Func<A, A[]> JacFwd<A>(Func<A, Tensor[]> function, int? chunkSize = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return x => Columns<A, int>(a => (function(a), 0), x, chunkSize).Jacobians;
    }

    /// <summary>The Hessian of a function with a scalar result times a vector, without the Hessian: forward mode over reverse mode.</summary>
    /// <param name="function">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="vector">The vector, of the point's structure and shapes.</param>
    /// <returns>The value, and the product.</returns>
    /// <example><code>var (value, product) = Hvp(loss, weights, direction);</code></example>
    public static (Tensor Value, A Product) Hvp<A>(Func<A, Tensor> function, A x, A vector)
    {
        var (both, tangents) = Jvp(
            a =>
            {
                var (value, gradient) = ValueAndGrad(function)(a);
                return (Tensor[])[value, .. Tree.Leaves(gradient)];
            },
            x,
            vector);
        return (both[0], Tree.Rebuild(x, tangents.AsSpan(1)));
    }

    /// <summary>A vector times the Hessian of a function with a scalar result, without the Hessian: reverse mode over reverse mode.</summary>
    /// <param name="function">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="vector">The vector, of the point's structure and shapes.</param>
    /// <returns>The value, and the product.</returns>
    /// <example><code>var (value, product) = Vhp(loss, weights, direction);</code></example>
    public static (Tensor Value, A Product) Vhp<A>(Func<A, Tensor> function, A x, A vector)
    {
        var (both, pullback) = Vjp(
            a =>
            {
                var (value, gradient) = ValueAndGrad(function)(a);
                return (Tensor[])[value, .. Tree.Leaves(gradient)];
            },
            x);
        return (both[0], pullback([Tensor.ZerosLike(both[0]), .. Tree.Leaves(vector)]));
    }

    /// <summary>A linear function of each direction of a basis: all at once, or one by one where few directions meet a batch outside, whose samples
    /// would no longer lie side by side.</summary>
    private static Y Directions<Y>(int outAxis, Tensor like, int? chunkSize, Func<Tensor, Y> function)
    {
        const int few = 16;
        var batching = new Batching(outAxis, Randomness.Same, chunkSize);
        return Nesting.IsTracing && like.Layout.Count is > 0 and <= few
            ? batching.RunOneByOne([Basis(like)], [0], (int)like.Layout.Count, direction => function(direction[0]))
            : batching.Run([Basis(like)], [0], direction => function(direction[0]));
    }

    /// <summary>One result as a list, refused where it is null.</summary>
    private static Tensor[] Single(Tensor? result)
    {
        ThrowIfNull(result);
        return [result];
    }

    private static ReverseMode.Run<(Tensor[] Values, X Auxiliary)> Recorded<A, X>(A x, Func<A, (Tensor[] Values, X Auxiliary)> function)
    {
        var run = ReverseMode.Record(Tree.Leaves(x), leaves => function(Tree.Rebuild(x, leaves)));
        ThrowIfNull(run.Value.Values);
        return run;
    }

    /// <summary>The Jacobians of all results by reverse mode, from a run that was recorded.</summary>
    private static A[] Rows<A, X>(ReverseMode.Run<(Tensor[] Values, X Auxiliary)> run, A x, int? chunkSize)
    {
        var points = Tree.Leaves(x);
        return Array.ConvertAll(run.Value.Values, value =>
        {
            var rows = Directions(0, value, chunkSize, row => run.Pull([value], [row]));
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] = rows[i].Reshape([.. value.Layout.Sizes, .. points[i].Layout.Sizes]);
            }

            return Tree.Rebuild(x, rows);
        });
    }

    /// <summary>The Jacobians of all results by forward mode, and what else the function gives.</summary>
    private static (A[] Jacobians, X Auxiliary) Columns<A, X>(Func<A, (Tensor[] Values, X Auxiliary)> function, A x, int? chunkSize)
    {
        var points = Tree.Leaves(x);
        var byPoint = new Tensor[points.Length][];
        X auxiliary = default!;
        var drawn = new DrawnGenerators();
        using var notes = drawn.Begin();
        for (var i = 0; i < points.Length; i++)
        {
            // All columns are of one function, whatever it draws.
            drawn.Rewind();
            var place = i;
            var columns = Directions(-1, points[i], chunkSize, column =>
            {
                var tangents = new Tensor?[points.Length];
                tangents[place] = column;
                var pushed = Push(function, x, tangents);
                auxiliary = pushed.Auxiliary;
                return pushed.Tangents;
            });
            byPoint[i] = Array.ConvertAll(columns, each => each.Reshape([.. each.Layout.Sizes.AsSpan()[..^1], .. points[i].Layout.Sizes]));
        }

        if (points.Length == 0)
        {
            // Nothing to differentiate by: the results say how many structures without tensors are asked for.
            var (values, rest) = function(x);
            return (Array.ConvertAll(values, _ => x), rest);
        }

        var jacobians = new A[byPoint[0].Length];
        for (var i = 0; i < jacobians.Length; i++)
        {
            jacobians[i] = Tree.Rebuild(x, Array.ConvertAll(byPoint, columns => columns[i]));
        }

        return (jacobians, auxiliary);
    }

    /// <summary>One tensor for each element of another, which is one there and zero elsewhere.</summary>
    private static Tensor Basis(Tensor like)
    {
        var count = Shape.Dimension(like.Layout.Count, "the directions of a Jacobian");
        var basis = Tensor.Zeros([count, count], like.DType);
        var diagonal = basis.View(new Layout([count], [(nint)count + 1], 0));
        Numbers.Fill(diagonal, 1);
        return basis.Reshape([count, .. like.Layout.Sizes]);
    }
}
