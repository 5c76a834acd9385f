namespace Adjoint.NN;

/// <summary>
/// A softmax over many classes, of which rare ones are found in two steps (<c>torch.nn.AdaptiveLogSoftmaxWithLoss</c>; Grave and others, "Efficient
/// softmax approximation for GPUs", 2017). Classes are sorted by how often they come: the head knows the first ones and a cluster for each group of
/// others, which have a smaller projection each.
/// </summary>
public sealed class AdaptiveLogSoftmaxWithLoss : Module
{
    private readonly int[] _cutoffs;
    private readonly ModuleList<Sequential> _tail;

    /// <summary>Makes the module with PyTorch's first values.</summary>
    /// <param name="inFeatures">The features of inputs.</param>
    /// <param name="nClasses">How many classes there are.</param>
    /// <param name="cutoffs">Where clusters begin: rising, from 1 to nClasses - 1.</param>
    /// <param name="divValue">By how much the projection of each cluster is smaller than that of the one before.</param>
    /// <param name="headBias">Whether the head has a bias.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of the first values; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentException">The cutoffs are none, not rising, or out of range.</exception>
    public AdaptiveLogSoftmaxWithLoss(
        int inFeatures,
        int nClasses,
        ReadOnlySpan<int> cutoffs,
        double divValue = 4,
        bool headBias = false,
        DType? dtype = null,
        Generator? generator = null)
    {
        Limits.ThrowIfNegative(inFeatures);
        if (cutoffs.Length == 0)
        {
            throw new ArgumentException("cutoffs should be a sequence of length larger than 0", nameof(cutoffs));
        }

        for (var i = 0; i < cutoffs.Length; i++)
        {
            if (cutoffs[i] <= (i == 0 ? 0 : cutoffs[i - 1]) || cutoffs[i] > nClasses - 1)
            {
                throw new ArgumentException(
                    "cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each value is between 1 and " +
                    "n_classes-1", nameof(cutoffs));
            }
        }

        if (!(divValue > 0))
        {
            throw new ArgumentException("div_value should be positive", nameof(divValue));
        }

        (InFeatures, Classes, DivValue) = (inFeatures, nClasses, divValue);
        _cutoffs = [.. cutoffs, nClasses];
        Head = Child("head", new Linear(inFeatures, _cutoffs[0] + cutoffs.Length, headBias, dtype, generator));
        _tail = Child("tail", new ModuleList<Sequential>());
        for (var i = 0; i < cutoffs.Length; i++)
        {
            var hidden = (int)(inFeatures / Math.Pow(divValue, i + 1));
            _tail.Add(new Sequential(
                new Linear(inFeatures, hidden, bias: false, dtype, generator),
                new Linear(hidden, _cutoffs[i + 1] - _cutoffs[i], bias: false, dtype, generator)));
        }
    }

    /// <summary>The features of inputs.</summary>
    public int InFeatures { get; }

    /// <summary>How many classes there are.</summary>
    public int Classes { get; }

    /// <summary>By how much the projection of each cluster is smaller than that of the one before.</summary>
    public double DivValue { get; }

    /// <summary>The scores of the frequent classes, and then of the clusters.</summary>
    public Linear Head { get; }

    /// <summary>The log-probability of each target, and the mean of their negatives: the loss.</summary>
    /// <param name="x">Of shape [N, features], or [features].</param>
    /// <param name="target">int64 class numbers of shape [N], or [].</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="TensorIndexException">A target is no class.</exception>
    public (Tensor Output, Tensor Loss) Forward(Tensor x, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(target);
        if (x.Rank is not (1 or 2) || target.Rank != x.Rank - 1 || (x.Rank == 2 && x.Shape[0] != target.Shape[0]))
        {
            throw new ShapeException($"Input and target should have the same size in the batch dimension; they have {x.Shape} and {target.Shape}.");
        }

        var rows = x.Rank == 1 ? x.Unsqueeze(0) : x;
        var classes = (target.Rank == 0 ? target.Unsqueeze(0) : target).To(DType.Int64).ToArray<long>();
        var head = Head.Call(rows).LogSoftmax(1);
        var output = Tensor.Zeros([rows.Shape[0]], rows.DType);
        for (var cluster = 0; cluster < _cutoffs.Length; cluster++)
        {
            var (low, high) = (cluster == 0 ? 0 : _cutoffs[cluster - 1], _cutoffs[cluster]);
            long[] places = [.. Enumerable.Range(0, classes.Length).Where(i => classes[i] >= low && classes[i] < high).Select(i => (long)i)];
            if (places.Length == 0)
            {
                continue;
            }

            var at = Tensor.FromArray(places);
            var own = head.IndexSelect(0, at);
            var relative = Tensor.FromArray(Array.ConvertAll(places, place => classes[place] - low)).Unsqueeze(1);
            var found = cluster == 0
                ? own.Gather(1, relative)
                : _tail[cluster - 1].Call(rows.IndexSelect(0, at)).LogSoftmax(1).Gather(1, relative)
                    + own.Narrow(1, _cutoffs[0] + cluster - 1, 1);
            output = output.IndexAdd(0, at, found.Squeeze(1));
        }

        if (Array.Exists(classes, label => label < 0 || label >= Classes))
        {
            throw new TensorIndexException(
                $"Target values should be in [0, {Classes - 1}], but values in range [{classes.Min()}, {classes.Max()}] were found. ");
        }

        output = target.Rank == 0 ? output.Squeeze(0) : output;
        return (output, (-output).Mean());
    }

    /// <summary>The log-probabilities of all classes (<c>log_prob</c>).</summary>
    /// <param name="x">Of shape [N, features].</param>
    /// <returns>Of shape [N, classes].</returns>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public Tensor LogProb(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank != 2)
        {
            throw new ShapeException($"LogProb takes rows of shape [N, {InFeatures}], and this has shape {x.Shape}.");
        }

        var head = Head.Call(x).LogSoftmax(1);
        var parts = new Tensor[_cutoffs.Length];
        parts[0] = head.Narrow(1, 0, _cutoffs[0]);
        for (var cluster = 1; cluster < parts.Length; cluster++)
        {
            parts[cluster] = _tail[cluster - 1].Call(x).LogSoftmax(1) + head.Narrow(1, _cutoffs[0] + cluster - 1, 1);
        }

        return Tensor.Cat(parts, 1);
    }

    /// <summary>The most probable class of each row (<c>predict</c>).</summary>
    /// <param name="x">Of shape [N, features].</param>
    /// <returns>int64 class numbers of shape [N].</returns>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public Tensor Predict(Tensor x)
    {
        using (Autograd.NoGrad())
        {
            return LogProb(x).Argmax(1);
        }
    }
}
