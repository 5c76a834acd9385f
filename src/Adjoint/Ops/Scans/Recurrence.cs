using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// The linear recurrence y[i] = b[i] + s[i] y[i-1] along a dimension, from its first element or from its last;
/// what the derivatives of every scan, and its own, are made of.
/// </summary>
internal readonly record struct Recurrence(int Dim, bool Reverse) : IMultiOutput, IStep
{
    public static bool ReadsInput(int input) => input == 1;

    public static bool ReadsResult(int result) => true;

    /// <summary>The recurrence, recorded.</summary>
    public static Tensor Run(Tensor b, Tensor s, int dim, bool reverse) => Op.MultiOutput(new Recurrence(dim, reverse), b, s)[0];

    /// <summary>Each element in the place of the one behind it, or before it; what is left free is a number. Recorded.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="dim">The dimension.</param>
    /// <param name="ahead">Element i becomes what element i + 1 was, otherwise what i - 1 was.</param>
    /// <param name="first">The number.</param>
    public static Tensor Shift(Tensor x, int dim, bool ahead, double first)
    {
        var length = x.Layout.Sizes[dim];
        if (length == 0)
        {
            return x;
        }

        var sizes = (int[])x.Layout.Sizes.Clone();
        sizes[dim] = 1;
        var free = Tensor.Full(sizes, first, x.DType);
        return ahead ? Tensor.Cat([x.Slice(dim, 1), free], dim) : Tensor.Cat([free, x.Slice(dim, 0, length - 1)], dim);
    }

    public TensorType[] Infer(TensorType[] inputs) => [inputs[0]];

    public Tensor[] Apply(Tensor[] inputs) => [Op.Scanned(this, inputs[0], inputs[1], Dim, Reverse)];

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var adjoint = Run(gradients[0]!, Shift(inputs[1]!, Dim, ahead: !Reverse, first: 0), Dim, !Reverse);
        return [adjoint, adjoint * Shift(results[0]!, Dim, ahead: Reverse, first: 0)];
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var ofS = tangents[1] is { } t ? t * Shift(results[0], Dim, ahead: Reverse, first: 0) : null;
        return [Run(Formulas.Sum(tangents[0], ofS)!, inputs[1], Dim, Reverse)];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this with { Dim = Dim + 1 }, inputs);

    V IStep.Unit<V>() => V.Zero;

    V IStep.First<V>(V a, V b) => a;

    V IStep.Next<V>(V state, V a, V b) => a + (b * state);

    V IStep.I<V>(V state, V a) => a;
}
