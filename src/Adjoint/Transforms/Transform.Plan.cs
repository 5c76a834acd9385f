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
        var drawn = new DrawnGenerators();
        using var notes = drawn.Begin();
        var (plan, run) = Planned(function, x, maxBytes);
        if (plan.Mode == JacobianMode.Reverse)
        {
            return Rows(run, x, plan.ChunkSize);
        }

        drawn.Rewind();
        return JacFwd(function, plan.ChunkSize)(x);
    }

    /// <summary>
    /// What <see cref="Jacobian"/> would do: it runs the function once and looks at shapes and at the size of what it computes. Generators that the
    /// function draws from are put back.
    /// </summary>
    /// <param name="function">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="maxBytes">About how much memory one pass may take.</param>
    /// <example><code>Console.WriteLine(PlanJacobian(f, x));   // Jacobian 256 x 256: forward mode, columns in 1 pass of 256, ...</code></example>
    public static JacobianPlan PlanJacobian<A>(Func<A, Tensor> function, A x, long maxBytes = DefaultBytes)
    {
        var drawn = new DrawnGenerators();
        using var notes = drawn.Begin();
        var plan = Planned(function, x, maxBytes).Plan;
        drawn.Rewind();
        return plan;
    }

    /// <summary>The plan, and the run that it was made by, which reverse mode can go on from.</summary>
    private static (JacobianPlan Plan, ReverseMode.Run<Tensor> Run) Planned<A>(Func<A, Tensor> function, A x, long maxBytes)
    {
        ArgumentNullException.ThrowIfNull(function);
        Limits.ThrowIfNegativeOrZero(maxBytes);
        var leaves = Tree.Leaves(x);
        var run = ReverseMode.Record(leaves, aliases => function(Tree.Rebuild(x, aliases)));
        ThrowIfNull(run.Value);
        return (JacobianPlan.For(run.Value.Count, leaves.Sum(leaf => leaf.Count), ReverseMode.ValueBytes(run.Value), maxBytes), run);
    }
}
