using Adjoint.Families;

namespace Adjoint;

/// <summary>PyTorch's rules for the arguments of norms, and its messages where they are broken.</summary>
internal static class NormArguments
{
    /// <summary>A weight or a bias that loops may read without strides; recorded.</summary>
    public static Tensor? Dense(Tensor? x) => x is null || x.Layout.IsContiguous ? x : x.Contiguous();

    /// <summary>What the pulls of a norm of x with a weight and a bias read, which makes means and scales on the way.</summary>
    public static Reads Reads(Places wanted) =>
        (wanted[0] ? new Reads(Places.Of(0, 1), Places.Of(0, 1)) : default) | (wanted[1] ? new Reads(Places.Of(0), Places.Of(0, 1)) : default);

    /// <summary>The gradients of x, a weight, and a bias where there is nothing to normalise.</summary>
    public static Tensor?[] Zeros(Tensor g, Layout parameter, Places wanted) =>
    [
        wanted[0] ? Op.Zeroed(g.Layout, g.DType) : null,
        wanted[1] ? Op.Zeroed(parameter, g.DType) : null,
        wanted[2] ? Op.Zeroed(parameter, g.DType) : null,
    ];

    /// <summary>Runs a norm that takes each image alone on all images of a batch.</summary>
    public static Tensor OfImages<O>(O norm, Tensor?[] inputs)
        where O : struct, IFused
    {
        var sizes = inputs[0]!.Layout.Sizes;
        var images = Shape.Dimension((long)sizes[0] * sizes[1], "the images of a batch");
        return Op.Fused(norm, [inputs[0]!.Reshape([images, .. sizes[2..]]), .. inputs[1..]]).Reshape(sizes);
    }

    /// <summary>Checks the last dimensions that a norm is given, and what it has for each element of them.</summary>
    public static void CheckShape(int[] normalizedShape, Tensor? weight, Tensor? bias)
    {
        ArgumentNullException.ThrowIfNull(normalizedShape);
        if (normalizedShape.Length == 0)
        {
            throw new ShapeException(
                "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got normalized_shape = []");
        }

        CheckSame("weight", weight, normalizedShape);
        CheckSame("bias", bias, normalizedShape);
    }

    /// <summary>Whether a tensor has these last dimensions.</summary>
    public static bool EndsWith(Tensor x, int[] normalizedShape) =>
        x.Rank >= normalizedShape.Length && x.Layout.Sizes.AsSpan(x.Rank - normalizedShape.Length).SequenceEqual(normalizedShape);

    /// <summary>What is said of a tensor with other last dimensions.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="normalizedShape">The dimensions.</param>
    /// <param name="comma">What stands before them.</param>
    public static ShapeException Misfit(Tensor x, int[] normalizedShape, string comma) => new(
        $"Given normalized_shape={Shape.Text(normalizedShape)}, expected input with shape [*{comma}{Limits.Joined(", ", normalizedShape)}], but " +
        $"got input of size{Shape.Text(x.Layout.Sizes)}. The last dimensions of the input are those that are normalised.");

    /// <summary>Checks what a norm has for each channel.</summary>
    public static void CheckChannels(Tensor? values, int channels, string name)
    {
        if (values is not null && (values.Rank != 1 || values.Layout.Sizes[0] != channels))
        {
            throw new ShapeException(
                $"{name} should contain {channels} elements not {values.Layout.Count}. " +
                "It holds one number for each channel, dimension 1 of the input.");
        }
    }

    /// <summary>Checks that there is a dimension of channels.</summary>
    public static void CheckHasChannels(Tensor x)
    {
        if (x.Rank < 2)
        {
            throw new ShapeException(
                $"Dimension out of range (expected to be in range of [-1, 0], but got 1). Channels are dimension 1, and the input has shape " +
                $"{Shape.Text(x.Layout.Sizes)}.");
        }
    }

    /// <summary>Checks that everything has the input's dtype, a real one.</summary>
    public static void CheckDType(Tensor x, Tensor? weight, Tensor? bias, string name)
    {
        if (!x.DType.IsFloatingPoint)
        {
            throw new DTypeException($"\"{name}\" not implemented for '{x.DType.ScalarName}'. Convert the tensor first: x.To(DType.Float32).");
        }

        // PyTorch lets float32 parameters pass beside inputs of half the size only, and says so.
        if ((weight ?? bias ?? x).DType != x.DType)
        {
            throw new DTypeException(
                ((weight ?? x).DType == DType.Float32 && (bias ?? x).DType == DType.Float32) || (weight ?? bias!).DType == DType.Float32
                    ? $"mixed dtype (CPU): all inputs must share same datatype. The input is {x.DType}: " +
                      "convert the weight and the bias with To(DType)."
                    : $"mixed dtype (CPU): expect parameter to have scalar type of Float, or of the input, {x.DType}. Convert the weight and the " +
                      "bias with To(DType).");
        }

        if ((bias ?? x).DType != x.DType)
        {
            throw new DTypeException(
                $"expected scalar type {x.DType.ScalarName} but found {bias!.DType.ScalarName}. Convert the bias with To(DType).");
        }
    }

    private static void CheckSame(string what, Tensor? values, int[] shape)
    {
        if (values is not null && !values.Layout.Sizes.AsSpan().SequenceEqual(shape))
        {
            throw new ShapeException(
                $"Expected {what} to be of same shape as normalized_shape, but got {what} of shape {Shape.Text(values.Layout.Sizes)} and " +
                $"normalized_shape = {Shape.Text(shape)}");
        }
    }
}
