using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <content>Tensors with all elements alike, or not set at all.</content>
public sealed partial class Tensor
{
    /// <summary>Zeros in float32.</summary>
    /// <param name="shape">The sizes; none gives a scalar.</param>
    public static Tensor Zeros(params ReadOnlySpan<int> shape) => Zeros(shape, DType.DefaultReal);

    /// <summary>Zeros.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="dtype">The element type; float32 if null.</param>
    public static Tensor Zeros(ReadOnlySpan<int> shape, DType? dtype) => shape.ContainsAnyInRange(int.MinValue, -1)
        ? throw new ShapeException($"zeros: Dimension size must be non-negative. The shape is {Shape.Text(shape)}.")
        : Op.Zeroed(Layout.Dense(shape), dtype ?? DType.DefaultReal);

    /// <summary>Ones in float32.</summary>
    public static Tensor Ones(params ReadOnlySpan<int> shape) => Ones(shape, DType.DefaultReal);

    /// <summary>Ones.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="dtype">The element type; float32 if null.</param>
    public static Tensor Ones(ReadOnlySpan<int> shape, DType? dtype) => Full(shape, 1, dtype ?? DType.DefaultReal);

    /// <summary>All elements alike.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="value">The value, a number or a tensor that broadcasts to the sizes.</param>
    /// <param name="dtype">The element type; by default float32 for reals, int64 for whole numbers, bool for truth values.</param>
    /// <exception cref="ShapeException">The value does not broadcast to the sizes.</exception>
    /// <exception cref="DTypeException">The value does not fit the dtype.</exception>
    public static Tensor Full(ReadOnlySpan<int> shape, Tensor value, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        var natural = value.IsNumber && value.DType.IsFloatingPoint ? DType.DefaultReal : value.DType;
        return Filled(Op.Fresh(Layout.Dense(shape), dtype ?? natural), value);
    }

    /// <summary>Memory whose contents are whatever was there before.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="dtype">The element type; float32 if null.</param>
    public static Tensor Empty(ReadOnlySpan<int> shape, DType? dtype = null) => Op.Fresh(Layout.Dense(shape), dtype ?? DType.DefaultReal);

    /// <summary>Zeros in the shape and, by default, the dtype of another tensor.</summary>
    public static Tensor ZerosLike(Tensor like, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(like);
        return Op.Zeroed(like.Layout, dtype ?? like.DType);
    }

    /// <summary>Ones in the shape and, by default, the dtype of another tensor.</summary>
    public static Tensor OnesLike(Tensor like, DType? dtype = null) => FullLike(like, 1, dtype);

    /// <summary>All elements alike, in the shape and, by default, the dtype of another tensor.</summary>
    /// <exception cref="DTypeException">The value does not fit the dtype.</exception>
    public static Tensor FullLike(Tensor like, Tensor value, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(like);
        ArgumentNullException.ThrowIfNull(value);
        return Filled(Op.Fresh(like.Layout, dtype ?? like.DType), value);
    }

    /// <summary>Memory in the shape and dtype of another tensor, not set.</summary>
    public static Tensor EmptyLike(Tensor like, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(like);
        return Op.Fresh(like.Layout, dtype ?? like.DType);
    }

    private static Tensor Filled(Tensor fresh, Tensor value)
    {
        if (value.Count == 1 && !value.IsStandIn)
        {
            NumberRange.ThrowIfBeyond(value, fresh.DType);
        }

        Op.CopyInto(value, fresh);
        return fresh;
    }
}
