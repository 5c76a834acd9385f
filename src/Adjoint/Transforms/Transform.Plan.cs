using System.Runtime.CompilerServices;
using Adjoint.Kernels;
using Adjoint.Transforms;

namespace Adjoint;

/// <content>Jacobians by a plan.</content>
public static partial class Transform
{
    private const long DefaultBytes = 256L << 20;

    /// <summary>The Jacobian, by whichever mode costs less for its shape, in chunks that fit a budget of memory.</summary>
    /// <param name="function">
    /// The function. Reverse mode runs it once; forward mode once to see what it takes, and once for each chunk of columns,
    /// with the same random numbers.
    /// </param>
    /// <param name="x">The point.</param>
    /// <param name="maxBytes">About how much memory one pass may take.</param>
    /// <returns>For each tensor of the argument one of the result's shape followed by its own.</returns>
    /// <example><code>var j = Jacobian((Tensor a) => w.Mv(a).Tanh(), x);</code></example>
    public static A Jacobian<A>(Func<A, Tensor> function, A x, long maxBytes = DefaultBytes)
    {
        ArgumentNullException.ThrowIfNull(function);
        return ByPlan(a => (Single(function(a)), 0), x, maxBytes).Jacobians[0];
    }

    /// <summary>The Jacobians of all results of a function, by whichever mode costs less for their shapes.</summary>
    /// <param name="function">The function; runs as often as for one result.</param>
    /// <param name="x">The point.</param>
    /// <param name="maxBytes">About how much memory one pass may take.</param>
    /// <returns>For each result what the form for one gives: for each tensor of the argument one of the result's shape followed by its own.</returns>
    /// <example><code>var byX = Jacobian((Tensor a) => new[] { w.Mv(a), a.Sum() }, x);</code></example>
    [OverloadResolutionPriority(-1)]
    public static A[] Jacobian<A>(Func<A, Tensor[]> function, A x, long maxBytes = DefaultBytes)
    {
        ArgumentNullException.ThrowIfNull(function);
        return ByPlan(a => (function(a), 0), Given(x), maxBytes).Jacobians;
    }

    /// <summary>
    /// What <see cref="Jacobian{A}(Func{A, Tensor}, A, long)"/> would do: it runs the function once and looks at shapes and at the size of what it
    /// computes. Generators that the function draws from are put back.
    /// </summary>
    /// <param name="function">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="maxBytes">About how much memory one pass may take.</param>
    /// <example><code>Console.WriteLine(PlanJacobian(f, x));   // Jacobian 256 x 256: forward mode, columns in 1 pass of 256, ...</code></example>
    public static JacobianPlan PlanJacobian<A>(Func<A, Tensor> function, A x, long maxBytes = DefaultBytes)
    {
        var drawn = new DrawnGenerators();
        using var notes = drawn.Begin();
        ArgumentNullException.ThrowIfNull(function);
        var plan = Planned(a => (Single(function(a)), 0), x, maxBytes).Plan;
        drawn.Rewind();
        return plan;
    }

    private static (A[] Jacobians, X Auxiliary) ByPlan<A, X>(Func<A, (Tensor[] Values, X Auxiliary)> function, A x, long maxBytes)
    {
        var drawn = new DrawnGenerators();
        using var notes = drawn.Begin();
        var (plan, run) = Planned(function, x, maxBytes);
        if (plan.Mode == JacobianMode.Reverse)
        {
            return (Rows(run, x, plan.ChunkSize), Released(run.Value.Auxiliary, run.Outside));
        }

        drawn.Rewind();
        return Columns(function, x, plan.ChunkSize);
    }

    /// <summary>The plan, and the run that it was made by, which reverse mode can go on from.</summary>
    private static (JacobianPlan Plan, ReverseMode.Run<(Tensor[] Values, X Auxiliary)> Run) Planned<A, X>(
        Func<A, (Tensor[] Values, X Auxiliary)> function, A x, long maxBytes)
    {
        Limits.ThrowIfNegativeOrZero(maxBytes);
        var run = Recorded(x, function);
        var values = run.Value.Values;
        var plan = JacobianPlan.For(
            values.Sum(value => value.Count), Tree.Leaves(x).Sum(leaf => leaf.Count), ReverseMode.ValueBytes(values), maxBytes);
        return (plan, run);
    }
}
