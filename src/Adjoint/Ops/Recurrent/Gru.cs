using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// The recurrence of gated units over a sequence (Cho and others, "Learning Phrase Representations using RNN Encoder-Decoder", 2014, in PyTorch's
/// form): r and z are the sigmoids of sums of what input and state add, n = tanh(input + r state), h = n + z (h - n). Inputs are what inputs add to
/// the sums, the state before, the weight of states and its bias, which may be absent; the result is all states.
/// </summary>
internal readonly record struct Gru(bool Reverse) : IFused
{
    public int Differentiable => 4;

    public Reads Reads(Places wanted) => wanted.Count == 0 ? default : new(Places.Of(0, 1, 2, 3), Places.Of(0), Result: true);

    public TensorType Infer(TensorType?[] inputs)
    {
        var sizes = inputs[0]!.Value.Layout.Sizes;
        return inputs[0]!.Value.With(sizes[0], sizes[1], sizes[2] / 3);
    }

    public Tensor Compose(Tensor?[] inputs)
    {
        var (h, steps, n) = (inputs[1]!, inputs[0]!.Layout.Sizes[0], inputs[0]!.Layout.Sizes[2] / 3);
        var states = new Tensor[steps];
        foreach (var t in RecurrentArguments.Order(steps, Reverse))
        {
            var (r, z, fresh, _) = Gates(inputs[0]!.Select(0, t), h.Linear(inputs[2]!, inputs[3]), n);
            states[t] = h = fresh + (z * (h - fresh));
        }

        return Tensor.Stack(states, 0);
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        if (saved.Wanted.Count == 0)
        {
            return [null, null, null, null];
        }

        var (states, weight, n) = (saved.Result!, saved.Inputs[2]!, saved.Result!.Layout.Sizes[2]);
        var before = RecurrentArguments.Before(states, saved.Inputs[1]!, Reverse);
        var (r, z, fresh, part) = Gates(saved.Inputs[0]!, before.Linear(weight, saved.Inputs[3]), n);
        var slopeFresh = (1 - z) * (1 - fresh.Square());
        var slopeR = part * r * (1 - r);
        var slopeZ = (before - fresh) * z * (1 - z);
        Tensor? carried = null;
        var (ofInputs, ofStates) = (new Tensor[states.Layout.Sizes[0]], new Tensor[states.Layout.Sizes[0]]);
        foreach (var t in RecurrentArguments.Order(ofInputs.Length, !Reverse))
        {
            var ofState = carried is null ? g.Select(0, t) : g.Select(0, t) + carried;
            var ofFresh = ofState * slopeFresh.Select(0, t);
            var (ofR, ofZ) = (ofFresh * slopeR.Select(0, t), ofState * slopeZ.Select(0, t));
            ofInputs[t] = Tensor.Cat([ofR, ofZ, ofFresh], -1);
            ofStates[t] = Tensor.Cat([ofR, ofZ, ofFresh * r.Select(0, t)], -1);
            carried = (ofState * z.Select(0, t)) + ofStates[t].MatMul(weight);
        }

        var all = Tensor.Stack(ofStates, 0);
        return
        [
            Tensor.Stack(ofInputs, 0), carried, saved.Wanted[2] ? RecurrentArguments.OfWeight(all, before) : null,
            saved.Wanted[3] ? all.Sum([0, 1]) : null,
        ];
    }

    public unsafe Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        var (sums, first, weight) = (Op.Contiguous(inputs[0]!), Op.Contiguous(inputs[1]!), Op.Contiguous(inputs[2]!));
        var bias = inputs[3] is { } added ? Op.Contiguous(added) : null;
        var call = Call.Of(sums.Layout.Sizes[0], first, Reverse);
        call.Check(sums.DType, sums, first, weight, bias);
        var result = Op.Fresh(Layout.Dense([call.Steps, call.Rows, call.Hidden]), sums.DType);
        var gates = Op.Fresh(Layout.Dense([call.Steps, call.Rows, Shape.Dimension(4L * call.Hidden, "the gates of Gru")]), sums.DType);
        var ofState = Op.Fresh(Layout.Dense([call.Rows, 3 * call.Hidden]), sums.DType);
        made = [gates];
        using var pins = new Pins(sums, first, weight, bias, result, gates, ofState);
        sums.DType.VisitReal(new Loops { Pins = pins, Call = call }, "gru");
        return result;
    }

    public unsafe Tensor?[] PullFused(Tensor g, in Remembered saved)
    {
        if (saved.Wanted.Count == 0)
        {
            return [null, null, null, null];
        }

        g = Op.Contiguous(g);
        var (states, first, weight) = (Op.Contiguous(saved.Result!), Op.Contiguous(saved.Inputs[1]!), Op.Contiguous(saved.Inputs[2]!));
        var gates = Op.Contiguous(saved.Made[0]!);
        var call = Call.Of(g.Layout.Sizes[0], first, Reverse);
        var ofSums = Op.Fresh(saved.Layouts[0]!, g.DType);
        var ofStates = Op.Fresh(saved.Layouts[0]!, g.DType);
        call.Check(g.DType, ofSums, first, weight, null);
        Guard.Dense(g, g.DType, (nint)call.Steps * call.Rows * call.Hidden, "grad_output");
        Guard.Dense(states, g.DType, g.Layout.Count);
        Guard.Dense(gates, g.DType, 4 * g.Layout.Count);
        var carried = Op.Zeroed(first.Layout, g.DType);
        var ofWeight = saved.Wanted[2] ? Op.Fresh(weight.Layout, g.DType) : null;
        var ofBias = saved.Wanted[3] ? Op.Zeroed(saved.Layouts[3]!, g.DType) : null;
        using var pins = new Pins(g, states, first, weight, gates, ofSums, ofStates, carried, ofWeight, ofBias);
        g.DType.VisitReal(new PullLoops { Pins = pins, Call = call }, "gru");
        return [ofSums, saved.Wanted[1] ? carried : null, ofWeight, ofBias];
    }

    private static (Tensor R, Tensor Z, Tensor Fresh, Tensor Part) Gates(Tensor ofInput, Tensor ofState, int n)
    {
        var r = (ofInput.Narrow(-1, 0, n) + ofState.Narrow(-1, 0, n)).Sigmoid();
        var z = (ofInput.Narrow(-1, n, n) + ofState.Narrow(-1, n, n)).Sigmoid();
        var part = ofState.Narrow(-1, 2 * n, n);
        return (r, z, (ofInput.Narrow(-1, 2 * n, n) + (r * part)).Tanh(), part);
    }

    private readonly record struct Call(int Steps, int Rows, int Hidden, bool Reverse)
    {
        public static Call Of(int steps, Tensor first, bool reverse) => new(steps, first.Layout.Sizes[0], first.Layout.Sizes[1], reverse);

        public void Check(DType dtype, Tensor sums, Tensor first, Tensor weight, Tensor? bias)
        {
            Guard.Dense(sums, dtype, (nint)Steps * Rows * 3 * Hidden);
            Guard.Dense(first, dtype, (nint)Rows * Hidden);
            Guard.Dense(weight, dtype, (nint)3 * Hidden * Hidden);
            Guard.Dense(bias, dtype, (nint)3 * Hidden);
        }
    }

    private unsafe ref struct Loops : IRealJob
    {
        public Pins Pins;
        public Call Call;

        readonly void IRealJob.Run<T>()
        {
            var (rows, hidden) = (Call.Rows, Call.Hidden);
            T* before = (T*)Pins[1], weight = (T*)Pins[2], bias = (T*)Pins[3], ofState = (T*)Pins[6];
            nint step = (nint)rows * hidden;
            foreach (var t in RecurrentArguments.Order(Call.Steps, Call.Reverse))
            {
                for (var row = 0; row < rows && bias != null; row++)
                {
                    new ReadOnlySpan<T>(bias, 3 * hidden).CopyTo(new Span<T>(ofState + ((nint)row * 3 * hidden), 3 * hidden));
                }

                var beta = bias == null ? T.Zero : T.One;
                Gemm.Run(rows, 3 * hidden, hidden, T.One, before, hidden, 1, weight, 1, hidden, beta, ofState, 3 * hidden, 1);
                var state = (T*)Pins[4] + (t * step);
                Recurrent.Gru(rows, hidden, (T*)Pins[0] + (t * 3 * step), ofState, before, (T*)Pins[5] + (t * 4 * step), state);
                before = state;
            }
        }
    }

    private unsafe ref struct PullLoops : IRealJob
    {
        public Pins Pins;
        public Call Call;

        readonly void IRealJob.Run<T>()
        {
            var (rows, hidden) = (Call.Rows, Call.Hidden);
            T* g = (T*)Pins[0], states = (T*)Pins[1], first = (T*)Pins[2], weight = (T*)Pins[3], gates = (T*)Pins[4];
            T* ofSums = (T*)Pins[5], ofStates = (T*)Pins[6], carried = (T*)Pins[7];
            nint step = (nint)rows * hidden;
            for (var s = Call.Steps - 1; s >= 0; s--)
            {
                var t = Call.Reverse ? Call.Steps - 1 - s : s;
                var before = s == 0 ? first : states + ((Call.Reverse ? t + 1 : t - 1) * step);
                var ofState = ofStates + (t * 3 * step);
                Recurrent.Add(rows, hidden, new Rows<T>(g + (t * step), hidden), new Rows<T>(carried, hidden));
                Recurrent.GruBack(rows, hidden, gates + (t * 4 * step), before, carried, ofSums + (t * 3 * step), ofState);
                Gemm.Run(rows, hidden, 3 * hidden, T.One, ofState, 3 * hidden, 1, weight, hidden, 1, T.One, carried, hidden, 1);
                if (Pins[9] != null)
                {
                    Recurrent.Add(rows, 3 * hidden, new Rows<T>(ofState, 3 * hidden), new Rows<T>((T*)Pins[9], 0));
                }
            }

            if (Pins[8] != null)
            {
                RecurrentWeights.Run(
                    Call.Steps, rows, 3 * hidden, hidden, Call.Reverse, ofStates, new Rows<T>(states, hidden), first, (T*)Pins[8]);
            }
        }
    }
}

/// <content>Gated recurrent units.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Gated recurrent units over a sequence of shape [T, N, features]: one layer and direction of <c>torch.gru</c>, with one step
    /// <c>torch.gru_cell</c>. Gates lie below each other in the order r, z, n.
    /// </summary>
    /// <param name="h0">The state before the sequence, [N, hidden].</param>
    /// <param name="weightIh">The weight of inputs, [3 hidden, features].</param>
    /// <param name="weightHh">The weight of states, [3 hidden, hidden].</param>
    /// <param name="biasIh">The bias of inputs, [3 hidden]; null for none.</param>
    /// <param name="biasHh">The bias of states, likewise.</param>
    /// <param name="reverse">Whether the sequence is read from its end.</param>
    /// <returns>All states, [T, N, hidden].</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or have no reals.</exception>
    public Tensor Gru(
        Tensor h0, Tensor weightIh, Tensor weightHh, Tensor? biasIh = null, Tensor? biasHh = null, bool reverse = false)
    {
        ArgumentNullException.ThrowIfNull(h0);
        ArgumentNullException.ThrowIfNull(weightIh);
        ArgumentNullException.ThrowIfNull(weightHh);
        var sums = RecurrentArguments.Sums(this, 3, weightIh, weightHh, biasIh, biasHh, h0);
        return Op.Fused(new Gru(reverse), sums, h0, weightHh, biasHh);
    }
}
