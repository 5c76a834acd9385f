using Adjoint.Graphs;
using Adjoint.Interpreters;
using Adjoint.Transforms;

namespace Adjoint;

/// <content>Functions as data.</content>
public static partial class Transform
{
    /// <summary>
    /// The shapes and dtypes of what a function gives, without computing anything (JAX's <c>eval_shape</c>).
    /// </summary>
    /// <param name="function">The function. Forward parts of custom functions run on tensors without values.</param>
    /// <param name="example">An argument; only its structure, shapes and dtypes matter, see <c>Tensor.Meta</c>.</param>
    /// <returns>The function's result, in which tensors have a shape and a dtype, and no values.</returns>
    /// <exception cref="TensorException">The function reads a number out of a tensor, or shapes do not fit.</exception>
    public static Y EvalShape<A, Y>(Func<A, Y> function, A example)
    {
        ArgumentNullException.ThrowIfNull(function);
        var interpreter = new TraceInterpreter();
        using var scope = Nesting.Enter(interpreter);
        var inputs = Array.ConvertAll(MetaInterpreter.Like(Tree.Leaves(example)), interpreter.Input);
        var result = function(Tree.Rebuild(example, inputs));
        return Tree.Rebuild(result, MetaInterpreter.Like(Tree.Leaves(result)));
    }

    /// <summary>
    /// Runs a function on stand-ins for an example and writes its operators down (<c>torch.fx</c>, JAX's <c>make_jaxpr</c>), computing nothing but
    /// what the function's C# code reads. Gradients, tangents and batches inside
    /// are written down as the operators that they are made of; a custom function is one instruction with its own backward part. Each number, truth
    /// value and index that the function's C# code reads from a tensor that depends on the argument becomes a guard: a later call for which it is
    /// another one throws, since the code might have done something else. Printing is no reading.
    /// </summary>
    /// <param name="function">The function.</param>
    /// <param name="example">An argument; only its structure, shapes and dtypes matter, and the numbers that the function's code reads.</param>
    /// <exception cref="AutogradException">
    /// A custom function changes its inputs in place, or uses a tensor that depends on the argument and is none of its inputs.
    /// </exception>
    /// <example><code>Console.WriteLine(Trace(Grad((Tensor x) => x.Sin().Sum()), x).Graph);</code></example>
    public static TracedFunction<A, Y> Trace<A, Y>(Func<A, Y> function, A example)
    {
        ArgumentNullException.ThrowIfNull(function);
        var interpreter = new TraceInterpreter();
        using var scope = Nesting.Enter(interpreter);
        var result = function(Tree.Rebuild(example, Array.ConvertAll(Tree.Leaves(example), interpreter.Input)));
        return new TracedFunction<A, Y>(interpreter.Finish(Tree.Leaves(result)), result);
    }

    /// <inheritdoc cref="Trace{A, Y}(Func{A, Y}, A)"/>
    public static TracedFunction<Tensor, Y> Trace<Y>(Func<Tensor, Y> function, Tensor example) => Trace<Tensor, Y>(function, Given(example));
}

/// <summary>A function whose operators are written down; a function like any other, which transforms take.</summary>
/// <typeparam name="A">The argument: a tensor or a structure of tensors.</typeparam>
/// <typeparam name="Y">The result: a tensor or a structure of tensors.</typeparam>
public sealed class TracedFunction<A, Y>
{
    private readonly Y _like;

    internal TracedFunction(Graph graph, Y like)
    {
        Graph = graph;
        _like = like;
    }

    /// <summary>The operators.</summary>
    public Graph Graph { get; }

    /// <summary>Runs the operators.</summary>
    /// <exception cref="ShapeException">A tensor has another shape than in the example.</exception>
    /// <exception cref="DTypeException">A tensor has another dtype than in the example.</exception>
    /// <exception cref="AutogradException">
    /// The code of the function read something else in the example: the message says which line read what, and what it is now. Choose with
    /// <c>Tensor.Where</c>, or trace again. In a batch, one such sample is enough.
    /// </exception>
    public Y Call(A x) => Tree.Rebuild(_like, Graph.Run(Tree.Leaves(x)));
}
