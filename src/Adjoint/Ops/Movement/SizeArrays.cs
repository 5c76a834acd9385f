namespace Adjoint;

// Languages without spans of parameters, F# and Visual Basic among them, take the array; C# takes the span.

/// <content>Sizes and dimensions as arrays where shapes change.</content>
public sealed partial class Tensor
{
    /// <inheritdoc cref="Reshape(ReadOnlySpan{int})"/>
    public Tensor Reshape(params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Reshape((ReadOnlySpan<int>)shape);
    }

    /// <inheritdoc cref="View(ReadOnlySpan{int})"/>
    public Tensor View(params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return View((ReadOnlySpan<int>)shape);
    }

    /// <inheritdoc cref="Permute(ReadOnlySpan{int})"/>
    public Tensor Permute(params int[] dims)
    {
        ArgumentNullException.ThrowIfNull(dims);
        return Permute((ReadOnlySpan<int>)dims);
    }

    /// <inheritdoc cref="Expand(ReadOnlySpan{int})"/>
    public Tensor Expand(params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Expand((ReadOnlySpan<int>)shape);
    }

    /// <inheritdoc cref="Flip(ReadOnlySpan{int})"/>
    public Tensor Flip(params int[] dims)
    {
        ArgumentNullException.ThrowIfNull(dims);
        return Flip((ReadOnlySpan<int>)dims);
    }

    /// <inheritdoc cref="Repeat(ReadOnlySpan{int})"/>
    public Tensor Repeat(params int[] repeats)
    {
        ArgumentNullException.ThrowIfNull(repeats);
        return Repeat((ReadOnlySpan<int>)repeats);
    }

    /// <inheritdoc cref="Tile(ReadOnlySpan{int})"/>
    public Tensor Tile(params int[] dims)
    {
        ArgumentNullException.ThrowIfNull(dims);
        return Tile((ReadOnlySpan<int>)dims);
    }
}
