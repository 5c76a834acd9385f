using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Kernels;
using Adjoint.Transforms;

namespace Adjoint;

/// <content>Jacobians and Hessians.</content>
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
        return x =>
        {
            var run = ReverseMode.Record(Tree.Leaves(x), leaves => function(Tree.Rebuild(x, leaves)));
            ThrowIfNull(run.Value);
            return Rows(run, x, chunkSize);
        };
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
        return x =>
        {
            var points = Tree.Leaves(x);
            var jacobians = new Tensor[points.Length];
            var drawn = new DrawnGenerators();
            using var notes = drawn.Begin();
            for (var i = 0; i < jacobians.Length; i++)
            {
                // All columns are of one function, whatever it draws.
                drawn.Rewind();
                var place = i;
                var columns = Directions(-1, points[i], chunkSize, column =>
                {
                    var tangents = new Tensor?[points.Length];
                    tangents[place] = column;
                    return Push(function, x, tangents).Tangents[0];
                });
                jacobians[i] = columns.Reshape([.. columns.Layout.Sizes.AsSpan()[..^1], .. points[i].Layout.Sizes]);
            }

            return Tree.Rebuild(x, jacobians);
        };
    }

    /// <summary>The matrix of second derivatives of a function with a scalar result: forward mode over reverse mode.</summary>
    /// <param name="function">The function.</param>
    /// <param name="chunkSize">Push at most this many elements of the argument at once; null for all.</param>
    /// <returns>A function whose result has the argument's shape twice.</returns>
    /// <example><code>var h = Hessian((Tensor x) => (x * x * x).Sum())(x);   // diag(6 x)</code></example>
    public static Func<Tensor, Tensor> Hessian(Func<Tensor, Tensor> function, int? chunkSize = null) => JacFwd(Grad(function), chunkSize);

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

    /// <summary>The Jacobian by reverse mode, from a run that was recorded.</summary>
    private static A Rows<A>(ReverseMode.Run<Tensor> run, A x, int? chunkSize)
    {
        var value = run.Value;
        var rows = Directions(0, value, chunkSize, row => run.Pull([value], [row]));
        var points = Tree.Leaves(x);
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = rows[i].Reshape([.. value.Layout.Sizes, .. points[i].Layout.Sizes]);
        }

        return Tree.Rebuild(x, rows);
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
