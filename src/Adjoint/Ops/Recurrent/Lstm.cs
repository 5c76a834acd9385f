using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// The recurrence of long short-term memory over a sequence (Hochreiter and Schmidhuber, 1997, with the forget gate of Gers and others, 2000): gates
/// i, f, o are sigmoids of sums, g a tanh; c = f c + i g; h = o tanh(c), projected if there is a weight for that. Inputs are what inputs and biases
/// add to the sums, state and cell before, the weight of states, and the projection, which may be absent; the result is all states with all cells
/// behind them in a row.
/// </summary>
internal readonly record struct Lstm(bool Reverse) : IFused
{
    public int Differentiable => 5;

    public Reads Reads(Places wanted) => wanted.Count == 0 ? default : new(Places.Of(0, 1, 2, 3, 4), Places.Of(0), Result: true);

    public TensorType Infer(TensorType?[] inputs)
    {
        var sizes = inputs[0]!.Value.Layout.Sizes;
        return inputs[0]!.Value.With(sizes[0], sizes[1], inputs[1]!.Value.Layout.Sizes[1] + inputs[2]!.Value.Layout.Sizes[1]);
    }

    public Tensor Compose(Tensor?[] inputs)
    {
        var (h, c, steps) = (inputs[1]!, inputs[2]!, inputs[0]!.Layout.Sizes[0]);
        var rows = new Tensor[steps];
        foreach (var t in RecurrentArguments.Order(steps, Reverse))
        {
            var (i, f, g, o) = Gates(inputs[0]!.Select(0, t) + h.Linear(inputs[3]!), inputs[2]!.Layout.Sizes[1]);
            c = (f * c) + (i * g);
            var seen = o * c.Tanh();
            h = inputs[4] is { } projection ? seen.Linear(projection) : seen;
            rows[t] = Tensor.Cat([h, c], -1);
        }

        return Tensor.Stack(rows, 0);
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        if (saved.Wanted.Count == 0)
        {
            return [null, null, null, null, null];
        }

        var (first, begin, weight, projection) = (saved.Inputs[1]!, saved.Inputs[2]!, saved.Inputs[3]!, saved.Inputs[4]);
        var (width, n) = (first.Layout.Sizes[1], begin.Layout.Sizes[1]);
        var (states, cells) = (saved.Result!.Narrow(-1, 0, width), saved.Result!.Narrow(-1, width, n));
        var (before, cellBefore) = (RecurrentArguments.Before(states, first, Reverse), RecurrentArguments.Before(cells, begin, Reverse));
        var (i, f, fresh, o) = Gates(saved.Inputs[0]! + before.Linear(weight), n);
        var shown = cells.Tanh();
        var (slopeI, slopeF, slopeG) = (fresh * i * (1 - i), cellBefore * f * (1 - f), i * (1 - fresh.Square()));
        var (slopeO, slopeC) = (shown * o * (1 - o), o * (1 - shown.Square()));
        Tensor? carried = null, carriedCell = null;
        var (ofSums, ofStates) = (new Tensor[states.Layout.Sizes[0]], new Tensor[states.Layout.Sizes[0]]);
        foreach (var t in RecurrentArguments.Order(ofSums.Length, !Reverse))
        {
            var (ofState, ofCell) = (g.Select(0, t).Narrow(-1, 0, width), g.Select(0, t).Narrow(-1, width, n));
            ofStates[t] = ofState = carried is null ? ofState : ofState + carried;
            var ofSeen = projection is null ? ofState : ofState.MatMul(projection);
            ofCell = (carriedCell is null ? ofCell : ofCell + carriedCell) + (ofSeen * slopeC.Select(0, t));
            ofSums[t] = Tensor.Cat(
                [ofCell * slopeI.Select(0, t), ofCell * slopeF.Select(0, t), ofCell * slopeG.Select(0, t), ofSeen * slopeO.Select(0, t)], -1);
            carried = ofSums[t].MatMul(weight);
            carriedCell = ofCell * f.Select(0, t);
        }

        var all = Tensor.Stack(ofSums, 0);
        return
        [
            all, carried, carriedCell, saved.Wanted[3] ? RecurrentArguments.OfWeight(all, before) : null,
            saved.Wanted[4] ? RecurrentArguments.OfWeight(Tensor.Stack(ofStates, 0), o * shown) : null,
        ];
    }

    public unsafe Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        var gates = Op.Copy(inputs[0]!);
        var (first, begin, weight) = (Op.Contiguous(inputs[1]!), Op.Contiguous(inputs[2]!), Op.Contiguous(inputs[3]!));
        var projection = inputs[4] is { } projecting ? Op.Contiguous(projecting) : null;
        var call = Call.Of(gates.Layout.Sizes[0], first, begin, Reverse);
        call.Check(gates, first, begin, weight, projection);
        var result = Op.Fresh(Layout.Dense([call.Steps, call.Rows, call.Width]), gates.DType);
        var seen = projection is null ? null : Op.Fresh(begin.Layout, gates.DType);
        made = [gates];
        using var pins = new Pins(gates, first, begin, weight, projection, result, seen);
        gates.DType.VisitReal(new Loops { Pins = pins, Call = call }, "lstm");
        return result;
    }

    public unsafe Tensor?[] PullFused(Tensor g, in Remembered saved)
    {
        if (saved.Wanted.Count == 0)
        {
            return [null, null, null, null, null];
        }

        g = Op.Contiguous(g);
        var (first, begin, weight) = (Op.Contiguous(saved.Inputs[1]!), Op.Contiguous(saved.Inputs[2]!), Op.Contiguous(saved.Inputs[3]!));
        var projection = saved.Inputs[4] is { } projecting ? Op.Contiguous(projecting) : null;
        var (result, gates) = (Op.Contiguous(saved.Result!), Op.Contiguous(saved.Made[0]!));
        var call = Call.Of(g.Layout.Sizes[0], first, begin, Reverse);
        call.Check(gates, first, begin, weight, projection);
        Guard.Dense(g, gates.DType, (nint)call.Steps * call.Rows * call.Width, "grad_output");
        Guard.Dense(result, gates.DType, g.Layout.Count);
        var ofSums = Op.Fresh(gates.Layout, g.DType);
        var (carried, carriedCell) = (Op.Zeroed(first.Layout, g.DType), Op.Zeroed(begin.Layout, g.DType));
        var ofWeight = saved.Wanted[3] ? Op.Fresh(weight.Layout, g.DType) : null;
        var ofProjection = projection is not null && saved.Wanted[4] ? Op.Zeroed(projection.Layout, g.DType) : null;
        var ofSeen = projection is null ? null : Op.Fresh(begin.Layout, g.DType);
        var seen = ofProjection is null ? null : Op.Fresh(begin.Layout, g.DType);
        using var pins = new Pins(
            g, result, gates, first, begin, weight, projection, ofSums, carried, carriedCell, ofWeight, ofProjection, ofSeen, seen);
        g.DType.VisitReal(new PullLoops { Pins = pins, Call = call }, "lstm");
        return [ofSums, saved.Wanted[1] ? carried : null, saved.Wanted[2] ? carriedCell : null, ofWeight, ofProjection];
    }

    private static (Tensor I, Tensor F, Tensor G, Tensor O) Gates(Tensor sums, int n) => (
        sums.Narrow(-1, 0, n).Sigmoid(), sums.Narrow(-1, n, n).Sigmoid(), sums.Narrow(-1, 2 * n, n).Tanh(), sums.Narrow(-1, 3 * n, n).Sigmoid());

    private readonly record struct Call(int Steps, int Rows, int Seen, int Hidden, bool Reverse)
    {
        /// <summary>The length of a row of the result: a state and a cell.</summary>
        public int Width => Seen + Hidden;

        public static Call Of(int steps, Tensor first, Tensor begin, bool reverse) =>
            new(steps, first.Layout.Sizes[0], first.Layout.Sizes[1], begin.Layout.Sizes[1], reverse);

        public void Check(Tensor gates, Tensor first, Tensor begin, Tensor weight, Tensor? projection)
        {
            Guard.Dense(gates, gates.DType, (nint)Steps * Rows * 4 * Hidden);
            Guard.Dense(first, gates.DType, (nint)Rows * Seen);
            Guard.Dense(begin, gates.DType, (nint)Rows * Hidden);
            Guard.Dense(weight, gates.DType, (nint)4 * Hidden * Seen);
            Guard.Dense(projection, gates.DType, (nint)Hidden * Seen);
        }
    }

    private unsafe ref struct Loops : IRealJob
    {
        public Pins Pins;
        public Call Call;

        readonly void IRealJob.Run<T>()
        {
            var (rows, seen, n, width) = (Call.Rows, Call.Seen, Call.Hidden, Call.Width);
            T* weight = (T*)Pins[3], projection = (T*)Pins[4];
            var (state, cell) = (new Rows<T>((T*)Pins[1], seen), new Rows<T>((T*)Pins[2], n));
            foreach (var t in RecurrentArguments.Order(Call.Steps, Call.Reverse))
            {
                var gates = (T*)Pins[0] + ((nint)t * rows * 4 * n);
                Gemm.Run(rows, 4 * n, seen, T.One, state.First, state.Step, 1, weight, 1, seen, T.One, gates, 4 * n, 1);
                state = new Rows<T>((T*)Pins[5] + ((nint)t * rows * width), width);
                var next = new Rows<T>(state.First + seen, width);
                Recurrent.Lstm(rows, n, gates, cell, next, projection == null ? state : new Rows<T>((T*)Pins[6], n));
                cell = next;
                if (projection != null)
                {
                    Gemm.Run(rows, seen, n, T.One, (T*)Pins[6], n, 1, projection, 1, n, T.Zero, state.First, width, 1);
                }
            }
        }
    }

    private unsafe ref struct PullLoops : IRealJob
    {
        public Pins Pins;
        public Call Call;

        readonly void IRealJob.Run<T>()
        {
            var (rows, seen, n, width) = (Call.Rows, Call.Seen, Call.Hidden, Call.Width);
            T* g = (T*)Pins[0], result = (T*)Pins[1], gates = (T*)Pins[2], weight = (T*)Pins[5], projection = (T*)Pins[6];
            T* ofSums = (T*)Pins[7], carried = (T*)Pins[8], carriedCell = (T*)Pins[9];
            var ofSeen = projection == null ? carried : (T*)Pins[12];
            nint step = (nint)rows * width, sums = (nint)rows * 4 * n;
            for (var s = Call.Steps - 1; s >= 0; s--)
            {
                var t = Call.Reverse ? Call.Steps - 1 - s : s;
                var sooner = Call.Reverse ? t + 1 : t - 1;
                var before = s == 0 ? new Rows<T>((T*)Pins[4], n) : new Rows<T>(result + (sooner * step) + seen, width);
                Recurrent.Add(rows, seen, new Rows<T>(g + (t * step), width), new Rows<T>(carried, seen));
                if (projection != null)
                {
                    Gemm.Run(rows, n, seen, T.One, carried, seen, 1, projection, n, 1, T.Zero, ofSeen, n, 1);
                }

                Recurrent.LstmBack(
                    rows, n, gates + (t * sums), before, new Rows<T>(result + (t * step) + seen, width), ofSeen,
                    new Rows<T>(g + (t * step) + seen, width), carriedCell, ofSums + (t * sums), (T*)Pins[13]);
                if (Pins[11] != null)
                {
                    Gemm.Run(seen, n, rows, T.One, carried, 1, seen, (T*)Pins[13], n, 1, T.One, (T*)Pins[11], n, 1);
                }

                Gemm.Run(rows, seen, 4 * n, T.One, ofSums + (t * sums), 4 * n, 1, weight, seen, 1, T.Zero, carried, seen, 1);
            }

            if (Pins[10] != null)
            {
                RecurrentWeights.Run(
                    Call.Steps, rows, 4 * n, seen, Call.Reverse, ofSums, new Rows<T>(result, width), (T*)Pins[3], (T*)Pins[10]);
            }
        }
    }
}

/// <content>Long short-term memory.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Long short-term memory over a sequence of shape [T, N, features]: one layer and direction of <c>torch.lstm</c>, with one step
    /// <c>torch.lstm_cell</c>. Gates lie below each other in the order i, f, g, o.
    /// </summary>
    /// <param name="h0">The state before the sequence, [N, hidden]; with a projection as long as that makes it.</param>
    /// <param name="c0">The cell before the sequence, [N, hidden].</param>
    /// <param name="weightIh">The weight of inputs, [4 hidden, features].</param>
    /// <param name="weightHh">The weight of states, [4 hidden, state].</param>
    /// <param name="biasIh">A bias, [4 hidden]; null for none.</param>
    /// <param name="biasHh">Another, likewise.</param>
    /// <param name="weightHr">The projection of states, [state, hidden]; null for none.</param>
    /// <param name="reverse">Whether the sequence is read from its end.</param>
    /// <returns>All states, [T, N, state], and all cells, [T, N, hidden].</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or have no reals.</exception>
    public (Tensor States, Tensor Cells) Lstm(
        Tensor h0,
        Tensor c0,
        Tensor weightIh,
        Tensor weightHh,
        Tensor? biasIh = null,
        Tensor? biasHh = null,
        Tensor? weightHr = null,
        bool reverse = false)
    {
        ArgumentNullException.ThrowIfNull(h0);
        ArgumentNullException.ThrowIfNull(c0);
        ArgumentNullException.ThrowIfNull(weightIh);
        ArgumentNullException.ThrowIfNull(weightHh);
        if (weightHr is { Rank: not 2 })
        {
            throw new ShapeException($"weight_hr has two dimensions, but got {weightHr.Shape}.");
        }

        var sums = RecurrentArguments.Sums(this, 4, weightIh, weightHh, RecurrentArguments.Sum(biasIh, biasHh), null, h0, weightHr, c0);
        var all = Op.Fused(new Lstm(reverse), sums, h0, c0, weightHh, weightHr);
        return (all.Narrow(-1, 0, h0.Layout.Sizes[1]), all.Narrow(-1, h0.Layout.Sizes[1], c0.Layout.Sizes[1]));
    }
}
