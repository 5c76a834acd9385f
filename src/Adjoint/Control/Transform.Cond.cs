using Adjoint.Control;
using Adjoint.Transforms;

namespace Adjoint;

/// <content>Decisions.</content>
public static partial class Transform
{
    /// <summary>
    /// One of two functions, as a tensor of one element says (JAX's <c>lax.cond</c>). It is C#'s <c>if</c> but for one case: where the samples of a
    /// batch decide differently, both functions run for all samples and the results are selected, so that the batch stays together.
    /// </summary>
    /// <param name="predicate">One truth value, or a number, which is true unless it is 0.</param>
    /// <param name="trueFunction">What to do if it is true.</param>
    /// <param name="falseFunction">What to do if it is not; gives the same structure, shapes and dtypes.</param>
    /// <param name="operand">What both take.</param>
    /// <remarks>
    /// What is not selected has the gradient 0, which a derivative that is infinite or NaN there still makes NaN, as in JAX: see to it that both
    /// functions are smooth at every sample, such as by <c>x.ClampMin(1e-9).Sqrt()</c>.
    /// </remarks>
    /// <exception cref="TensorException">The predicate has more than one element, or, in a batch, both results differ in form.</exception>
    /// <example><code>var y = Cond(x.Sum() > 0, (Tensor a) => a.Exp(), a => 1 + a, x);</code></example>
    public static Y Cond<A, Y>(Tensor predicate, Func<A, Y> trueFunction, Func<A, Y> falseFunction, A operand)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        ArgumentNullException.ThrowIfNull(trueFunction);
        ArgumentNullException.ThrowIfNull(falseFunction);
        if (!Decisions.DifferInBatch(predicate))
        {
            return predicate ? trueFunction(operand) : falseFunction(operand);
        }

        var chosen = trueFunction(operand);
        return Tree.Rebuild(chosen, Decisions.Select(predicate, Tree.Leaves(chosen), Tree.Leaves(falseFunction(operand)), "cond"));
    }

    /// <summary>One of two functions of what they capture.</summary>
    /// <inheritdoc cref="Cond{A, Y}"/>
    /// <example><code>var y = Cond(x > 0, () => x.Exp(), () => 1 + x);</code></example>
    public static Y Cond<Y>(Tensor predicate, Func<Y> trueFunction, Func<Y> falseFunction)
    {
        ArgumentNullException.ThrowIfNull(trueFunction);
        ArgumentNullException.ThrowIfNull(falseFunction);
        return Cond(predicate, (Tensor[] _) => trueFunction(), _ => falseFunction(), []);
    }

    /// <summary>
    /// Repeats a function while a condition holds (JAX's <c>lax.while_loop</c>, and, unlike it, differentiable in every mode). It is C#'s
    /// <c>while</c> but for one case: where the samples of a batch decide differently, the function runs for all samples until all are done, and
    /// those that are keep their state.
    /// </summary>
    /// <typeparam name="S">The state: a tensor or a structure of tensors.</typeparam>
    /// <param name="condition">Gives one truth value.</param>
    /// <param name="body">Gives the next state, of the same structure, shapes and dtypes.</param>
    /// <param name="init">The first state.</param>
    /// <exception cref="TensorException">The condition has more than one element, or, in a batch, the state changes its form.</exception>
    /// <example><code>
    /// // Newton's square root, for each element of a batch as often as it needs.
    /// Tensor Root(Tensor a) => While((Tensor x) => (x * x - a).Abs() > 1e-12, x => (x + a / x) / 2, a);
    /// </code></example>
    public static S While<S>(Func<S, Tensor> condition, Func<S, S> body, S init)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(body);
        for (var state = init; ;)
        {
            var goesOn = condition(state);
            if (Decisions.IsDone(goesOn))
            {
                return state;
            }

            var next = body(state);
            state = Decisions.DifferInBatch(goesOn)
                ? Tree.Rebuild(next, Decisions.Select(goesOn, Tree.Leaves(next), Tree.Leaves(state), "while_loop"))
                : next;
        }
    }
}
