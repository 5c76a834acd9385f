namespace Adjoint;

/// <content>Classes as vectors.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Numbers of classes as vectors with a one in the place of the class and zeros elsewhere, int64 (<c>torch.nn.functional.one_hot</c>).
    /// </summary>
    /// <param name="numClasses">How many classes there are; -1 for one more than the largest number here.</param>
    /// <exception cref="DTypeException">The numbers are not int64.</exception>
    /// <exception cref="TensorIndexException">A number is negative, or no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no classes, or less than that.</exception>
    public Tensor OneHot(int numClasses = -1)
    {
        if (DType != DType.Int64)
        {
            throw new DTypeException(
                $"one_hot is only applicable to index tensor of type LongTensor. Convert it with To(DType.Int64); it is {DType.TorchName}.");
        }

        if (Layout.Count == 0)
        {
            return numClasses > 0
                ? Zeros([.. Layout.Sizes, numClasses], DType.Int64)
                : throw new ArgumentOutOfRangeException(
                    nameof(numClasses), numClasses, "Can not infer total number of classes from empty tensor.");
        }

        if (numClasses is < -1 or 0)
        {
            throw new ArgumentOutOfRangeException(nameof(numClasses), numClasses, "num_classes should be positive");
        }

        // Under a transform whoever gave the number of classes answers for the others: what is out of range is no class at all.
        if (!IsStandIn || numClasses == -1)
        {
            if (Amin().Item<long>() < 0)
            {
                throw new TensorIndexException($"Class values must be non-negative. The smallest is {Amin().Item<long>()}.");
            }

            var most = Amax().Item<long>();
            numClasses = numClasses == -1 ? Shape.Dimension(most + 1, "the classes of a one-hot tensor") : numClasses;
            if (most >= numClasses)
            {
                throw new TensorIndexException($"Class values must be smaller than num_classes. The largest is {most} of {numClasses} classes.");
            }
        }

        return Unsqueeze(-1).Eq(Arange(numClasses)).To(DType.Int64);
    }
}
