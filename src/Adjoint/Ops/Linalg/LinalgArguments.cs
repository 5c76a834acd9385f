using System.Globalization;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>What the operators of linear algebra refuse, in PyTorch's words.</summary>
internal static class LinalgArguments
{
    /// <summary>Checks that a tensor is a matrix or a batch of matrices of float32 or float64.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="call">What the user called, such as <c>linalg.solve</c>.</param>
    /// <param name="name">What PyTorch calls the parameter.</param>
    /// <param name="argument">What it is called here.</param>
    public static void Matrix(
        Tensor x, string call, string name = "A", [CallerArgumentExpression(nameof(x))] string argument = "")
    {
        ArgumentNullException.ThrowIfNull(x, argument);
        Real(x, call);
        if (x.Rank < 2)
        {
            throw new ShapeException(
                $"{call}: The input tensor {name} must have at least 2 dimensions. Make a matrix of it, for example with Unsqueeze.");
        }
    }

    /// <summary>The same, and that its matrices are square.</summary>
    public static void Square(
        Tensor x, string call, string name = "A", [CallerArgumentExpression(nameof(x))] string argument = "")
    {
        Matrix(x, call, name, argument);
        var (rows, columns) = (x.Layout.Sizes[^2], x.Layout.Sizes[^1]);
        if (rows != columns)
        {
            throw new ShapeException(string.Create(
                CultureInfo.InvariantCulture,
                $"{call}: {name} must be batches of square matrices, but they are {rows} by {columns} matrices. Linalg.LstSq takes matrices of any " +
                $"sizes."));
        }
    }

    /// <summary>Checks that elements are float32 or float64.</summary>
    public static void Real(Tensor x, string call)
    {
        if (!x.DType.IsFloatingPoint)
        {
            throw new DTypeException(
                $"{call}: Expected a floating point or complex tensor as input. Got {x.DType.ScalarName}. Convert it with To(DType.Float32).");
        }

        if (x.DType.IsNarrow)
        {
            throw new DTypeException($"{call}: Low precision dtypes not supported. Got {x.DType.ScalarName}. Convert it with To(DType.Float32).");
        }
    }

    /// <summary>Checks that two tensors have one dtype.</summary>
    public static void SameDType(
        Tensor a, Tensor b, string call, string nameA = "A", string nameB = "B", [CallerArgumentExpression(nameof(b))] string argument = "")
    {
        ArgumentNullException.ThrowIfNull(b, argument);
        if (a.DType != b.DType)
        {
            throw new DTypeException(
                $"{call}: Expected {nameA} and {nameB} to have the same dtype, but found {nameA} of type {a.DType.ScalarName} and {nameB} of type " +
                $"{b.DType.ScalarName} instead. Convert one of them with To(DType).");
        }
    }

    /// <summary>Checks a square matrix and right-hand sides, and gives both with the same batch.</summary>
    public static (Tensor A, Tensor B) System(
        Tensor a,
        Tensor b,
        bool left,
        string call,
        [CallerArgumentExpression(nameof(a))] string argumentA = "",
        [CallerArgumentExpression(nameof(b))] string argumentB = "")
    {
        Square(a, call, argument: argumentA);
        SameDType(a, b, call, argument: argumentB);
        Matrix(b, call, "B");
        var (sizesA, sizesB) = (a.Layout.Sizes, b.Layout.Sizes);
        if (sizesA[^1] != sizesB[left ? ^2 : ^1])
        {
            throw new ShapeException(string.Create(
                CultureInfo.InvariantCulture,
                $"{call}: Incompatible shapes of A and B for the equation {(left ? "AX = B" : "XA = B")} " +
                $"({sizesA[^2]}x{sizesA[^1]} and {sizesB[^2]}x{sizesB[^1]})."));
        }

        return Broadcast(a, b);
    }

    /// <summary>Matrices of any sizes, expanded to the same batch.</summary>
    public static (Tensor A, Tensor B) Broadcast(Tensor a, Tensor b)
    {
        var batch = BatchOf(a, b);
        return (Expand(a, batch, 2), Expand(b, batch, 2));
    }

    /// <summary>The batch that two tensors of matrices broadcast to.</summary>
    public static int[] BatchOf(Tensor a, Tensor b) =>
        Layout.Broadcast(Layout.Dense(a.Layout.Sizes.AsSpan()[..^2]), Layout.Dense(b.Layout.Sizes.AsSpan()[..^2])).Sizes;

    /// <summary>A tensor with another batch in front of its last dimensions.</summary>
    public static Tensor Expand(Tensor x, ReadOnlySpan<int> batch, int last) =>
        x.Layout.Sizes.AsSpan(0, x.Rank - last).SequenceEqual(batch) ? x : x.Expand([.. batch, .. x.Layout.Sizes.AsSpan(x.Rank - last)]);

    /// <summary>The sizes of a batch of matrices with other last sizes.</summary>
    public static int[] Sizes(TensorType x, params ReadOnlySpan<int> last) => [.. x.Layout.Sizes.AsSpan()[..^2], .. last];
}
