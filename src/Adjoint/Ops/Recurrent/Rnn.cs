using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// Elman's recurrence h[t] = tanh(a[t] + W h[t-1]), or with the rectifier, over a sequence: inputs are the sums a, the state before, and W; the
/// result is all states.
/// </summary>
internal readonly record struct Rnn(bool IsRelu, bool Reverse) : IFused
{
    public int Differentiable => 3;

    public Reads Reads(Places wanted) => wanted.Count == 0 ? default : new(Places.Of(1, 2), Result: true);

    public TensorType Infer(TensorType?[] inputs) => inputs[0]!.Value;

    public Tensor Compose(Tensor?[] inputs)
    {
        var (h, steps) = (inputs[1]!, inputs[0]!.Layout.Sizes[0]);
        var states = new Tensor[steps];
        foreach (var t in RecurrentArguments.Order(steps, Reverse))
        {
            var sum = inputs[0]!.Select(0, t) + h.Linear(inputs[2]!);
            states[t] = h = IsRelu ? sum.Relu() : sum.Tanh();
        }

        return Tensor.Stack(states, 0);
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        if (saved.Wanted.Count == 0)
        {
            return [null, null, null];
        }

        var (states, first, weight) = (saved.Result!, saved.Inputs[1]!, saved.Inputs[2]!);
        var slopes = IsRelu ? (states > 0).To(states.DType) : 1 - states.Square();
        Tensor? carried = null;
        var ofSums = new Tensor[states.Layout.Sizes[0]];
        foreach (var t in RecurrentArguments.Order(ofSums.Length, !Reverse))
        {
            var ofState = carried is null ? g.Select(0, t) : g.Select(0, t) + carried;
            ofSums[t] = ofState * slopes.Select(0, t);
            carried = ofSums[t].MatMul(weight);
        }

        var all = Tensor.Stack(ofSums, 0);
        return [all, carried, saved.Wanted[2] ? RecurrentArguments.OfWeight(all, RecurrentArguments.Before(states, first, Reverse)) : null];
    }

    public unsafe Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        made = [];
        var result = Op.Copy(inputs[0]!);
        var (first, weight) = (Op.Contiguous(inputs[1]!), Op.Contiguous(inputs[2]!));
        var call = Call.Of(result.Layout.Sizes, this);
        Guard.Dense(first, result.DType, (nint)call.Rows * call.Hidden);
        Guard.Dense(weight, result.DType, (nint)call.Hidden * call.Hidden);
        using var pins = new Pins(result, first, weight);
        result.DType.VisitReal(new Loops { Pins = pins, Call = call }, "rnn");
        return result;
    }

    public unsafe Tensor?[] PullFused(Tensor g, in Remembered saved)
    {
        if (saved.Wanted.Count == 0)
        {
            return [null, null, null];
        }

        g = Op.Contiguous(g);
        var (states, first, weight) = (Op.Contiguous(saved.Result!), Op.Contiguous(saved.Inputs[1]!), Op.Contiguous(saved.Inputs[2]!));
        var call = Call.Of(g.Layout.Sizes, this);
        Guard.Dense(states, g.DType, g.Layout.Count);
        Guard.Dense(first, g.DType, (nint)call.Rows * call.Hidden);
        Guard.Dense(weight, g.DType, (nint)call.Hidden * call.Hidden);
        var (ofSums, carried) = (Op.Fresh(g.Layout, g.DType), Op.Zeroed(first.Layout, g.DType));
        var ofWeight = saved.Wanted[2] ? Op.Fresh(weight.Layout, g.DType) : null;
        using var pins = new Pins(g, states, first, weight, ofSums, carried, ofWeight);
        g.DType.VisitReal(new PullLoops { Pins = pins, Call = call }, "rnn");
        return [ofSums, saved.Wanted[1] ? carried : null, ofWeight];
    }

    private readonly record struct Call(int Steps, int Rows, int Hidden, bool IsRelu, bool Reverse)
    {
        public static Call Of(int[] sizes, Rnn op) => new(sizes[0], sizes[1], sizes[2], op.IsRelu, op.Reverse);
    }

    private unsafe ref struct Loops : IRealJob
    {
        public Pins Pins;
        public Call Call;

        readonly void IRealJob.Run<T>()
        {
            var (rows, hidden) = (Call.Rows, Call.Hidden);
            T* before = (T*)Pins[1], weight = (T*)Pins[2];
            nint step = (nint)rows * hidden;
            foreach (var t in RecurrentArguments.Order(Call.Steps, Call.Reverse))
            {
                var state = (T*)Pins[0] + (t * step);
                Gemm.Run(rows, hidden, hidden, T.One, before, hidden, 1, weight, 1, hidden, T.One, state, hidden, 1);
                Recurrent.Rnn(step, Call.IsRelu, state);
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
            T* g = (T*)Pins[0], states = (T*)Pins[1], weight = (T*)Pins[3], ofSums = (T*)Pins[4], carried = (T*)Pins[5];
            nint step = (nint)rows * hidden;
            foreach (var t in RecurrentArguments.Order(Call.Steps, !Call.Reverse))
            {
                var at = t * step;
                Recurrent.RnnBack(step, Call.IsRelu, states + at, g + at, carried, ofSums + at);
                Gemm.Run(rows, hidden, hidden, T.One, ofSums + at, hidden, 1, weight, hidden, 1, T.Zero, carried, hidden, 1);
            }

            if (Pins[6] != null)
            {
                RecurrentWeights.Run(
                    Call.Steps, rows, hidden, hidden, Call.Reverse, ofSums, new Rows<T>(states, hidden), (T*)Pins[2], (T*)Pins[6]);
            }
        }
    }
}

/// <content>Elman's recurrent network.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// h[t] = tanh(W_ih x[t] + b_ih + W_hh h[t-1] + b_hh) over a sequence of shape [T, N, features]: one layer and direction of
    /// <c>torch.rnn_tanh</c> and <c>torch.rnn_relu</c>, with one step <c>torch.rnn_tanh_cell</c>.
    /// </summary>
    /// <param name="h0">The state before the sequence, [N, hidden].</param>
    /// <param name="weightIh">The weight of inputs, [hidden, features].</param>
    /// <param name="weightHh">The weight of states, [hidden, hidden].</param>
    /// <param name="biasIh">A bias, [hidden]; null for none.</param>
    /// <param name="biasHh">Another, likewise.</param>
    /// <param name="relu">Whether the rectifier takes the place of tanh.</param>
    /// <param name="reverse">Whether the sequence is read from its end.</param>
    /// <returns>All states, [T, N, hidden].</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or have no reals.</exception>
    public Tensor Rnn(
        Tensor h0,
        Tensor weightIh,
        Tensor weightHh,
        Tensor? biasIh = null,
        Tensor? biasHh = null,
        bool relu = false,
        bool reverse = false)
    {
        ArgumentNullException.ThrowIfNull(h0);
        ArgumentNullException.ThrowIfNull(weightIh);
        ArgumentNullException.ThrowIfNull(weightHh);
        var sums = RecurrentArguments.Sums(this, 1, weightIh, weightHh, RecurrentArguments.Sum(biasIh, biasHh), null, h0);
        return Op.Fused(new Rnn(relu, reverse), sums, h0, weightHh);
    }
}
