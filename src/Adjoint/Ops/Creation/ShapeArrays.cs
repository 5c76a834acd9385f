namespace Adjoint;

// Languages without spans of parameters, F# and Visual Basic among them, take the array; C# takes the span.

/// <content>Shapes as arrays where tensors are made.</content>
public sealed partial class Tensor
{
    /// <inheritdoc cref="Zeros(ReadOnlySpan{int})"/>
    public static Tensor Zeros(params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Zeros((ReadOnlySpan<int>)shape);
    }

    /// <inheritdoc cref="Zeros(ReadOnlySpan{int}, DType?)"/>
    public static Tensor Zeros(int[] shape, DType? dtype)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Zeros((ReadOnlySpan<int>)shape, dtype);
    }

    /// <inheritdoc cref="Ones(ReadOnlySpan{int})"/>
    public static Tensor Ones(params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Ones((ReadOnlySpan<int>)shape);
    }

    /// <inheritdoc cref="Ones(ReadOnlySpan{int}, DType?)"/>
    public static Tensor Ones(int[] shape, DType? dtype)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Ones((ReadOnlySpan<int>)shape, dtype);
    }

    /// <inheritdoc cref="Rand(ReadOnlySpan{int})"/>
    public static Tensor Rand(params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Rand((ReadOnlySpan<int>)shape);
    }

    /// <inheritdoc cref="Rand(ReadOnlySpan{int}, DType?, Generator?)"/>
    public static Tensor Rand(int[] shape, DType? dtype, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Rand((ReadOnlySpan<int>)shape, dtype, generator);
    }

    /// <inheritdoc cref="Randn(ReadOnlySpan{int})"/>
    public static Tensor Randn(params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Randn((ReadOnlySpan<int>)shape);
    }

    /// <inheritdoc cref="Randn(ReadOnlySpan{int}, DType?, Generator?)"/>
    public static Tensor Randn(int[] shape, DType? dtype, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Randn((ReadOnlySpan<int>)shape, dtype, generator);
    }

    /// <inheritdoc cref="Full(ReadOnlySpan{int}, Tensor, DType?)"/>
    public static Tensor Full(int[] shape, Tensor value, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Full((ReadOnlySpan<int>)shape, value, dtype);
    }

    /// <inheritdoc cref="Empty(ReadOnlySpan{int}, DType?)"/>
    public static Tensor Empty(int[] shape, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Empty((ReadOnlySpan<int>)shape, dtype);
    }

    /// <inheritdoc cref="Randint(long, ReadOnlySpan{int})"/>
    public static Tensor Randint(long high, int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Randint(high, (ReadOnlySpan<int>)shape);
    }

    /// <inheritdoc cref="Randint(long, long, ReadOnlySpan{int}, DType?, Generator?)"/>
    public static Tensor Randint(long low, long high, int[] shape, DType? dtype = null, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Randint(low, high, (ReadOnlySpan<int>)shape, dtype, generator);
    }

    /// <inheritdoc cref="Normal(double, double, ReadOnlySpan{int}, DType?, Generator?)"/>
    public static Tensor Normal(double mean, double std, int[] shape, DType? dtype = null, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Normal(mean, std, (ReadOnlySpan<int>)shape, dtype, generator);
    }

    /// <inheritdoc cref="FromArray{T}(T[], ReadOnlySpan{int})"/>
    public static Tensor FromArray<T>(T[] data, params int[] shape)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(shape);
        return FromArray(data, (ReadOnlySpan<int>)shape);
    }
}
