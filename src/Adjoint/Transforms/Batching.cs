using Adjoint.Interpreters;
using Adjoint.Kernels;
using Adjoint.Memory;

namespace Adjoint.Transforms;

/// <summary>One call of a batched function: slices into chunks, runs all samples at once or one by one, and puts results together.</summary>
internal sealed class Batching(Axes outAxes, Randomness randomness, int? chunkSize, long? maxBytes = null)
{
    private bool IsDifferent => randomness == Randomness.Different;

    /// <summary>Runs a function of one sample on all.</summary>
    /// <param name="leaves">The tensors of the arguments.</param>
    /// <param name="axes">Which dimension of each counts samples; null where it is the same for all.</param>
    /// <param name="function">The function of the tensors of one sample.</param>
    public Y Run<Y>(Tensor[] leaves, int?[] axes, Func<Tensor[], Y> function)
    {
        var (batches, size) = InFront(leaves, axes);
        if (chunkSize is <= 0)
        {
            throw new TensorException($"vmap: chunk_size should be None or greater than 0. (got {chunkSize})");
        }

        if (chunkSize is { } step ? size <= step : maxBytes is null || size <= 1)
        {
            return Together(batches, axes, size, function);
        }

        var run = new Chunks<Y>(this, batches, axes, size, function);
        return run.All(chunkSize, maxBytes ?? long.MaxValue);
    }

    /// <summary>Runs a function on one sample after the other, which share random numbers; samples lie along the first dimension.</summary>
    public Y RunOneByOne<Y>(Tensor[] batches, int?[] axes, int size, Func<Tensor[], Y> function)
    {
        Y last = default!;
        var parts = new List<Tensor[]>();
        var drawn = new DrawnGenerators();
        using var notes = drawn.Begin();
        for (var i = 0; i < size; i++)
        {
            drawn.Rewind();
            last = function(Each(batches, axes, batch => batch.Select(0, i)));
            parts.Add(Tree.Leaves(last));
        }

        return Tree.Rebuild(last, Stacked(parts));
    }

    /// <summary>All samples at once; one by one from where that cannot be.</summary>
    private Y Together<Y>(Tensor[] batches, int?[] axes, int size, Func<Tensor[], Y> function)
    {
        var drawn = new DrawnGenerators();
        using var notes = randomness == Randomness.Same ? drawn.Begin() : default;
        var interpreter = new VmapInterpreter(size, randomness);
        var parts = new List<Tensor[]>();
        Y result = default!;
        try
        {
            using var scope = Nesting.Enter(interpreter);
            result = function(Each(batches, axes, interpreter.Wrap));
            var leaves = Tree.Leaves(result);
            if (!interpreter.IsSingle)
            {
                return Tree.Rebuild(result, Outside(interpreter, leaves));
            }

            parts.Add(leaves);
        }
        catch (LoopNeededException needed) when (ReferenceEquals(needed.Owner, interpreter))
        {
            // The first sample runs again, on tensors of its own from the start.
        }

        for (var i = parts.Count; i < size; i++)
        {
            drawn.Rewind();
            var single = new VmapInterpreter(size, randomness, isSingle: true);
            using var scope = Nesting.Enter(single);

            // A copy, because the function may change it in place.
            result = function(Each(batches, axes, batch => batch.Select(0, i).Clone()));
            parts.Add(Tree.Leaves(result));
        }

        return Tree.Rebuild(result, Stacked(parts));
    }

    private int?[] AxesOf(Tensor[] results) => outAxes.For(results.Length, "out_dims", "result");

    /// <summary>Results of all samples at once as the caller gets them.</summary>
    private Tensor[] Outside(VmapInterpreter interpreter, Tensor[] results)
    {
        var axes = AxesOf(results);
        var outside = new Tensor[results.Length];
        for (var i = 0; i < outside.Length; i++)
        {
            outside[i] = axes[i] is { } axis ? Out(interpreter.Spread(results[i]), axis)
                : interpreter.Of(results[i]) is null ? results[i] : throw IsMapped(i);
        }

        return outside;
    }

    /// <summary>Results of one sample after the other as the caller gets them.</summary>
    private Tensor[] Stacked(List<Tensor[]> parts) => Joined(parts, (pieces, axis) => Out(Tensor.Stack(pieces), axis));

    private static TensorException IsMapped(int result) => new(
        $"vmap has mapped output but out_axes is None: tensor {result} of the result is another for each sample, and outAxis names no dimension " +
        "for the samples. Name one, or return something that does not depend on the sample.");

    private static Tensor Out(Tensor batch, int outAxis)
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

    /// <summary>Results of parts of the samples as those of all.</summary>
    /// <param name="parts">The tensors of each part's result.</param>
    /// <param name="join">Puts together what has its samples along a dimension.</param>
    private Tensor[] Joined(List<Tensor[]> parts, Func<Tensor[], int, Tensor> join)
    {
        if (parts.Find(part => part.Length != parts[0].Length) is { } other)
        {
            throw new AutogradException(
                $"vmap: the function returned {parts[0].Length} tensors for some samples and {other.Length} for others. It runs for a part of the " +
                "samples at a time, and has to return a result of the same structure each time.");
        }

        var axes = AxesOf(parts[0]);
        var joined = new Tensor[parts[0].Length];
        for (var i = 0; i < joined.Length; i++)
        {
            Tensor[] pieces = [.. parts.Select(part => part[i])];
            joined[i] = axes[i] is { } axis ? join(pieces, axis)
                : Array.TrueForAll(pieces, piece => IsSame(piece, pieces[0])) ? pieces[0] : throw IsMapped(i);
        }

        return joined;
    }

    /// <summary>Whether two parts of the samples gave the same. What a transform outside follows is taken at the function's word.</summary>
    private static bool IsSame(Tensor x, Tensor y) =>
        ReferenceEquals(x, y) || x.IsStandIn || y.IsStandIn
        || (x.Layout.SameSizes(y.Layout) && x.DType == y.DType
            && x.Detach().ToArray<double>().AsSpan().SequenceEqual(y.Detach().ToArray<double>()));

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
                    $"-{rank} <= in_dim < {rank}. It is tensor {i} of the arguments, of shape {Shape.Text(leaves[i].Layout.Sizes)}." +
                    " inAxes names another dimension, and Axes.None hands an argument over as it is.");
            }

            batches[i] = leaves[i].Movedim(axis, 0);
            var own = batches[i].Layout.Sizes[0];
            if (size >= 0 && own != size)
            {
                // Those behind this one may not have the dimension that is asked for.
                var sizes = leaves.Zip(axes).Take(i + 1).Where(pair => pair.Second is not null)
                    .Select(pair => pair.First.Layout.Sizes[pair.First.Layout.Dim(pair.Second!.Value)]);
                throw new ShapeException(
                    $"vmap: Expected all tensors to have the same size in the mapped dimension, got sizes [{string.Join(", ", sizes)}] for the " +
                    "mapped dimension. inAxes says which dimension of each argument is mapped; Axes.None hands one over as it is.");
            }

            size = own;
        }

        return size >= 0
            ? (batches, size)
            : throw new TensorException(
                "vmap: got no tensors to map over. Name a dimension for at least one tensor of the arguments (the default is 0).");
    }

    /// <summary>A run in chunks.</summary>
    private sealed class Chunks<Y>(Batching batching, Tensor[] batches, int?[] axes, int size, Func<Tensor[], Y> function)
    {
        private readonly List<Tensor[]> _parts = [];
        private readonly DrawnGenerators _drawn = new();
        private Y _last = default!;
        private int _start;

        /// <summary>All samples.</summary>
        /// <param name="step">How many at once; null to judge by what one takes.</param>
        /// <param name="budget">What may be allocated at once, where that is judged by.</param>
        public Y All(int? step, long budget)
        {
            using var notes = batching.IsDifferent ? default : _drawn.Begin();
            for (var count = step ?? Fitting(budget); _start < size;)
            {
                Next(Math.Min(count, size - _start));
            }

            return Tree.Rebuild(_last, batching.Joined(_parts, (pieces, axis) => pieces.Length == 1 ? pieces[0] : Tensor.Cat(pieces, axis)));
        }

        /// <summary>
        /// How many samples fit a budget, judged by what one takes. A first call also makes what the runtime and the function make only once, so the
        /// second one is asked where the first would not let all samples through. What is run for this is kept, except where samples draw other
        /// numbers than others: then it is as if it had not been.
        /// </summary>
        private int Fitting(long budget)
        {
            var fitting = 1L;
            for (var attempt = 0; attempt < 2 && fitting < size && _start < size; attempt++)
            {
                var trial = new DrawnGenerators();
                using var notes = batching.IsDifferent ? trial.Begin() : default;
                var before = Allocated();
                Next(1);
                fitting = Math.Max(fitting, budget / Math.Max(Allocated() - before, 1));
                if (batching.IsDifferent)
                {
                    trial.Rewind();
                    _parts.Clear();
                    _start = 0;
                }
            }

            return (int)Math.Min(fitting, size);

            static long Allocated() => BlockPool.RentedByThread + GC.GetAllocatedBytesForCurrentThread();
        }

        private void Next(int count)
        {
            var (start, end) = (_start, _start + count);
            _drawn.Rewind();
            _last = batching.Together(Each(batches, axes, batch => batch.Slice(0, start, end)), axes, count, function);
            _parts.Add(Tree.Leaves(_last));
            _start = end;
        }
    }
}
