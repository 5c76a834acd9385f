using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>
/// What resampling does along one axis, as a sparse matrix by rows: output i is the sum of the weights times the inputs from
/// <see cref="Starts"/>[i] to before <see cref="Starts"/>[i + 1].
/// </summary>
/// <param name="columns">The number of inputs.</param>
/// <param name="starts">Where the terms of each output begin, and where the last ones end.</param>
/// <param name="inputs">The input of each term.</param>
/// <param name="weights">The weight of each term.</param>
internal sealed class AxisMatrix<T>(int columns, int[] starts, int[] inputs, T[] weights)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The number of outputs.</summary>
    public int Rows => starts.Length - 1;

    /// <summary>The number of inputs.</summary>
    public int Columns => columns;

    public int[] Starts => starts;

    public int[] Inputs => inputs;

    public T[] Weights => weights;

    /// <summary>Whether every output has just two terms.</summary>
    public bool IsOfPairs { get; } = inputs.Length == 2 * (starts.Length - 1) && IsEven(starts);

    /// <summary>The matrix with rows for columns.</summary>
    public AxisMatrix<T> Transposed()
    {
        var begins = new int[columns + 1];
        foreach (var input in inputs)
        {
            begins[input + 1]++;
        }

        for (var i = 0; i < columns; i++)
        {
            begins[i + 1] += begins[i];
        }

        var next = begins[..^1];
        var (outputs, moved) = (new int[inputs.Length], new T[inputs.Length]);
        for (var row = 0; row < Rows; row++)
        {
            for (var at = starts[row]; at < starts[row + 1]; at++)
            {
                var to = next[inputs[at]]++;
                (outputs[to], moved[to]) = (row, weights[at]);
            }
        }

        return new(Rows, begins, outputs, moved);
    }

    private static bool IsEven(int[] starts)
    {
        for (var i = 0; i < starts.Length; i++)
        {
            if (starts[i] != 2 * i)
            {
                return false;
            }
        }

        return true;
    }
}
