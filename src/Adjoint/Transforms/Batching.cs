using Adjoint.Memory;
using Adjoint.Ops.Families;

namespace Adjoint.Transforms;

/// <summary>One call of a batched function: slices into chunks, runs all samples at once or one by one, and puts results together.</summary>
internal sealed class Batching(int outAxis, Randomness randomness, int? chunkSize, long? maxBytes = null)
{
    /// <summary>Runs a function of one sample on all.</summary>
    /// <param name="leaves">The tensors of the arguments.</param>
    /// <param name="axes">Which dimension of each counts samples; null where it is the same for all.</param>
    /// <param name="function">The function of the tensors of one sample.</param>
    public Y Run<Y>(Tensor[] leaves, int?[] axes, Func<Tensor[], Y> function)
    {
        var (batches, size) = InFront(leaves, axes);
        var step = chunkSize ?? (maxBytes is { } budget && size > 1 ? Fitting(budget, batches, axes, size, function) : Math.Max(size, 1));
        if (step <= 0)
        {
            throw new TensorException($"vmap: chunk_size should be None or greater than 0. (got {step})");
        }

        if (size <= step)
        {
            return Together(batches, axes, size, function);
        }

        Y first = default!;
        var parts = new List<Tensor[]>();
        for (var start = 0; start < size; start += step)
        {
            var count = Math.Min(step, size - start);
            var chunk = Each(batches, axes, batch => batch.Slice(0, start, start + count));
            first = Together(chunk, axes, count, function);
            parts.Add(Tree.Leaves(first));
        }

        return Tree.Rebuild(first, Joined(parts, pieces => Tensor.Cat(pieces, outAxis)));
    }

    /// <summary>
    /// How many samples fit a budget, judged by what one takes. A first call also makes what the runtime and the function make only once, so the
    /// second one is asked where the first would not let all samples through.
    /// </summary>
    private int Fitting<Y>(long budget, Tensor[] batches, int?[] axes, int size, Func<Tensor[], Y> function)
    {
        var fitting = 1L;
        for (var attempt = 0; attempt < 2 && fitting < size; attempt++)
        {
            var before = Allocated();
            Together(Each(batches, axes, batch => batch.Slice(0, 0, 1)), axes, 1, function);
            fitting = Math.Max(fitting, budget / Math.Max(Allocated() - before, 1));
        }

        return (int)Math.Min(fitting, size);

        static long Allocated() => BlockPool.RentedByThread + GC.GetAllocatedBytesForCurrentThread();
    }

    /// <summary>All samples at once; one by one where that cannot be.</summary>
    private Y Together<Y>(Tensor[] batches, int?[] axes, int size, Func<Tensor[], Y> function)
    {
        var interpreter = new VmapInterpreter(size, randomness);
        try
        {
            using var scope = Nesting.Enter(interpreter);
            var result = function(Each(batches, axes, interpreter.Wrap));
            var leaves = Tree.Leaves(result);
            return Tree.Rebuild(result, Array.ConvertAll(leaves, leaf => Out(interpreter.Spread(leaf))));
        }
        catch (LoopNeededException needed) when (ReferenceEquals(needed.Owner, interpreter) && size > 0)
        {
            Autograd.Warn(
                $"vmap: the function runs once for each of {size} samples, because it needs {needed.Reason}. Results are the same; a function " +
                "of operators only, with Tensor.Where instead of if, runs on all samples at once.");
            if (interpreter.HasDrawn)
            {
                throw new TensorException(
                    "vmap: a function that has to run once for each sample cannot give all samples the same random numbers. Draw them before, and " +
                    "pass them as an argument with axis null.");
            }

            return RunOneByOne(batches, axes, size, function);
        }
    }

    /// <summary>Runs a function on one sample after the other; samples lie along the first dimension.</summary>
    public Y RunOneByOne<Y>(Tensor[] batches, int?[] axes, int size, Func<Tensor[], Y> function)
    {
        Y last = default!;
        var parts = new List<Tensor[]>();
        for (var i = 0; i < size; i++)
        {
            last = function(Each(batches, axes, batch => batch.Select(0, i)));
            parts.Add(Tree.Leaves(last));
        }

        return Tree.Rebuild(last, Joined(parts, pieces => Out(Tensor.Stack(pieces))));
    }

    private Tensor Out(Tensor batch)
    {
        if (outAxis < -batch.Rank || outAxis >= batch.Rank)
        {
            throw new TensorIndexException(
                $"Dimension out of range (expected to be in range of [{-batch.Rank}, {batch.Rank - 1}], but got {outAxis}). It is where Vmap " +
                "should put the samples of a result.");
        }

        return outAxis == 0 ? batch : batch.Movedim(0, outAxis);
    }

    private static Tensor[] Each(Tensor[] batches, int?[] axes, Func<Tensor, Tensor> change)
    {
        var changed = new Tensor[batches.Length];
        for (var i = 0; i < changed.Length; i++)
        {
            changed[i] = axes[i] is null ? batches[i] : change(batches[i]);
        }

        return changed;
    }

    private static Tensor[] Joined(List<Tensor[]> parts, Func<Tensor[], Tensor> join)
    {
        var joined = new Tensor[parts[0].Length];
        for (var i = 0; i < joined.Length; i++)
        {
            var leaf = i;
            joined[i] = join([.. parts.Select(part => part[leaf])]);
        }

        return joined;
    }

    private static (Tensor[] Batches, int Size) InFront(Tensor[] leaves, int?[] axes)
    {
        var batches = (Tensor[])leaves.Clone();
        var size = -1;
        for (var i = 0; i < leaves.Length; i++)
        {
            if (axes[i] is not { } axis)
            {
                continue;
            }

            var rank = leaves[i].Rank;
            if (axis < -rank || axis >= rank)
            {
                throw new TensorIndexException(
                    $"vmap: Got in_dim={axis} for an input, but that input is a Tensor of dimensionality {rank} so expected in_dim to satisfy " +
                    $"-{rank} <= in_dim < {rank}. It is tensor {i} of the arguments, of shape {Shape.Text(leaves[i].Layout.Sizes)}.");
            }

            batches[i] = leaves[i].Movedim(axis, 0);
            var own = batches[i].Layout.Sizes[0];
            if (size >= 0 && own != size)
            {
                var sizes = leaves.Zip(axes).Where(pair => pair.Second is not null)
                    .Select(pair => pair.First.Layout.Sizes[pair.First.Layout.Dim(pair.Second!.Value)]);
                throw new ShapeException(
                    $"vmap: Expected all tensors to have the same size in the mapped dimension, got sizes [{string.Join(", ", sizes)}] for the " +
                    "mapped dimension");
            }

            size = own;
        }

        return size >= 0
            ? (batches, size)
            : throw new TensorException(
                "vmap: got no tensors to map over. Name a dimension for at least one tensor of the arguments (the default is 0).");
    }
}
