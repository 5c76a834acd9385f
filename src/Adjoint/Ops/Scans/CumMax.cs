using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The largest or the smallest of all elements so far, and where it is.</summary>
internal readonly record struct CumExtreme(int Dim, bool Largest) : IMultiOutput
{
    public string GradName => Largest ? "CummaxBackward0" : "CumminBackward0";

    public string? Called => Largest ? "CumMax" : "CumMin";

    public static bool ReadsResult(int result) => result == 1;

    public static bool HasGradient(int result) => result == 0;

    public TensorType[] Infer(TensorType[] inputs) => [inputs[0], inputs[0].To(DType.Int64)];

    public unsafe Tensor[] Apply(Tensor[] inputs)
    {
        var x = Op.Wide(Op.Contiguous(inputs[0]));
        var (values, positions) = (Op.Fresh(x.Layout, x.DType), Op.Fresh(x.Layout, DType.Int64));
        if (x.Layout.Count > 0)
        {
            var sizes = x.Layout.Sizes;
            using var pins = new Pins(x, values, positions);
            var job = new Job
            {
                X = pins[0], Values = pins[1], Positions = (long*)pins[2], Largest = Largest,
                Sizes = ((nint)Shape.Product(sizes.AsSpan(0, Dim)), sizes[Dim], (nint)Shape.Product(sizes.AsSpan(Dim + 1))),
            };
            x.DType.Visit(ref job);
        }

        return [Op.Convert(values, inputs[0].DType), positions];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) =>
        [Ordering.Pull(gradients[0], shapes[0], results[1]!, Dim, AlongCall.Gather)];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [tangents[0]!.Gather(Dim, results[1]), null];

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this with { Dim = Dim + 1 }, inputs);

    private unsafe struct Job : IDTypeJob
    {
        public byte* X;
        public byte* Values;
        public long* Positions;
        public (nint Outer, nint Length, nint Inner) Sizes;
        public bool Largest;

        readonly void IDTypeJob.Truth() => ExtremeScan.Run(X, Values, Positions, Sizes, Largest);

        readonly void IDTypeJob.Whole<T>() => ExtremeScan.Run((T*)X, (T*)Values, Positions, Sizes, Largest);

        readonly void IDTypeJob.Real<S, T, C>() => ExtremeScan.Run((T*)X, (T*)Values, Positions, Sizes, Largest);
    }
}

/// <content>Extremes of all elements so far.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The largest of all elements so far along a dimension and where it is, the last of equal ones, which gets the gradient
    /// (<c>torch.cummax</c>). A NaN stays the largest.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <returns>The elements, and their positions as int64.</returns>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public (Tensor Values, Tensor Indices) CumMax(int dim) => CumExtremeAlong(this, dim, largest: true);

    /// <summary>
    /// The smallest of all elements so far along a dimension and where it is, the last of equal ones, which gets the gradient
    /// (<c>torch.cummin</c>). A NaN stays the smallest.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <returns>The elements, and their positions as int64.</returns>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public (Tensor Values, Tensor Indices) CumMin(int dim) => CumExtremeAlong(this, dim, largest: false);

    private static (Tensor Values, Tensor Indices) CumExtremeAlong(Tensor x, int dim, bool largest)
    {
        var (tensor, axis) = Ordering.AtLeastOne(x, dim);
        var results = Op.MultiOutput(new CumExtreme(axis, largest), tensor);
        return x.Rank > 0 ? (results[0], results[1]) : (results[0].Reshape(), results[1].Reshape());
    }
}
