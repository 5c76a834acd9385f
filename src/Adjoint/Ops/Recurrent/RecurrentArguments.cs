namespace Adjoint;

/// <summary>What recurrent operators ask of their arguments, and what their pulls share.</summary>
internal static class RecurrentArguments
{
    /// <summary>The sums of gates that inputs give, [T, N, gates], once everything fits.</summary>
    /// <param name="x">The sequence.</param>
    /// <param name="gates">How many gates a cell has.</param>
    /// <param name="weightIh">The weight of inputs.</param>
    /// <param name="weightHh">The weight of states.</param>
    /// <param name="bias">What is added to the sums.</param>
    /// <param name="biasHh">A bias that the operator adds itself.</param>
    /// <param name="state">A state before the sequence.</param>
    /// <param name="weightHr">The projection of what is seen of a cell.</param>
    /// <param name="cell">The cell before the sequence.</param>
    public static Tensor Sums(
        Tensor x,
        int gates,
        Tensor weightIh,
        Tensor weightHh,
        Tensor? bias,
        Tensor? biasHh,
        Tensor state,
        Tensor? weightHr = null,
        Tensor? cell = null)
    {
        if (x.Rank != 3)
        {
            throw new ShapeException($"RNN: Expected input to be 3D, got {x.Rank}D instead. It has shape [steps, batch, features].");
        }

        if (weightIh.Rank != 2 || weightHh.Rank != 2 || weightIh.Layout.Sizes[0] % gates != 0 || weightIh.Layout.Sizes[0] == 0)
        {
            throw new ShapeException(
                $"weight_ih and weight_hh have {gates} gates below each other, but got {weightIh.Shape} and {weightHh.Shape}.");
        }

        var hidden = weightIh.Layout.Sizes[0] / gates;
        var seen = weightHr?.Layout.Sizes[0] ?? hidden;
        if (x.Layout.Sizes[0] == 0)
        {
            throw new ShapeException("Expected sequence length to be larger than 0 in RNN");
        }

        if (x.Layout.Sizes[2] != weightIh.Layout.Sizes[1])
        {
            throw new ShapeException(
                $"input.size(-1) must be equal to input_size. Expected {weightIh.Layout.Sizes[1]}, got {x.Layout.Sizes[2]}");
        }

        Expect("weight_hh", weightHh, [gates * hidden, seen]);
        Expect("hidden", state, [x.Layout.Sizes[1], seen]);
        if (cell is not null)
        {
            Expect("cell", cell, [x.Layout.Sizes[1], hidden]);
        }

        if (biasHh is not null)
        {
            Expect("bias_hh", biasHh, [gates * hidden]);
        }

        if (weightHr is not null)
        {
            Expect("weight_hr", weightHr, [seen, hidden]);
        }

        var sums = x.Linear(weightIh, bias);
        foreach (var other in new[] { weightHh, state, biasHh, weightHr, cell })
        {
            if (other is not null && other.DType != sums.DType)
            {
                throw new DTypeException(
                    $"Input and parameter tensors are not the same dtype, found input tensor with {sums.DType.ScalarName} and parameter tensor " +
                    $"with {other.DType.ScalarName}. Convert one of them with To(DType).");
            }
        }

        return sums.DType.IsFloatingPoint ? sums : throw new DTypeException(
            $"expected scalar type Float but found {sums.DType.ScalarName}. Convert the tensors with To(DType.Float32).");
    }

    /// <summary>Both biases of a cell whose gates take their sum.</summary>
    public static Tensor? Sum(Tensor? biasIh, Tensor? biasHh) => biasIh is null ? biasHh : biasHh is null ? biasIh : biasIh + biasHh;

    /// <summary>The states before each step: the first one, and all but the last.</summary>
    public static Tensor Before(Tensor states, Tensor first, bool reverse)
    {
        var (steps, begin) = (states.Layout.Sizes[0], first.Unsqueeze(0));
        return steps == 1 ? begin
            : reverse ? Tensor.Cat([states.Narrow(0, 1, steps - 1), begin], 0)
            : Tensor.Cat([begin, states.Narrow(0, 0, steps - 1)], 0);
    }

    /// <summary>Steps in the order of a sequence that is read backwards or not.</summary>
    public static IEnumerable<int> Order(int steps, bool reverse)
    {
        for (var s = 0; s < steps; s++)
        {
            yield return reverse ? steps - 1 - s : s;
        }
    }

    /// <summary>The product that gives a weight's gradient, summed over steps and batch.</summary>
    public static Tensor OfWeight(Tensor ofSums, Tensor states) =>
        ofSums.Reshape(-1, ofSums.Layout.Sizes[2]).Transpose().MatMul(states.Reshape(-1, states.Layout.Sizes[2]));

    private static void Expect(string name, Tensor actual, int[] sizes)
    {
        if (!actual.Layout.Sizes.AsSpan().SequenceEqual(sizes))
        {
            throw new ShapeException($"Expected {name} size {Shape.Text(sizes)}, got {Shape.Text(actual.Layout.Sizes)}");
        }
    }
}
