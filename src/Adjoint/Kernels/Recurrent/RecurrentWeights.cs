using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>The gradient of the weight of states: a product over all steps but the first, and one with the state before it.</summary>
internal static unsafe class RecurrentWeights
{
    /// <summary>Overwrites the gradient, [gates, seen].</summary>
    /// <param name="steps">The number of steps.</param>
    /// <param name="rows">The size of the batch.</param>
    /// <param name="gates">The length of a row of sums.</param>
    /// <param name="seen">The length of a state.</param>
    /// <param name="reverse">Whether the sequence was read backwards.</param>
    /// <param name="ofSums">The gradients of the sums of all steps, dense.</param>
    /// <param name="states">The states after all steps.</param>
    /// <param name="first">The state before the first step, dense.</param>
    /// <param name="to">The gradient.</param>
    public static void Run<T>(int steps, int rows, int gates, int seen, bool reverse, T* ofSums, Rows<T> states, T* first, T* to)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        nint step = (nint)rows * gates;
        var others = checked((steps - 1) * rows);
        var later = reverse ? ofSums : ofSums + step;
        var sooner = reverse ? states[rows] : states.First;
        Gemm.Run(gates, seen, others, T.One, later, 1, gates, sooner, states.Step, 1, T.Zero, to, seen, 1);
        var begin = reverse ? ofSums + ((steps - 1) * step) : ofSums;
        Gemm.Run(gates, seen, rows, T.One, begin, 1, gates, first, seen, 1, T.One, to, seen, 1);
    }
}
