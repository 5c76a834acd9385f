namespace Adjoint.NN;

/// <summary>A measure of a model's results that is gathered batch by batch.</summary>
public interface IMetric
{
    /// <summary>What reports call it.</summary>
    string Name { get; }

    /// <summary>Forgets what was gathered.</summary>
    void Reset();

    /// <summary>Takes the results of a batch.</summary>
    /// <param name="output">What the model gave.</param>
    /// <param name="target">What was right.</param>
    void Update(Tensor output, Tensor target);

    /// <summary>The measure of all results so far; NaN if there are none.</summary>
    double Compute();
}

/// <summary>
/// How often each class was taken for each: the rows are the right ones. Results are scores of the classes along dimension 1, or, of one dimension
/// fewer
/// than that, logits of the second of two classes; targets are numbers of classes.
/// </summary>
public sealed class ConfusionMatrix
{
    private readonly Dictionary<(long Target, long Output), long> _counts = [];

    /// <summary>How many results were taken.</summary>
    public long Count { get; private set; }

    /// <summary>How many were right.</summary>
    public long Hits { get; private set; }

    /// <summary>How often a class was taken for one.</summary>
    /// <param name="target">The right class.</param>
    /// <param name="output">The class that was found.</param>
    public long this[long target, long output] => _counts.GetValueOrDefault((target, output));

    /// <summary>All classes that were right or found, rising.</summary>
    public IReadOnlyList<long> Classes =>
        [.. _counts.Keys.SelectMany<(long Target, long Output), long>(key => [key.Target, key.Output]).Distinct().Order()];

    /// <summary>Forgets all.</summary>
    public void Reset()
    {
        _counts.Clear();
        (Count, Hits) = (0, 0);
    }

    /// <summary>Takes the results of a batch.</summary>
    /// <param name="output">Scores or logits.</param>
    /// <param name="target">Classes.</param>
    /// <exception cref="ShapeException">The shapes do not fit; nothing was taken then.</exception>
    public void Update(Tensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        output = output.Detach();
        var found = output.Rank > target.Rank
            ? output.Argmax(1).ToArray<long>()
            : Array.ConvertAll(output.ToArray<double>(), logit => logit > 0 ? 1L : 0);
        var right = target.To(DType.Int64).ToArray<long>();
        if (found.Length != right.Length)
        {
            throw new ShapeException(
                $"Expected a class for each result, and there are {target.Shape} classes for scores of {output.Shape}. Scores of classes lie along " +
                "dimension 1; logits of two classes have the shape of the targets.");
        }

        for (var i = 0; i < right.Length; i++)
        {
            var key = (right[i], found[i]);
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
            Hits += right[i] == found[i] ? 1 : 0;
        }

        Count += right.Length;
    }

    /// <summary>Precision, recall and F1 of a class; 0 where a quotient is 0 by 0.</summary>
    /// <param name="of">The class.</param>
    public (double Precision, double Recall, double F1) Scores(long of)
    {
        var hits = this[of, of];
        var found = _counts.Where(pair => pair.Key.Output == of).Sum(pair => pair.Value);
        var right = _counts.Where(pair => pair.Key.Target == of).Sum(pair => pair.Value);
        return (Part(hits, found), Part(hits, right), Part(2 * hits, found + right));

        static double Part(long part, long all) => all == 0 ? 0 : (double)part / all;
    }
}

/// <summary>The part of results that were right.</summary>
public sealed class Accuracy : IMetric
{
    /// <inheritdoc/>
    public string Name => "accuracy";

    /// <summary>What was taken for what.</summary>
    public ConfusionMatrix Matrix { get; } = new();

    /// <inheritdoc/>
    public void Reset() => Matrix.Reset();

    /// <inheritdoc/>
    public void Update(Tensor output, Tensor target) => Matrix.Update(output, target);

    /// <inheritdoc/>
    public double Compute() => Matrix.Count == 0 ? double.NaN : (double)Matrix.Hits / Matrix.Count;
}

/// <summary>The harmonic mean of precision and recall: of a class, or the mean over all classes (macro F1).</summary>
/// <param name="of">The class; null for the mean.</param>
public sealed class F1Score(long? of = null) : IMetric
{
    private readonly ConfusionMatrix _matrix = new();

    /// <inheritdoc/>
    public string Name => "f1";

    /// <inheritdoc/>
    public void Reset() => _matrix.Reset();

    /// <inheritdoc/>
    public void Update(Tensor output, Tensor target) => _matrix.Update(output, target);

    /// <inheritdoc/>
    public double Compute() => _matrix.Count == 0 ? double.NaN
        : of is { } one ? _matrix.Scores(one).F1 : _matrix.Classes.Average(each => _matrix.Scores(each).F1);
}

/// <summary>The chance that a positive has a higher score than a negative: the area under the receiver's operating characteristic.</summary>
public sealed class AreaUnderCurve : IMetric
{
    private readonly List<(double Score, bool IsPositive)> _results = [];

    /// <inheritdoc/>
    public string Name => "auc";

    /// <inheritdoc/>
    public void Reset() => _results.Clear();

    /// <inheritdoc/>
    public void Update(Tensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        if (output.Count != target.Count)
        {
            throw new ShapeException($"Expected a target for each score, and there are {target.Shape} targets for scores of {output.Shape}.");
        }

        _results.AddRange(output.Detach().ToArray<double>().Zip(target.ToArray<double>(), (score, right) => (score, right > 0.5)));
    }

    /// <summary>By ranks (Mann and Whitney); equal scores share theirs.</summary>
    public double Compute()
    {
        double positives = _results.Count(result => result.IsPositive), ranks = 0, below = 0;
        foreach (var tied in _results.GroupBy(result => result.Score).OrderBy(group => group.Key))
        {
            double count = tied.Count();
            ranks += tied.Count(result => result.IsPositive) * (below + ((count + 1) / 2));
            below += count;
        }

        return (ranks - (positives * (positives + 1) / 2)) / (positives * (_results.Count - positives));
    }
}

/// <summary>
/// How many choices a model of sequences is in doubt between: e to the mean of -log of the probability that it gave to what came (Jelinek and others,
/// "Perplexity - a measure of the difficulty of speech recognition tasks", 1977). It is the number of classes if nothing is known, and 1 at best.
/// </summary>
/// <param name="ignoreIndex">Targets of this number do not count, such as those behind the end of a sequence.</param>
public sealed class Perplexity(long ignoreIndex = -100) : IMetric
{
    private double _sum;
    private long _count;

    /// <inheritdoc/>
    public string Name => "perplexity";

    /// <inheritdoc/>
    public void Reset() => (_sum, _count) = (0, 0);

    /// <summary>Takes the results of a batch.</summary>
    /// <param name="output">Logits, with the classes along dimension 1, as <see cref="CrossEntropyLoss"/> takes them.</param>
    /// <param name="target">The numbers of the right classes.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public void Update(Tensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        using (Autograd.NoGrad())
        {
            _sum += output.To(DType.Float64).CrossEntropy(target, ignoreIndex: ignoreIndex, reduction: LossReduction.Sum).Item();
            _count += target.Ne(ignoreIndex).Sum().Item<long>();
        }
    }

    /// <inheritdoc/>
    public double Compute() => _count == 0 ? double.NaN : Math.Exp(_sum / _count);
}

/// <summary>What measures of numbers are made of: sums over all elements.</summary>
public abstract class RegressionMetric : IMetric
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    private protected long Count { get; private set; }

    private protected double Errors { get; private set; }

    private protected double Squares { get; private set; }

    private protected double Targets { get; private set; }

    private protected double TargetSquares { get; private set; }

    /// <inheritdoc/>
    public void Reset() => (Count, Errors, Squares, Targets, TargetSquares) = (0, 0, 0, 0, 0);

    /// <inheritdoc/>
    public void Update(Tensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        if (!output.Shape.Equals(target.Shape))
        {
            throw new ShapeException($"{Name} takes results and targets of one shape, and these have {output.Shape} and {target.Shape}.");
        }

        foreach (var (found, right) in output.Detach().ToArray<double>().Zip(target.ToArray<double>()))
        {
            Count++;
            Errors += Math.Abs(found - right);
            Squares += (found - right) * (found - right);
            Targets += right;
            TargetSquares += right * right;
        }
    }

    /// <inheritdoc/>
    public abstract double Compute();
}

/// <summary>The mean size of errors.</summary>
public sealed class MeanAbsoluteError : RegressionMetric
{
    /// <inheritdoc/>
    public override string Name => "mae";

    /// <inheritdoc/>
    public override double Compute() => Errors / Count;
}

/// <summary>The mean of squared errors.</summary>
public sealed class MeanSquaredError : RegressionMetric
{
    /// <inheritdoc/>
    public override string Name => "mse";

    /// <inheritdoc/>
    public override double Compute() => Squares / Count;
}

/// <summary>Which part of the targets' variance the results explain: 1 - squared errors / squared differences from the mean.</summary>
public sealed class R2Score : RegressionMetric
{
    /// <inheritdoc/>
    public override string Name => "r2";

    /// <inheritdoc/>
    public override double Compute() => 1 - (Squares / (TargetSquares - (Targets * Targets / Count)));
}
