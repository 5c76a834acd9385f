
namespace Adjoint;

/// <summary>PyTorch's rules for the operands of products, in the order in which it looks at them, and its messages where they are broken.</summary>
internal static class ContractionArguments
{
    public static void CheckDot(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Rank != 1 || y.Rank != 1)
        {
            throw new ShapeException(
                $"1D tensors expected, but got {x.Rank}D and {y.Rank}D tensors. Shapes: {Shape.Text(x.Layout.Sizes)} and " +
                $"{Shape.Text(y.Layout.Sizes)}. Use Tensor.MatMul for matrices.");
        }

        if (x.DType != y.DType)
        {
            throw Mixed($"dot : expected both vectors to have same dtype, but found {x.DType.ScalarName} and {y.DType.ScalarName}", x, y);
        }

        if (x.Layout.Count != y.Layout.Count)
        {
            throw Unequal(x, y);
        }

        RefuseTruth(x, "dot");
    }

    public static void CheckMv(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Rank != 2 || y.Rank != 1)
        {
            throw Ranks($"vector + matrix @ vector expected, got 1, {x.Rank}, {y.Rank}", x, y);
        }

        if (x.Layout.Sizes[1] != y.Layout.Sizes[0])
        {
            throw Mismatch(
                $"size mismatch, got input ({x.Layout.Sizes[0]}), mat ({Times(x.Layout.Sizes)}), vec ({y.Layout.Sizes[0]})", "mv", x, y);
        }

        CheckDType(x, y, "addmv_impl_cpu");
    }

    public static void CheckMm(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Rank != 2 || y.Rank != 2)
        {
            throw Ranks(x.Rank != 2 ? "self must be a matrix" : "mat2 must be a matrix", x, y);
        }

        if (x.Layout.Sizes[1] != y.Layout.Sizes[0])
        {
            throw Mismatch(
                $"mat1 and mat2 shapes cannot be multiplied ({Times(x.Layout.Sizes)} and {Times(y.Layout.Sizes)})", "mm", x, y);
        }

        if (x.DType != y.DType)
        {
            throw Mixed($"expected m1 and m2 to have the same dtype, but got: {x.DType.CppName} != {y.DType.CppName}", x, y);
        }

        RefuseTruth(x, "addmm_impl_cpu_");
    }

    public static void CheckBmm(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Rank != 3 || y.Rank != 3)
        {
            throw Ranks(x.Rank != 3 ? "batch1 must be a 3D tensor" : "batch2 must be a 3D tensor", x, y);
        }

        if (x.Layout.Sizes[0] != y.Layout.Sizes[0] || x.Layout.Sizes[2] != y.Layout.Sizes[1])
        {
            throw Batches(x.Layout.Sizes[0], y.Layout.Sizes[0], "bmm", x, y);
        }

        CheckDType(x, y, "bmm");
    }

    /// <summary>Matrices whose leading dimensions broadcast.</summary>
    public static void CheckBatched(Tensor x, Tensor y, Layout batch)
    {
        if (x.Layout.Sizes[^1] != y.Layout.Sizes[^2])
        {
            throw Batches(batch.Count, batch.Count, "matmul", x, y);
        }
    }

    /// <summary>The operands of a fully connected layer, whose weight is not a vector.</summary>
    public static void CheckLinear(Tensor x, Tensor weight, Tensor? bias)
    {
        if (x.Rank > 0 && weight.Rank == 2 && x.Layout.Sizes[^1] == weight.Layout.Sizes[1] && x.DType == weight.DType
            && x.DType != DType.Bool && (bias is null || (bias.DType == x.DType && Spreads(bias, weight.Layout.Sizes[0]))))
        {
            return;
        }

        throw Refused(x, weight, bias);
    }

    /// <summary>The sizes of two vectors differ.</summary>
    public static ShapeException Unequal(Tensor x, Tensor y) => new(
        $"inconsistent tensor size, expected tensor {Shape.Text(x.Layout.Sizes)} and src {Shape.Text(y.Layout.Sizes)} to have " +
        $"the same number of elements, but got {x.Layout.Count} and {y.Layout.Count} elements respectively");

    /// <summary>Both operands of a product need one dtype; C#'s own literals are the usual reason why they do not have it.</summary>
    public static DTypeException Mixed(string sentence, Tensor x, Tensor y) => new(
        $"{sentence}. The left operand is {x.DType}, the right {y.DType}. " +
        (x.DType.IsFloatingPoint && y.DType.IsFloatingPoint
            ? "Numbers such as 1.0 are doubles in C# and make Float64: write 1f, or convert one side, as in x.To(DType.Float32)."
            : $"Convert one side, as in x.To(DType.{DType.Promote(x.DType, y.DType)})."));

    private static Exception Refused(Tensor x, Tensor weight, Tensor? bias)
    {
        // PyTorch looks at dtypes first where it adds the bias in the same pass.
        if (x.Rank == 2 && weight.Rank == 2 && bias is not null)
        {
            if (x.DType != weight.DType)
            {
                return Mixed($"mat1 and mat2 must have the same dtype, but got {x.DType.ScalarName} and {weight.DType.ScalarName}", x, weight);
            }

            if (bias.DType != weight.DType)
            {
                return Mixed($"self and mat2 must have the same dtype, but got {bias.DType.ScalarName} and {weight.DType.ScalarName}", bias, weight);
            }
        }

        if (x.Rank == 0 || weight.Rank == 0)
        {
            return new ShapeException(
                $"both arguments to matmul need to be at least 1D, but they are {x.Rank}D and {weight.Rank}D. " +
                "A layer's input has its features last.");
        }

        if (weight.Rank != 2)
        {
            return new ShapeException(
                $"t() expects a tensor with <= 2 dimensions, but self is {weight.Rank}D. The weight has shape {Shape.Text(weight.Layout.Sizes)}; " +
                "Linear takes [out, in].");
        }

        var (sizes, outs, ins) = (x.Layout.Sizes, weight.Layout.Sizes[0], weight.Layout.Sizes[1]);
        if (sizes[^1] != ins)
        {
            return new ShapeException(
                $"mat1 and mat2 shapes cannot be multiplied ({Shape.Product(sizes.AsSpan()[..^1])}x{sizes[^1]} and {ins}x{outs}). The input has " +
                $"shape {Shape.Text(sizes)} and the weight {Shape.Text(weight.Layout.Sizes)}: " +
                "the last dimension of the input must be the weight's last.");
        }

        if (x.DType != weight.DType)
        {
            return Mixed($"expected m1 and m2 to have the same dtype, but got: {x.DType.CppName} != {weight.DType.CppName}", x, weight);
        }

        if (bias is not null && bias.DType != weight.DType)
        {
            return Mixed($"self and mat2 must have the same dtype, but got {bias.DType.ScalarName} and {weight.DType.ScalarName}", bias, weight);
        }

        if (bias is not null && !Spreads(bias, outs))
        {
            int[] result = [.. sizes[..^1], outs];
            return new ShapeException(
                (x.Rank == 2 && bias.Rank <= 2
                    ? $"The expanded size of the tensor ({outs}) must match the existing size ({bias.Layout.Sizes[^1]}) at non-singleton " +
                      $"dimension 1.  Target sizes: {Shape.Text(result)}.  Tensor sizes: {Shape.Text(bias.Layout.Sizes)}"
                    : $"The size of tensor a ({outs}) must match the size of tensor b ({bias.Layout.Sizes[^1]}) at non-singleton dimension " +
                      $"{x.Rank - 1}") +
                $". The bias has shape {Shape.Text(bias.Layout.Sizes)}; Linear takes [{outs}].");
        }

        return NoTruth("addmm_impl_cpu_");
    }

    /// <summary>Whether a bias has one number for each output, or one for all.</summary>
    private static bool Spreads(Tensor bias, int outs) => bias.Rank == 0 || bias.Layout.Sizes[^1] == outs || bias.Layout.Sizes[^1] == 1;

    private static void CheckDType(Tensor x, Tensor y, string kernel)
    {
        if (x.DType != y.DType)
        {
            throw Mixed($"expected scalar type {x.DType.ScalarName} but found {y.DType.ScalarName}", x, y);
        }

        RefuseTruth(x, kernel);
    }

    private static void RefuseTruth(Tensor x, string kernel)
    {
        if (x.DType == DType.Bool)
        {
            throw NoTruth(kernel);
        }
    }

    private static DTypeException NoTruth(string kernel) =>
        new($"\"{kernel}\" not implemented for 'Bool'. Convert the tensors first, for example with To(DType.Int64).");

    private static ShapeException Ranks(string sentence, Tensor x, Tensor y) => new(
        $"{sentence}. Shapes: {Shape.Text(x.Layout.Sizes)} and {Shape.Text(y.Layout.Sizes)}. MatMul takes any number of dimensions.");

    private static ShapeException Batches(long left, long right, string name, Tensor x, Tensor y) => Mismatch(
        $"Expected size for first two dimensions of batch2 tensor to be: [{left}, {x.Layout.Sizes[^1]}] but got: [{right}, {y.Layout.Sizes[^2]}]",
        name,
        x,
        y);

    private static ShapeException Mismatch(string sentence, string name, Tensor x, Tensor y) => new(
        $"{sentence}. In {name} of {Shape.Text(x.Layout.Sizes)} and {Shape.Text(y.Layout.Sizes)}: the last dimension of the left must " +
        "equal the second last of the right (the last, for a vector).");

    private static string Times(int[] sizes) => string.Join('x', sizes);
}
