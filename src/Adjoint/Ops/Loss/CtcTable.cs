using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// The loops of <see cref="CtcLoss"/>: forward and backward variables of one sequence after the other, in float64 whatever the dtype.
/// </summary>
internal sealed class CtcTable
{
    private readonly int _times;
    private readonly int _batch;
    private readonly int _classes;
    private readonly int _width;
    private readonly int _blank;
    private readonly double[] _x;
    private readonly long[] _targets;
    private readonly long[] _inputLengths;
    private readonly long[] _targetLengths;
    private readonly DType _dtype;

    /// <summary>Reads log-probabilities [T, N, C], targets [N, S] and both lengths [N].</summary>
    public CtcTable(ReadOnlySpan<Tensor?> inputs, int blank)
    {
        var x = inputs[0]!;
        (_times, _batch, _classes) = (x.Layout.Sizes[0], x.Layout.Sizes[1], x.Layout.Sizes[2]);
        _width = inputs[1]!.Layout.Sizes[1];
        _blank = blank;
        _dtype = x.DType;
        _x = x.Detach().ToArray<double>();
        _targets = inputs[1]!.ToArray<long>();
        _inputLengths = inputs[2]!.ToArray<long>();
        _targetLengths = inputs[3]!.ToArray<long>();
    }

    /// <summary>The loss of each sequence; infinite where no alignment exists.</summary>
    public Tensor Losses()
    {
        var losses = new double[_batch];
        var alpha = new double[_times * States(_width)];
        for (var n = 0; n < _batch; n++)
        {
            losses[n] = -Forward(n, alpha);
        }

        return Op.Convert(Tensor.FromArray(losses, [_batch]), _dtype);
    }

    /// <summary>The gradient of the log-probabilities from that of the losses.</summary>
    public Tensor Gradients(Tensor g, bool zeroInfinity)
    {
        var (gradients, weights) = (new double[_x.Length], g.ToArray<double>());
        var (alpha, beta) = (new double[_times * States(_width)], new double[_times * States(_width)]);
        var shares = new double[_classes];
        for (var n = 0; n < _batch; n++)
        {
            var likelihood = Forward(n, alpha);
            if (zeroInfinity && double.IsNegativeInfinity(likelihood))
            {
                continue;
            }

            Backward(n, beta);
            var states = States((int)_targetLengths[n]);
            for (var t = 0; t < _inputLengths[n]; t++)
            {
                Array.Fill(shares, double.NegativeInfinity);
                for (var s = 0; s < states; s++)
                {
                    ref var share = ref shares[Label(n, s)];
                    share = Sum(share, alpha[(t * states) + s] + beta[(t * states) + s]);
                }

                for (var c = 0; c < _classes; c++)
                {
                    var at = (((t * _batch) + n) * _classes) + c;
                    gradients[at] = (Math.Exp(_x[at]) - Math.Exp(shares[c] - likelihood - _x[at])) * weights[n];
                }
            }
        }

        return Op.Convert(Tensor.FromArray(gradients, [_times, _batch, _classes]), _dtype);
    }

    private static int States(int length) => (2 * length) + 1;

    /// <summary>log(e^x + e^y).</summary>
    private static double Sum(double x, double y)
    {
        var (high, low) = x > y ? (x, y) : (y, x);
        return double.IsNegativeInfinity(low) ? high : high + Math.Log(1 + Math.Exp(low - high));
    }

    private int Label(int n, int state) => state % 2 == 0 ? _blank : (int)_targets[(n * _width) + (state / 2)];

    private bool CanSkip(int n, int state) => state > 1 && Label(n, state) != Label(n, state - 2);

    private double At(int t, int n, int state) => _x[(((t * _batch) + n) * _classes) + Label(n, state)];

    /// <summary>Fills the forward variables and gives the logarithm of the likelihood.</summary>
    private double Forward(int n, double[] alpha)
    {
        var (times, length) = ((int)_inputLengths[n], (int)_targetLengths[n]);
        var states = States(length);
        if (times == 0)
        {
            return length == 0 ? 0 : double.NegativeInfinity;
        }

        for (var s = 0; s < states; s++)
        {
            alpha[s] = s < 2 ? At(0, n, s) : double.NegativeInfinity;
        }

        for (var t = 1; t < times; t++)
        {
            var before = alpha.AsSpan((t - 1) * states, states);
            for (var s = 0; s < states; s++)
            {
                var sum = s > 0 ? Sum(before[s], before[s - 1]) : before[s];
                sum = CanSkip(n, s) ? Sum(sum, before[s - 2]) : sum;
                alpha[(t * states) + s] = sum + At(t, n, s);
            }
        }

        var end = times * states;
        return length == 0 ? alpha[end - 1] : Sum(alpha[end - 1], alpha[end - 2]);
    }

    private void Backward(int n, double[] beta)
    {
        var (times, states) = ((int)_inputLengths[n], States((int)_targetLengths[n]));
        for (var s = 0; s < states && times > 0; s++)
        {
            beta[((times - 1) * states) + s] = s >= states - 2 ? At(times - 1, n, s) : double.NegativeInfinity;
        }

        for (var t = times - 2; t >= 0; t--)
        {
            var after = beta.AsSpan((t + 1) * states, states);
            for (var s = 0; s < states; s++)
            {
                var sum = s + 1 < states ? Sum(after[s], after[s + 1]) : after[s];
                sum = s + 2 < states && CanSkip(n, s + 2) ? Sum(sum, after[s + 2]) : sum;
                beta[(t * states) + s] = sum + At(t, n, s);
            }
        }
    }
}

/// <summary>The arguments of a call of <c>CtcLoss</c>, in the form in which it computes.</summary>
/// <param name="X">Log-probabilities, [T, N, C].</param>
/// <param name="Targets">Labels in int64, [N, S], 0 past the end of each.</param>
/// <param name="InputLengths">Lengths in int64, [N].</param>
/// <param name="TargetLengths">Lengths in int64, [N].</param>
internal readonly record struct CtcArguments(Tensor X, Tensor Targets, Tensor InputLengths, Tensor TargetLengths)
{
    public static CtcArguments Of(Tensor x, Tensor targets, Tensor inputLengths, Tensor targetLengths, int blank)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(inputLengths);
        ArgumentNullException.ThrowIfNull(targetLengths);
        _ = NearOne.Real(x, "ctc_loss_cpu");
        if (x.Rank is not (2 or 3))
        {
            throw new ShapeException(
                $"Expected log_probs of shape [T, N, C] or [T, C], got {Shape.Text(x.Layout.Sizes)}. Times come first, classes last.");
        }

        var single = x.Rank == 2;
        x = single ? x.Unsqueeze(1) : x;
        targets = single && targets.Rank == 1 ? targets.Unsqueeze(0) : targets;
        var (times, batch, classes) = (x.Layout.Sizes[0], x.Layout.Sizes[1], x.Layout.Sizes[2]);
        if (blank < 0 || blank >= classes)
        {
            throw new TensorIndexException($"blank must be in label range. Got {blank}; there are {classes} classes.");
        }

        var inputs = Lengths(inputLengths, batch, "input_lengths");
        var lengths = Lengths(targetLengths, batch, "target_lengths");
        foreach (var length in inputs)
        {
            if (length > times)
            {
                throw new ShapeException(
                    $"Expected input_lengths to have value at most {times}, but got value {length} (while checking arguments for ctc_loss). The " +
                    $"input has {times} times.");
            }
        }

        var labels = Padded(LossTargets.Numbers(targets, long.MinValue, long.MaxValue, "label out of range"), lengths, classes);
        return new(x, labels, Tensor.FromArray(inputs, [batch]), Tensor.FromArray(lengths, [batch]));
    }

    private static long[] Lengths(Tensor lengths, int batch, string name)
    {
        if (lengths.DType.IsFloatingPoint || lengths.DType == DType.Bool)
        {
            throw new DTypeException($"{name} must be integral. Got {lengths.DType.ScalarName}; convert them with To(DType.Int64).");
        }

        if (lengths.Layout.Count != batch)
        {
            throw new ShapeException($"{name} must be of size batch_size. Got {Shape.Text(lengths.Layout.Sizes)} for a batch of {batch}.");
        }

        var values = lengths.To(DType.Int64).ToArray<long>();
        foreach (var value in values)
        {
            if (value < 0)
            {
                throw new ShapeException($"{name} must be non-negative. Got {value}.");
            }
        }

        return values;
    }

    /// <summary>Labels in rows, one for each sequence.</summary>
    private static Tensor Padded(Tensor targets, long[] lengths, int classes)
    {
        var longest = lengths.Length == 0 ? 0 : lengths.Max();
        var total = lengths.Sum();
        if (targets.Rank == 2)
        {
            if (targets.Layout.Sizes[0] != lengths.Length || targets.Layout.Sizes[1] < longest)
            {
                throw new ShapeException(
                    $"Expected tensor to have size at least {longest} at dimension 1, but got size {targets.Layout.Sizes[1]} for argument #2 " +
                    $"'targets' (while checking arguments for ctc_loss). Targets have shape {Shape.Text(targets.Layout.Sizes)}, for " +
                    $"{lengths.Length} sequences.");
            }

            if (targets.IsStandIn)
            {
                return targets;
            }
        }
        else if (targets.Rank != 1 || targets.Layout.Count != total)
        {
            throw new ShapeException(
                $"Expected tensor to have size {total} at dimension 0, but got size {(targets.Rank == 0 ? 1 : targets.Layout.Sizes[0])} for " +
                $"argument #2 'targets' (while checking arguments for ctc_loss). Targets are [N, S], or all labels one after another.");
        }

        var numbers = targets.ToArray<long>();
        var rows = new long[lengths.Length * longest];
        long from = 0;
        for (var n = 0; n < lengths.Length; n++)
        {
            for (var i = 0; i < lengths[n]; i++)
            {
                var number = numbers[from + i];
                rows[(n * longest) + i] = number >= 0 && number < classes
                    ? number
                    : throw new TensorIndexException($"label {number} is out of range. There are {classes} classes, from 0 on.");
            }

            from += targets.Rank == 2 ? targets.Layout.Sizes[1] : lengths[n];
        }

        return Tensor.FromArray(rows, [lengths.Length, checked((int)longest)]);
    }
}
