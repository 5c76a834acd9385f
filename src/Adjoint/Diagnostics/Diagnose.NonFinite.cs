using Adjoint.Diagnostics;
using Adjoint.Engine;
using Adjoint.Tape;

namespace Adjoint;

/// <content>Where values come from that are not finite.</content>
public static partial class Diagnose
{
    /// <summary>
    /// Looks at what every operator makes, forward and backward, and keeps the first value that is not finite, until the scope is disposed; follows
    /// <c>await</c>. Slow: it reads all elements, and notes the line of every call.
    /// </summary>
    /// <param name="throws">Throw where that value is made, instead of going on.</param>
    /// <param name="infinities">Whether infinities count; a model that masks with them asks for NaN only.</param>
    /// <example><code>
    /// using var watch = Diagnose.WatchNonFinite();
    /// Loss(x).Backward();
    /// Console.WriteLine(watch.First);
    /// </code></example>
    public static NonFiniteWatch WatchNonFinite(bool throws = false, bool infinities = true) => new(throws, infinities);

    /// <summary>
    /// Runs a function and its backward pass, which accumulates nothing, and returns the first value that was not finite; null if all were.
    /// </summary>
    /// <param name="loss">The function; its result is differentiated, with gradient 1 for each of its elements.</param>
    /// <param name="infinities">Whether infinities count.</param>
    /// <example><code>Console.WriteLine(Diagnose.FindNonFinite(() => Loss(x)));</code></example>
    public static NonFinitePassport? FindNonFinite(Func<Tensor> loss, bool infinities = true)
    {
        ArgumentNullException.ThrowIfNull(loss);
        using var watch = WatchNonFinite(infinities: infinities);
        var y = loss() ?? throw new AutogradException("the function to look for non-finite values in returned null instead of a loss.");
        if (watch.First is null && Edge.To(y).Node is { } root)
        {
            Tensor[] leaves = [.. GraphWalk.From(root).OfType<AccumulateGrad>().Select(leaf => leaf.Variable)];
            if (leaves.Length > 0)
            {
                _ = Autograd.Grad([y], leaves, [Tensor.OnesLike(y)], retainGraph: true, allowUnused: true);
            }
        }

        watch.First?.Trace(y);
        return watch.First;
    }
}
