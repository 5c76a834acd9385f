using System.Globalization;

namespace Adjoint;

/// <summary>What is known of a tensor without its values: its shape and dtype (JAX's <c>ShapeDtypeStruct</c>).
/// Prints as <c>float32[2, 4]</c>.</summary>
public readonly struct TensorType : IEquatable<TensorType>
{
    // The default value is that of a float32 scalar.
    private readonly Layout? _layout;
    private readonly DType? _dtype;

    internal TensorType(Layout layout, DType dtype, bool isNumber = false)
    {
        ArgumentNullException.ThrowIfNull(dtype);
        _layout = layout;
        _dtype = dtype;
        IsNumber = isNumber;
    }

    /// <summary>A shape and a dtype.</summary>
    public TensorType(Shape shape, DType dtype)
        : this(Layout.Dense(shape.AsSpan()), dtype)
    {
    }

    /// <summary>The shape.</summary>
    public Shape Shape => Layout.Shape;

    /// <summary>The dtype.</summary>
    public DType DType => _dtype ?? DType.DefaultReal;

    /// <summary>The sizes; of its strides nothing is known.</summary>
    internal Layout Layout => _layout ?? Layout.Scalar;

    /// <summary>Whether it is a plain number of C# code, which does not promote tensors.</summary>
    internal bool IsNumber { get; }

    /// <summary>Whether shapes and dtypes are equal.</summary>
    public static bool operator ==(TensorType x, TensorType y) => x.Equals(y);

    /// <summary>Whether shapes or dtypes differ.</summary>
    public static bool operator !=(TensorType x, TensorType y) => !x.Equals(y);

    /// <summary>Whether shapes and dtypes are equal.</summary>
    public bool Equals(TensorType other) => DType == other.DType && Layout.SameSizes(other.Layout);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TensorType other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Shape, DType);

    /// <summary>The dtype and the sizes, such as <c>float32[2, 4]</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{DType.TorchName["torch.".Length..]}{Shape.Text(Layout.Sizes)}");

    /// <summary>What is known of a tensor; not its memory is read.</summary>
    public static TensorType Of(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return new(x.Layout, x.DType, x.IsNumber);
    }

    /// <summary>The same dtype with other sizes.</summary>
    /// <exception cref="ShapeException">A size is negative.</exception>
    public TensorType With(params ReadOnlySpan<int> sizes) => new(Layout.Dense(sizes), DType);

    /// <summary>The same dtype with one other size.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="size">Its size.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    /// <exception cref="ShapeException">The size is negative.</exception>
    public TensorType WithSize(int dim, int size)
    {
        if (Layout.Rank == 0)
        {
            throw new TensorIndexException("a scalar has no dimension whose size could be another.");
        }

        var sizes = (int[])Layout.Sizes.Clone();
        sizes[Layout.Dim(dim)] = size;
        return With(sizes);
    }

    /// <summary>The same sizes with another dtype.</summary>
    public TensorType To(DType dtype)
    {
        ArgumentNullException.ThrowIfNull(dtype);
        return new(Layout, dtype);
    }
}
