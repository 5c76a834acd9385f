using Adjoint.Engine;
using Adjoint.Families;
using Adjoint.Interpreters;
using Adjoint.Tape;

namespace Adjoint.Transforms;

/// <summary>
/// Reverse mode as a transform. The tape of the eager engine does all of it: inputs become aliases that only this transform can name, and a sweep
/// that looks for just these gives their gradients. Outer transforms follow the values through their own gates or tapes.
/// </summary>
internal static class ReverseMode
{
    /// <summary>Runs a function on inputs that are followed.</summary>
    /// <param name="inputs">The inputs; integers and truth values are passed on as they are.</param>
    /// <param name="function">The function.</param>
    public static Run<Y> Record<Y>(Tensor[] inputs, Func<Tensor[], Y> function)
    {
        // Outside of this transform the surrounding mode holds, inside everything is recorded.
        var isRecorded = Recording.IsOn;
        using var scope = Nesting.Enter(null);
        var level = (short)(2 * Nesting.Depth);
        var mode = Recording.Set(on: true);
        try
        {
            var aliases = Array.ConvertAll(inputs, input => Alias(input, level, isRecorded));

            // Before the function runs: a batch that goes on with one sample gives its tensors other histories.
            var ends = Array.ConvertAll(aliases, alias => alias.DType.IsFloatingPoint ? Edge.To(alias) : default);
            return new Run<Y>(inputs, ends, function(aliases), level, isRecorded);
        }
        finally
        {
            Recording.Restore(mode);
        }
    }

    /// <summary>The transpose of a linear function of a gradient, applied to a tangent: forward mode from reverse mode alone.</summary>
    /// <param name="pull">The pull, linear.</param>
    /// <param name="like">Of the shape and dtype of what it takes.</param>
    /// <param name="tangent">The tangent of the input.</param>
    public static Tensor PullThePull(Func<Tensor, Tensor> pull, Tensor like, Tensor tangent)
    {
        var run = Record([Tensor.ZerosLike(like)], g => pull(g[0]));
        return run.Pull([run.Value], [tangent])[0];
    }

    /// <summary>The size of tensors and of all values in their history.</summary>
    public static long ValueBytes(Tensor[] tensors)
    {
        var bytes = 0L;
        var seen = new HashSet<Node>();
        var rest = new Stack<Node>();
        foreach (var x in tensors)
        {
            bytes += x.Count * x.DType.ItemSize;
            if (x.GradFn is { } made)
            {
                rest.Push(made);
            }
        }

        while (rest.TryPop(out var node))
        {
            if (seen.Add(node))
            {
                bytes += node.OutputLayout.Count * node.OutputDType.ItemSize;
                for (var i = 0; i < node.EdgeCount; i++)
                {
                    if (node.GetEdge(i).Node is { } next)
                    {
                        rest.Push(next);
                    }
                }
            }
        }

        return bytes;
    }

    private static Tensor Alias(Tensor input, short level, bool isRecorded)
    {
        var alias = input.Renamed();
        alias.EnsureState().IsArgument = true;
        if (!input.DType.IsFloatingPoint)
        {
            return alias;
        }

        var edge = isRecorded ? Edge.To(input) : default;
        var node = new LinearNode<Adjoint.Alias>(default, edge, input.Layout, alias);
        node.Level = level;
        node.Floor = Math.Min(node.Floor, level);
        return alias;
    }

    /// <summary>A tensor without the history that a transform of this level recorded; what is recorded outside of it stays.</summary>
    private static Tensor Strip(Tensor x, short level, bool isRecorded)
    {
        if (x.Tracer is { } tracer)
        {
            var value = tracer.Known is null ? null : Strip(tracer.Known, level, isRecorded);
            var tangent = tracer.Tangent is null ? null : Strip(tracer.Tangent, level, isRecorded);
            var strips = x.GradFn is { } own && (own.Floor >= level || !isRecorded);
            if (!strips && ReferenceEquals(value, tracer.Known) && ReferenceEquals(tangent, tracer.Tangent))
            {
                return x;
            }

            var stripped = new Tensor(new Tracer(tracer.Owner, value, tangent, tracer.Id), x.Layout, x.DType);
            if (!strips && x.GradFn is { } node)
            {
                stripped.GradFn = node;
                stripped.OutputIndex = x.OutputIndex;
            }

            return stripped;
        }

        // A view may have no history of its own, and require grad because its base has one.
        return (x.GradFn ?? x.Base?.GradFn) is { } history && (history.Floor >= level || !isRecorded) ? x.Detach() : x;
    }

    /// <summary>What a function did to inputs that were followed: its result, and gradients on demand, as often as wanted.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="ends">Where the gradients of what the function got in their place arrive.</param>
    /// <param name="value">What it returned.</param>
    /// <param name="level">The level of the transform.</param>
    /// <param name="isRecorded">Whether the code around the transform is recorded.</param>
    public sealed class Run<Y>(Tensor[] inputs, Edge[] ends, Y value, short level, bool isRecorded)
    {
        /// <summary>What the function returned, with its history.</summary>
        public Y Value => value;

        /// <summary>A tensor that the function made, for use outside.</summary>
        public Tensor Outside(Tensor x) => Strip(x, level, isRecorded);

        /// <summary>The gradients of the inputs from those of outputs; zeros for inputs that outputs do not depend on.</summary>
        public Tensor[] Pull(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> cotangents)
        {
            var roots = new List<Edge>();
            var seeds = new List<Tensor>();
            var isNested = false;
            var isFollowed = false;
            for (var i = 0; i < outputs.Count; i++)
            {
                if (outputs[i].GradFn is { } node && node.Level >= level)
                {
                    roots.Add(Edge.To(outputs[i]));
                    seeds.Add(cotangents[i]);
                    isNested |= node.Floor < level;
                    isFollowed |= Tracer.FloorOf(cotangents[i]) < short.MaxValue;
                }
            }

            var records = ((isNested && isRecorded) || isFollowed) && Recording.IsOn;
            var gradients = Sweep.Run([.. roots], [.. seeds], records, retains: true, ends, accumulates: false);
            var results = new Tensor[inputs.Length];
            for (var i = 0; i < results.Length; i++)
            {
                // A pullback may be used inside of a later transform of the same depth, whose history must not be taken for this one's.
                results[i] = gradients[i] is { } gradient
                    ? isFollowed ? gradient : Strip(gradient, level, isRecorded)
                    : Tensor.ZerosLike(inputs[i]);
            }

            return results;
        }
    }
}
