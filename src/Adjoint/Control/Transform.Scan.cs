using Adjoint.Control;
using Adjoint.Transforms;

namespace Adjoint;

/// <content>Loops over elements.</content>
public static partial class Transform
{
    /// <summary>
    /// Goes over elements with a state: each step takes the state and the next element, and gives the next state and an output (JAX's
    /// <c>lax.scan</c>). It is the loop that C# would write, and it is differentiated, batched and traced like one, to any order; what it adds is
    /// that states keep their form, that outputs are stacked, and checkpoints.
    /// </summary>
    /// <typeparam name="C">The state: a tensor or a structure of tensors.</typeparam>
    /// <typeparam name="X">The elements: a tensor or a structure of tensors.</typeparam>
    /// <typeparam name="Y">An output: a tensor or a structure of tensors, also an empty array.</typeparam>
    /// <param name="function">One step.</param>
    /// <param name="init">The state before the first step; all states have its structure, shapes and dtypes.</param>
    /// <param name="xs">All elements, along the first dimension of each tensor.</param>
    /// <param name="options">The direction, and what the backward pass keeps; null for forwards and everything.</param>
    /// <returns>The last state, and the outputs of all steps along a first dimension.</returns>
    /// <exception cref="ShapeException">The elements differ in number, or the state changes its shape.</exception>
    /// <exception cref="DTypeException">The state changes its dtype.</exception>
    /// <exception cref="TensorException">There are no elements to go over, or the state changes its structure.</exception>
    /// <example><code>
    /// // An exponential average, and all averages on the way.
    /// var (last, all) = Scan((Tensor mean, Tensor x) => { var next = 0.9 * mean + 0.1 * x; return (next, next); }, Tensor.Zeros(3), xs);
    /// // A long recurrence whose backward pass needs memory for the square root of its steps only.
    /// var (h, _) = Scan((h, x) => (Cell(h, x), Array.Empty&lt;Tensor&gt;()), h0, xs, new() { Checkpoint = Every.SquareRoot });
    /// </code></example>
    public static (C Carry, Y Outputs) Scan<C, X, Y>(Func<C, X, (C Carry, Y Output)> function, C init, X xs, ScanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(init);
        ArgumentNullException.ThrowIfNull(xs);
        return new Scanning<C, X, Y>(function, init, xs, options ?? new ScanOptions()).Run();
    }

    /// <summary>Goes over elements with a state and without outputs.</summary>
    /// <returns>The last state.</returns>
    /// <inheritdoc cref="Scan{C, X, Y}"/>
    /// <example><code>var h = Scan((h, x) => Cell(h, x), h0, xs);</code></example>
    public static C Scan<C, X>(Func<C, X, C> function, C init, X xs, ScanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(init);
        ArgumentNullException.ThrowIfNull(xs);
        return Scan((C carry, X x) => (function(carry, x), Array.Empty<Tensor>()), init, xs, options).Carry;
    }

    /// <summary>
    /// A function of each element, one after the other (JAX's <c>lax.map</c>): where <see cref="Vmap{A, Y}"/> would need too much memory, or where
    /// C# code looks at numbers.
    /// </summary>
    /// <param name="function">Takes one element.</param>
    /// <param name="xs">All elements, along the first dimension of each tensor.</param>
    /// <param name="batchSize">Run as many elements at once, as a batch; null for one after the other.</param>
    /// <returns>The results along a first dimension.</returns>
    /// <exception cref="ShapeException">The elements differ in number.</exception>
    /// <exception cref="TensorException">There are no elements to go over.</exception>
    /// <example><code>var roots = Map((Tensor x) => x > 0 ? x.Sqrt() : x * 0, xs);</code></example>
    public static Y Map<X, Y>(Func<X, Y> function, X xs, int? batchSize = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(xs);
        return batchSize is not null
            ? Vmap(function, chunkSize: batchSize)(xs)
            : Scan((Tensor[] none, X x) => (none, function(x)), [], xs).Outputs;
    }
}
