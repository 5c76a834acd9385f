namespace Adjoint.Tests.Laws;

/// <summary>Recurrent operators with arguments, for <see cref="Samples"/>: every input has a gradient, in both directions of the sequence.</summary>
internal static class RecurrentCalls
{
    // Small: laws of three transforms look at the third derivative by every pair of elements.
    public static IEnumerable<Call> Calls() =>
    [
        Of("x.Rnn(h0, ...)", [2, 1, 1], [[1, 2], [2, 1], [2, 2], [2], [2]], x => x[0].Rnn(x[1], x[2], x[3], x[4], x[5])),
        Of("x.Rnn(h0, ...), from the end", [2, 1, 2], [[1, 2], [2, 2], [2, 2]], x => x[0].Rnn(x[1], x[2], x[3], reverse: true)),
        Of("x.Rnn(h0, ...), rectifier", [2, 1, 1], [[1, 2], [2, 1], [2, 2], [2]], x => x[0].Rnn(x[1], x[2], x[3], x[4], relu: true)),
        Of("x.Gru(h0, ...)", [2, 1, 1], [[1, 1], [3, 1], [3, 1], [3], [3]], x => x[0].Gru(x[1], x[2], x[3], x[4], x[5])),
        Of("x.Gru(h0, ...), from the end, no biases", [2, 1, 1], [[1, 1], [3, 1], [3, 1]], x => x[0].Gru(x[1], x[2], x[3], reverse: true)),
        Of("x.Lstm(h0, c0, ...), states and cells", [2, 1, 1], [[1, 1], [1, 1], [4, 1], [4, 1], [4], [4]],
            x => x[0].Lstm(x[1], x[2], x[3], x[4], x[5], x[6]) is var (states, cells) ? states + cells.Square() : x[0]),
        Of("x.Lstm(h0, c0, ...), from the end", [2, 1, 1], [[1, 1], [1, 1], [4, 1], [4, 1]],
            x => x[0].Lstm(x[1], x[2], x[3], x[4], reverse: true).States),
        Of("x.Lstm(h0, c0, ...), projected", [1, 1, 1], [[1, 1], [1, 2], [8, 1], [8, 1], [1, 2]],
            x => x[0].Lstm(x[1], x[2], x[3], x[4], weightHr: x[5]).States),
        Of("x.Lstm(h0, c0, ...), one step", [1, 1, 1], [[1, 1], [1, 1], [4, 1], [4, 1], [4]],
            x => x[0].Lstm(x[1], x[2], x[3], x[4], x[5]) is var (states, cells) ? states * cells : x[0]),
    ];

    private static Call Of(string name, int[] sequence, int[][] others, Func<Tensor[], Tensor> run) =>
        new(name, draw => new(run, [draw.Tensor(sequence), .. others.Select(shape => draw.Tensor(shape))]), IsLoose: true);
}
