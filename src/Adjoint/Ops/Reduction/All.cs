using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>Whether all or any elements are not zero. As in PyTorch the answer is bool, for uint8 tensors uint8.</summary>
public static class AllMethod
{
    extension(Tensor x)
    {
        /// <summary>Whether no element is zero. True for an empty tensor.</summary>
        public Tensor All() => Run(x, [], keepDim: false, new Amin(string.Empty));

        /// <summary>Whether no element along a dimension is zero.</summary>
        /// <param name="dim">The dimension; negative counts from the end.</param>
        /// <param name="keepDim">Keep it with size 1.</param>
        /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
        public Tensor All(int dim, bool keepDim = false) => Run(x, [dim], keepDim, new Amin(string.Empty));

        /// <summary>Whether some element is not zero. False for an empty tensor.</summary>
        public Tensor Any() => Run(x, [], keepDim: false, new Amax(string.Empty));

        /// <summary>Whether some element along a dimension is not zero.</summary>
        /// <param name="dim">The dimension; negative counts from the end.</param>
        /// <param name="keepDim">Keep it with size 1.</param>
        /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
        public Tensor Any(int dim, bool keepDim = false) => Run(x, [dim], keepDim, new Amax(string.Empty));
    }

    /// <summary>The extreme of the truth values as bytes; over nothing it is the fold's unit, 255 or 0, which are true and false.</summary>
    private static Tensor Run<F>(Tensor x, ReadOnlySpan<int> dims, bool keepDim, F extreme)
        where F : struct, IReduce
    {
        var truths = x.Ne(0).To(DType.UInt8);
        var answers = Op.Reduce(extreme, truths, Dims.Mask(dims, x.Rank), keepDim).To(DType.Bool);
        return x.DType == DType.UInt8 ? answers.To(DType.UInt8) : answers;
    }
}
