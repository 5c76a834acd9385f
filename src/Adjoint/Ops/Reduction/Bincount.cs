using System.Globalization;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <content>Counts of whole numbers.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// How often each whole number from 0 on occurs, or the sum of its weights (<c>torch.bincount</c>). Nothing flows through.
    /// </summary>
    /// <param name="weights">One for each element; null counts. Weights in float32 are added in float32, all others in float64.</param>
    /// <param name="minLength">The result has at least so many elements.</param>
    /// <returns>int64 without weights.</returns>
    /// <exception cref="TensorException">A number is negative.</exception>
    /// <exception cref="ShapeException">This is not a vector, or there are not as many weights.</exception>
    /// <exception cref="DTypeException">The elements are not whole.</exception>
    public unsafe Tensor Bincount(Tensor? weights = null, int minLength = 0)
    {
        if (Rank != 1)
        {
            throw new ShapeException(
                $"bincount only supports 1-d non-negative integral inputs. The shape is {Shape.Text(Layout.Sizes)}; use Flatten.");
        }

        if (!DType.IsInteger)
        {
            throw DType == DType.Bool ? DType.NotImplemented("bincount_cpu") : new DTypeException(
                $"\"bincount_cpu\" not implemented for '{DType.ScalarName}'. Convert the tensor first: x.To(DType.Int64).");
        }

        Limits.ThrowIfNegative(minLength);
        if (weights is not null && !weights.Layout.SameSizes(Layout))
        {
            throw new ShapeException(
                $"weights should be 1-d and have the same length as input. They have shape {Shape.Text(weights.Layout.Sizes)}, and the input " +
                $"{Shape.Text(Layout.Sizes)}.");
        }

        var numbers = Op.Contiguous(Op.Convert(Detach(), DType.Int64));
        long most = -1;
        if (numbers.Layout.Count > 0)
        {
            most = numbers.Max().Item<long>();
            if (numbers.Min().Item<long>() < 0)
            {
                throw new TensorException("bincount only supports 1-d non-negative integral inputs. There is a negative number.");
            }
        }

        if (most >= int.MaxValue)
        {
            throw new TensorException(string.Create(
                CultureInfo.InvariantCulture, $"maximum value of input overflowed, it should be < {int.MaxValue} but got {most}"));
        }

        var size = Math.Max((int)most + 1, minLength);
        var dtype = weights is null ? DType.Int64 : weights.DType == DType.Float32 ? DType.Float32 : DType.Float64;
        var result = Op.Zeroed(Layout.Dense([size]), dtype);
        var added = weights is null ? null : Op.Contiguous(Op.Convert(weights.Detach(), dtype));
        using var pins = new Pins(numbers, added, result);
        if (added is null)
        {
            BinSums.Count((long*)pins[0], numbers.Layout.Count, (long*)pins[2]);
        }
        else if (dtype == DType.Float32)
        {
            BinSums.Sum((long*)pins[0], numbers.Layout.Count, (float*)pins[1], (float*)pins[2]);
        }
        else
        {
            BinSums.Sum((long*)pins[0], numbers.Layout.Count, (double*)pins[1], (double*)pins[2]);
        }

        return result;
    }
}
