using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>Recurrent networks; their values are compared with PyTorch's by <c>modules.jsonl.gz</c>.</summary>
public class RecurrentTests
{
    /// <summary>A network of one layer is its cell, step by step: the reference is of another kind.</summary>
    [Fact]
    public void ANetworkIsItsCellStepByStep()
    {
        var g = new Generator(1);
        var lstm = new LSTM(3, 4, dtype: DType.Float64, generator: g);
        var cell = new LSTMCell(3, 4, dtype: DType.Float64, generator: new Generator(1));
        var x = Tensor.Randn([5, 2, 3], DType.Float64, g);
        var (output, (h, c)) = lstm.Forward(x);
        (Tensor H, Tensor C)? state = null;
        for (var t = 0; t < 5; t++)
        {
            state = cell.Forward(x[t], state);
            Assert.True(output[t].AllClose(state.Value.H, atol: 1e-12));
        }

        Assert.True(h[0].AllClose(state!.Value.H, atol: 1e-12));
        Assert.True(c[0].AllClose(state.Value.C, atol: 1e-12));
    }

    /// <summary>Backwards in time is the sequence flipped.</summary>
    [Fact]
    public void TheOtherDirectionReadsTheSequenceFromItsEnd()
    {
        var g = new Generator(2);
        var gru = new GRU(2, 3, bidirectional: true, dtype: DType.Float64, generator: g);
        var p = gru.ParameterValues();
        var x = Tensor.Randn([4, 2, 2], DType.Float64, g);
        var (output, state) = gru.Forward(x);
        var flipped = x.Flip(0).Gru(
            Tensor.Zeros([2, 3], DType.Float64), p["weight_ih_l0_reverse"], p["weight_hh_l0_reverse"], p["bias_ih_l0_reverse"],
            p["bias_hh_l0_reverse"]);
        Assert.True(output.Narrow(-1, 3, 3).AllClose(flipped.Flip(0), atol: 1e-12));
        Assert.True(state[1].AllClose(flipped[3], atol: 1e-12));
    }

    /// <summary>A node for the recurrence and not one for each step: the graph does not grow with the sequence.</summary>
    [Fact]
    public void TheGraphDoesNotGrowWithTheSequence()
    {
        var lstm = new LSTM(2, 3, numLayers: 2);
        Assert.Equal(Nodes(lstm.Forward(Tensor.Zeros(3, 1, 2)).Output), Nodes(lstm.Forward(Tensor.Zeros(30, 1, 2)).Output));

        static int Nodes(Tensor y)
        {
            var seen = new HashSet<object>();
            var waiting = new Stack<Node>([y.GradFn!]);
            while (waiting.TryPop(out var node))
            {
                if (seen.Add(node))
                {
                    foreach (var next in node.NextFunctions)
                    {
                        if (next.Node is { } inner)
                        {
                            waiting.Push(inner);
                        }
                    }
                }
            }

            return seen.Count;
        }
    }

    [Fact]
    public void BadShapesAreNamed()
    {
        var rnn = new RNN(3, 4);
        Assert.StartsWith(
            "input.size(-1) must be equal to input_size. Expected 3, got 2",
            Assert.Throws<ShapeException>(() => rnn.Forward(Tensor.Zeros(5, 2, 2))).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "For unbatched 2-D input, hx should also be 2-D but got 3-D tensor",
            Assert.Throws<ShapeException>(() => rnn.Forward(Tensor.Zeros(5, 3), Tensor.Zeros(1, 1, 4))).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Expected hidden size (1, 2, 4), got",
            Assert.Throws<ShapeException>(() => rnn.Forward(Tensor.Zeros(5, 2, 3), Tensor.Zeros(1, 1, 4))).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => rnn.Forward(Tensor.Zeros(0, 2, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LSTM(3, 4, projSize: 4));
        Assert.Throws<ArgumentException>(() => new RNN(3, 4, nonlinearity: "sin"));
    }

    [Fact]
    public void AnEmptyBatchHasEmptyResults()
    {
        var (output, state) = new GRU(3, 4).Forward(Tensor.Zeros(5, 0, 3));
        Assert.Equal([5, 0, 4], output.Shape.ToArray());
        Assert.Equal([1, 0, 4], state.Shape.ToArray());
        output.Sum().Backward();
    }
}
