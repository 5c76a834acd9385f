using Adjoint.Transforms;

namespace Adjoint;

/// <content>Batches.</content>
public static partial class Transform
{
    /// <summary>
    /// A function of one sample made into a function of a batch, without a loop where every operator has a batching rule. Where one has none, or
    /// where C# code looks at a number (<c>Item</c>, <c>if</c>), the function runs once for each sample, and <see cref="Autograd.Warning"/> says so:
    /// the run goes on as that of the first sample, and the others follow.
    /// </summary>
    /// <remarks>
    /// So what a function does besides its result happens once for all samples, or, where it runs once for each, once for each. One case is left: a
    /// change in place, after the first look at a number, of something that an inner derivative follows
    /// or that is not dense has the first sample run again.
    /// <para>
    /// What the function gets and what it makes may be changed in place, views and index writes included; the caller's tensors keep their values. A
    /// tensor from outside cannot take what differs between samples, and is refused.
    /// </para>
    /// </remarks>
    /// <param name="function">Takes one sample.</param>
    /// <param name="inAxes">Which dimension counts the samples; one for all tensors of the argument, or one for each.</param>
    /// <param name="outAxis">
    /// Where the samples go in the results; one dimension for all tensors of the result, or one for each. Null for a result that is the same for all
    /// samples: it is handed out as it is, without a dimension of samples.
    /// </param>
    /// <param name="randomness">What random operators do inside. The same numbers are so in all chunks;
    /// different ones are drawn anew in each.</param>
    /// <param name="chunkSize">Run at most this many samples at once; null for all.</param>
    /// <param name="maxBytes">
    /// Instead of a chunk size: run as many samples at once as allocate about this much, judged by running one or two alone first. With
    /// <see cref="Randomness.Different"/> those run again with the others, so that draws are as without this.
    /// </param>
    /// <exception cref="TensorException">
    /// Thrown by the returned function: sizes differ, there is nothing to batch, or a result without a dimension of samples depends on the sample.
    /// </exception>
    /// <example>
    /// <code>
    /// var norms = Vmap((Tensor x) => x.Norm())(Tensor.Rand(10, 3));   // of shape [10]
    /// var (scaled, factor) = Vmap((Tensor x) => (x * w, w), outAxis: Axes.Each(1, null))(Tensor.Rand(10, 3));   // of shapes [3, 10] and w's
    /// </code>
    /// </example>
    public static Func<A, Y> Vmap<A, Y>(
        Func<A, Y> function,
        Axes inAxes = default,
        Axes outAxis = default,
        Randomness randomness = Randomness.Error,
        int? chunkSize = null,
        long? maxBytes = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return x => new Batching(outAxis, randomness, chunkSize, maxBytes).Run(
            Tree.Leaves(x), inAxes.For(Tree.Leaves(x).Length), leaves => function(Tree.Rebuild(x, leaves)));
    }

    /// <summary>A function of two samples made into a function of batches.</summary>
    /// <param name="function">Takes one sample of each argument.</param>
    /// <param name="inAxes">Which dimension counts the samples, for each argument; null where an argument is the same for all.</param>
    /// <param name="outAxis">
    /// Where the samples go in the results; one dimension for all tensors of the result, or one for each. Null for a result that is the same for all
    /// samples: it is handed out as it is, without a dimension of samples.
    /// </param>
    /// <param name="randomness">What random operators do inside. The same numbers are so in all chunks;
    /// different ones are drawn anew in each.</param>
    /// <param name="chunkSize">Run at most this many samples at once; null for all.</param>
    /// <param name="maxBytes">
    /// Instead of a chunk size: run as many samples at once as allocate about this much, judged by running one or two alone first. With
    /// <see cref="Randomness.Different"/> those run again with the others, so that draws are as without this.
    /// </param>
    /// <exception cref="TensorException">Thrown by the returned function: sizes differ, or there is nothing to batch.</exception>
    /// <example><code>var distances = Vmap((Tensor x, Tensor y) => (x - y).Norm(), (0, null))(points, origin);</code></example>
    public static Func<A, B, Y> Vmap<A, B, Y>(
        Func<A, B, Y> function,
        (Axes, Axes) inAxes = default,
        Axes outAxis = default,
        Randomness randomness = Randomness.Error,
        int? chunkSize = null,
        long? maxBytes = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return (x, y) =>
        {
            var (first, second) = (Tree.Leaves(x), Tree.Leaves(y));
            return new Batching(outAxis, randomness, chunkSize, maxBytes).Run(
                [.. first, .. second],
                [.. inAxes.Item1.For(first.Length), .. inAxes.Item2.For(second.Length)],
                leaves => function(Tree.Rebuild(x, leaves.AsSpan(0, first.Length)), Tree.Rebuild(y, leaves.AsSpan(first.Length))));
        };
    }

    /// <summary>A function of three samples made into a function of batches.</summary>
    /// <inheritdoc cref="Vmap{A, B, Y}"/>
    public static Func<A, B, C, Y> Vmap<A, B, C, Y>(
        Func<A, B, C, Y> function,
        (Axes, Axes, Axes) inAxes = default,
        Axes outAxis = default,
        Randomness randomness = Randomness.Error,
        int? chunkSize = null,
        long? maxBytes = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return (x, y, z) =>
        {
            var (first, second, third) = (Tree.Leaves(x), Tree.Leaves(y), Tree.Leaves(z));
            var behind = first.Length + second.Length;
            return new Batching(outAxis, randomness, chunkSize, maxBytes).Run(
                [.. first, .. second, .. third],
                [.. inAxes.Item1.For(first.Length), .. inAxes.Item2.For(second.Length), .. inAxes.Item3.For(third.Length)],
                leaves => function(
                    Tree.Rebuild(x, leaves.AsSpan(0, first.Length)),
                    Tree.Rebuild(y, leaves.AsSpan(first.Length, second.Length)),
                    Tree.Rebuild(z, leaves.AsSpan(behind))));
        };
    }
}
