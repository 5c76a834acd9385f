using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// The negative log-likelihood of label sequences, summed over all their alignments with a longer sequence of log-probabilities (A. Graves and
/// others, "Connectionist temporal classification", 2006).
/// <para>
/// A label sequence of length L is read as 2 L + 1 states: blanks around and between its labels. alpha[t, s] is the logarithm of the sum over all
/// ways to be in state s at time t; a state is reached from itself, from the one before, and, where two neighbouring labels differ, from the label
/// before that. beta is the same from the end. The gradient is PyTorch's: it takes the log-probabilities for a log-softmax, so exp(x) stands beside
/// the posterior; through a log-softmax that is the exact gradient, and of anything else it is not.
/// </para>
/// <para>
/// The loops are in <see cref="CtcTable"/>; here is the same in operators, for transforms and for derivatives of derivatives. There the logarithm
/// of 0 is a number so low that nothing is left of its exponential, and so small that sums of it are finite.
/// </para>
/// </summary>
/// <param name="Blank">The number of the blank.</param>
/// <param name="ZeroInfinity">Where no alignment exists, the gradient is 0.</param>
internal readonly record struct CtcLoss(int Blank, bool ZeroInfinity) : IFused
{
    private const double Low = -1e30;

    public int Differentiable => 1;

    public Reads Reads(Places wanted) => wanted[0] ? new Reads(Places.Of(0, 1, 2, 3)) : default;

    public TensorType Infer(TensorType?[] inputs) => inputs[0]!.Value.With(inputs[0]!.Value.Layout.Sizes[1]);

    public Tensor Compose(Tensor?[] inputs)
    {
        var states = States(inputs[0]!, inputs[1]!, inputs[3]!);
        var total = Total(Alphas(states, inputs[2]!), states, inputs[2]!, inputs[3]!);
        var loss = Tensor.Where(total.Lt(Low / 2), Tensor.Scalar(double.PositiveInfinity).To(total.DType), -total);
        var mass = inputs[0]!.Exp().MaskedFill(IsPast(inputs[0]!, inputs[2]!).Unsqueeze(2), 0).Sum([0, 2]);
        return loss + (mass - mass.Detach());
    }

    public Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        made = [];
        return new CtcTable(inputs, Blank).Losses();
    }

    public Tensor?[] PullFused(Tensor g, in Remembered saved) =>
        [saved.Wanted[0] ? new CtcTable(saved.Inputs, Blank).Gradients(g, ZeroInfinity) : null];

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        if (!saved.Wanted[0])
        {
            return [null];
        }

        var (x, inputLengths, targetLengths) = (saved.Inputs[0]!, saved.Inputs[2]!, saved.Inputs[3]!);
        var states = States(x, saved.Inputs[1]!, targetLengths);
        var alphas = Alphas(states, inputLengths);
        var total = Total(alphas, states, inputLengths, targetLengths).Unsqueeze(1);
        var isImpossible = total.Lt(Low / 2);
        var likelihood = total.MaskedFill(isImpossible, 0);
        var posteriors = new Tensor[alphas.Length];
        var betas = Betas(states, inputLengths, targetLengths);
        for (var t = 0; t < alphas.Length; t++)
        {
            posteriors[t] = (alphas[t] + betas[t] - states.Emitted[t] - likelihood).Exp();
        }

        var sizes = x.Layout.Sizes;
        if (posteriors.Length == 0)
        {
            return [Tensor.ZerosLike(x)];
        }

        var positions = states.Labels.Unsqueeze(0).Expand([sizes[0], .. states.Labels.Layout.Sizes]);
        var shares = x.Exp() - Op.Indexed(new PutAlong(2, sizes, AlongCall.Gather), Tensor.Stack(posteriors, 0), positions);
        shares = shares.MaskedFill(isImpossible, ZeroInfinity ? 0 : double.NaN).MaskedFill(IsPast(x, inputLengths).Unsqueeze(2), 0);
        return [shares * g.Unsqueeze(1)];
    }

    /// <summary>Which times are past the end of each sequence, [T, N].</summary>
    private static Tensor IsPast(Tensor x, Tensor inputLengths) => Tensor.Arange(x.Layout.Sizes[0]).Unsqueeze(1) >= inputLengths;

    /// <summary>The states of each sequence, and what it costs to be in each at each time.</summary>
    private StateTable States(Tensor x, Tensor targets, Tensor targetLengths)
    {
        var (times, batch, length) = (x.Layout.Sizes[0], x.Layout.Sizes[1], targets.Layout.Sizes[1]);
        var blanks = Tensor.Full([batch, length], (long)Blank, DType.Int64);
        var pairs = Tensor.Stack([blanks, targets], 2).Reshape(batch, 2 * length);
        var labels = Tensor.Cat([pairs, Tensor.Full([batch, 1], (long)Blank, DType.Int64)], 1);
        var exists = Tensor.Arange((2 * length) + 1) <= (targetLengths * 2).Unsqueeze(1);
        labels = labels.MaskedFill(!exists, (long)Blank);
        var canSkip = length == 0
            ? Tensor.Zeros([batch, 1], DType.Bool)
            : Tensor.Cat([Tensor.Zeros([batch, 2], DType.Bool), labels.Slice(1, 2).Ne(labels.Slice(1, 0, -2))], 1);
        var emitted = x.Gather(2, labels.Unsqueeze(0).Expand(times, batch, (2 * length) + 1)).Clamp(min: Low);
        return new(labels, exists, canSkip, times == 0 ? [] : emitted.Unbind(0));
    }

    private static Tensor[] Alphas(StateTable states, Tensor inputLengths)
    {
        var alphas = new Tensor[states.Emitted.Length];
        if (alphas.Length == 0)
        {
            return alphas;
        }

        var width = states.Labels.Layout.Sizes[1];
        var isFirst = Tensor.Arange(width) < 2;
        var none = Tensor.Full([1], Low, states.Emitted[0].DType);
        alphas[0] = Tensor.Where(isFirst & states.Exists, states.Emitted[0], none);
        for (var t = 1; t < alphas.Length; t++)
        {
            var before = alphas[t - 1];
            Tensor[] ways = [before, Shifted(before, 1), Tensor.Where(states.CanSkip, Shifted(before, 2), none)];
            var next = Tensor.Stack(ways, 0).LogSumExp(0) + states.Emitted[t];
            alphas[t] = Tensor.Where((inputLengths > t).Unsqueeze(1), Tensor.Where(states.Exists, next, none), before);
        }

        return alphas;
    }

    private static Tensor[] Betas(StateTable states, Tensor inputLengths, Tensor targetLengths)
    {
        var betas = new Tensor[states.Emitted.Length];
        if (betas.Length == 0)
        {
            return betas;
        }

        var width = states.Labels.Layout.Sizes[1];
        var none = Tensor.Full([1], Low, states.Emitted[0].DType);
        var last = (targetLengths * 2).Unsqueeze(1);
        var isLast = Tensor.Arange(width).Eq(last) | Tensor.Arange(width).Eq(last - 1);
        var skipTo = width < 3
            ? states.CanSkip
            : Tensor.Cat([states.CanSkip.Slice(1, 2), Tensor.Zeros([states.Labels.Layout.Sizes[0], 2], DType.Bool)], 1);
        for (var t = betas.Length - 1; t >= 0; t--)
        {
            var end = Tensor.Where(isLast, states.Emitted[t], none);
            if (t == betas.Length - 1)
            {
                betas[t] = Tensor.Where(inputLengths.Eq(t + 1).Unsqueeze(1), end, none);
                continue;
            }

            var after = betas[t + 1];
            Tensor[] ways = [after, Shifted(after, -1), Tensor.Where(skipTo, Shifted(after, -2), none)];
            var next = Tensor.Where(states.Exists, Tensor.Stack(ways, 0).LogSumExp(0) + states.Emitted[t], none);
            betas[t] = Tensor.Where(inputLengths.Eq(t + 1).Unsqueeze(1), end, Tensor.Where((inputLengths > t).Unsqueeze(1), next, none));
        }

        return betas;
    }

    /// <summary>The logarithm of the sum over all ways to end in one of the last two states.</summary>
    private static Tensor Total(Tensor[] alphas, StateTable states, Tensor inputLengths, Tensor targetLengths)
    {
        var isEmpty = targetLengths.Eq(0);
        var dtype = alphas.Length > 0 ? alphas[0].DType : DType.Float64;
        var nothing = Tensor.Where(isEmpty, Tensor.Scalar(0.0).To(dtype), Tensor.Scalar(Low).To(dtype));
        if (alphas.Length == 0)
        {
            return nothing;
        }

        var last = (targetLengths * 2).Unsqueeze(1);
        var blank = alphas[^1].Gather(1, last).Squeeze(1);
        var label = alphas[^1].Gather(1, (last - 1).Clamp(min: 0)).Squeeze(1).MaskedFill(isEmpty, Low);
        return Tensor.Where(inputLengths.Eq(0), nothing, Tensor.Stack([blank, label], 0).LogSumExp(0));
    }

    /// <summary>Moved to later states, or to earlier ones.</summary>
    private static Tensor Shifted(Tensor x, int by)
    {
        var (rows, width) = (x.Layout.Sizes[0], x.Layout.Sizes[1]);
        var count = Math.Min(Math.Abs(by), width);
        var none = Tensor.Full([rows, count], Low, x.DType);
        return by > 0 ? Tensor.Cat([none, x.Narrow(1, 0, width - count)], 1) : Tensor.Cat([x.Narrow(1, count, width - count), none], 1);
    }

    /// <summary>The states of each sequence.</summary>
    /// <param name="Labels">What is emitted in each state, [N, 2 S + 1].</param>
    /// <param name="Exists">Whether the sequence is long enough to have it.</param>
    /// <param name="CanSkip">Whether the blank before it may be left out.</param>
    /// <param name="Emitted">The log-probability of what is emitted, for each time.</param>
    private readonly record struct StateTable(Tensor Labels, Tensor Exists, Tensor CanSkip, Tensor[] Emitted);
}

/// <content>The loss of sequences without alignment.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The negative log-likelihood of label sequences, summed over all alignments (<c>torch.nn.functional.ctc_loss</c>). This tensor holds
    /// log-probabilities, from a log-softmax over the last dimension: [T, N, C], or [T, C] for one sequence. The gradient is exact together with that
    /// log-softmax.
    /// </summary>
    /// <param name="targets">The label numbers, none of them the blank: [N, S], or all of them one after another; [S] for one sequence.</param>
    /// <param name="inputLengths">The length of each input, at most T.</param>
    /// <param name="targetLengths">The length of each label sequence.</param>
    /// <param name="blank">The number of the blank.</param>
    /// <param name="reduction">How sequences are combined; the mean divides each loss by the length of its target first.</param>
    /// <param name="zeroInfinity">Losses of targets that are longer than an alignment allows, which are infinite, count as 0 and give no
    /// gradient.</param>
    /// <exception cref="ShapeException">The shapes or lengths do not fit.</exception>
    /// <exception cref="DTypeException">The log-probabilities are not real, or other numbers are.</exception>
    /// <exception cref="TensorIndexException">A label or the blank is out of range.</exception>
    public Tensor CtcLoss(
        Tensor targets,
        Tensor inputLengths,
        Tensor targetLengths,
        int blank = 0,
        LossReduction reduction = LossReduction.Mean,
        bool zeroInfinity = false)
    {
        LossArguments.Check(reduction);
        var call = CtcArguments.Of(this, targets, inputLengths, targetLengths, blank);
        var losses = Op.Fused(new CtcLoss(blank, zeroInfinity), call.X, call.Targets, call.InputLengths, call.TargetLengths);
        if (zeroInfinity)
        {
            losses = losses.MaskedFill(losses.Eq(double.PositiveInfinity), 0);
        }

        return reduction switch
        {
            LossReduction.None => Rank == 2 ? losses.Squeeze(0) : losses,
            LossReduction.Sum => losses.Sum(),
            _ => (losses / call.TargetLengths.Clamp(min: 1).To(losses.DType)).Mean(),
        };
    }
}
