using System.Globalization;

namespace Adjoint.Diagnostics;

/// <content>What differs, as text, and the batched checks.</content>
internal sealed partial class JacobianCheck
{
    private const int Samples = 10;

    private static string Sentence(string mode, int output, int input, string numerical, string analytical) =>
        $"Jacobian {mode}mismatch for output {output} with respect to input {input},\nnumerical:{numerical}\nanalytical:{analytical}\n";

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The element of a tensor with this number, as an index.</summary>
    private static string Element(Tensor x, int number)
    {
        var index = new int[x.Rank];
        for (var d = x.Rank - 1; d >= 0; d--)
        {
            (number, index[d]) = Math.DivRem(number, x.Layout.Sizes[d]);
        }

        return $"[{string.Join(", ", index)}]";
    }

    private static Tensor Matrix(double[][] rows)
    {
        var columns = rows.Length > 0 ? rows[0].Length : 0;
        return Tensor.FromArray([.. rows.SelectMany(row => row)]).Reshape(rows.Length, columns);
    }

    private double Atol(int input, Tensor output) =>
        _options.Atol ?? (output.DType == DType.Float32 || _inputs[input].DType == DType.Float32 ? 1e-4 : 1e-5);

    /// <summary>Says where two Jacobians differ most, if they differ.</summary>
    private string? Mismatch(double[][] analytical, double[][] numerical, int input, Tensor[] outputs, int output, string mode)
    {
        var atol = Atol(input, outputs[output]);
        var (worst, row, column, wrong) = (0.0, -1, -1, 0);
        for (var i = 0; i < numerical.Length; i++)
        {
            for (var j = 0; j < numerical[i].Length; j++)
            {
                var error = Math.Abs(analytical[i][j] - numerical[i][j]) / (atol + (_options.Rtol * Math.Abs(numerical[i][j])));
                error = double.IsNaN(error) ? double.PositiveInfinity : error;
                wrong += error > 1 ? 1 : 0;
                if (error > Math.Max(1, worst))
                {
                    (worst, row, column) = (error, i, j);
                }
            }
        }

        return row < 0
            ? null
            : Sentence(mode, output, input, Matrix(numerical).ToString(), Matrix(analytical).ToString()) +
                $"{wrong} of {(long)numerical.Length * numerical[0].Length} elements differ. The largest difference is in the derivative of " +
                $"element {Element(outputs[output], column)} of output {output} by element {Element(_inputs[input], row)} of input {input}: " +
                $"numerical {Text(numerical[row][column])}, analytical {Text(analytical[row][column])}. If the function is right, see whether the " +
                "point is near a kink, or the function not smooth at the scale of Step.";
    }

    /// <summary>The pullback under a batch against the pullback one by one.</summary>
    private string? Batched(Tensor[] outputs)
    {
        var random = new Random(_options.Seed);
        for (var output = 0; output < outputs.Length; output++)
        {
            if (!outputs[output].RequiresGrad)
            {
                continue;
            }

            var (_, pullback) = Transform.Vjp(
                (Tensor[] x) => Run(Replaced(_inputs, _checked, x))[output], Array.ConvertAll(_checked, i => _inputs[i]));
            Tensor[] seeds = [.. Enumerable.Range(0, Samples).Select(_ => Draw(random, outputs[output], signed: true))];
            var single = Array.ConvertAll(seeds, seed => pullback(seed));
            var batched = Transform.Vmap(pullback)(Tensor.Stack(seeds));
            for (var i = 0; i < batched.Length; i++)
            {
                var expected = Tensor.Stack(Array.ConvertAll(single, gradients => gradients[i]));
                if (Unequal(batched[i], expected, _checked[i], output, outputs, "batched gradient computation") is { } failure)
                {
                    return failure;
                }
            }
        }

        return null;
    }

    private string? BatchedForward()
    {
        var random = new Random(_options.Seed);
        foreach (var input in _checked)
        {
            Tensor[] tangents = [.. Enumerable.Range(0, Samples).Select(_ => Draw(random, _inputs[input], signed: true))];
            var single = Array.ConvertAll(tangents, tangent => Push(input, tangent));
            var batched = Transform.Vmap((Tensor tangent) => Push(input, tangent))(Tensor.Stack(tangents));
            for (var output = 0; output < batched.Length; output++)
            {
                var expected = Tensor.Stack(Array.ConvertAll(single, pushed => pushed[output]));
                if (Unequal(batched[output], expected, input, output, single[0], "forward-mode AD batched gradient computation") is { } failure)
                {
                    return failure;
                }
            }
        }

        return null;
    }

    private string? Unequal(Tensor batched, Tensor expected, int input, int output, Tensor[] outputs, string what)
    {
        var (got, wanted) = (Numbers(batched), Numbers(expected));
        var atol = Atol(input, outputs[output]);
        var wrong = got.Length == wanted.Length
            ? Enumerable.Range(0, got.Length).FirstOrDefault(
                i => !(Math.Abs(got[i] - wanted[i]) <= atol + (_options.Rtol * Math.Abs(wanted[i]))), -1)
            : 0;
        return wrong < 0
            ? null
            : $"gradcheck or gradgradcheck failed while testing {what}. For output {output} and input {input}, the batch gave\n{batched}\nbut one " +
                $"at a time gave\n{expected}\nElement {Element(expected, wrong)} differs. A batching rule of an operator is wrong, or the function " +
                "depends on more than its inputs.";
    }
}
