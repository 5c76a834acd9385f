namespace Adjoint.NN;

/// <summary>
/// How samples become a batch (<c>default_collate</c>): tensors are stacked, numbers become a tensor, and parts of tuples go each their way.
/// </summary>
public static class Collate
{
    /// <summary>Stacks tensors along a new first dimension.</summary>
    /// <param name="samples">Tensors of one shape.</param>
    public static Tensor Stack(IReadOnlyList<Tensor> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Tensor.Stack([.. samples]);
    }

    /// <summary>Stacks the parts of pairs.</summary>
    /// <param name="samples">Pairs of tensors.</param>
    public static (Tensor X, Tensor Y) Stack(IReadOnlyList<(Tensor X, Tensor Y)> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return (Stack(Part(samples, sample => sample.X)), Stack(Part(samples, sample => sample.Y)));
    }

    /// <summary>Stacks the parts of triples.</summary>
    /// <param name="samples">Triples of tensors.</param>
    public static (Tensor X, Tensor Y, Tensor Z) Stack(IReadOnlyList<(Tensor X, Tensor Y, Tensor Z)> samples) =>
        (Stack(Part(samples, sample => sample.X)), Stack(Part(samples, sample => sample.Y)), Stack(Part(samples, sample => sample.Z)));

    /// <summary>Stacks tensors, and makes a tensor of their classes.</summary>
    /// <param name="samples">Tensors with the numbers of their classes.</param>
    public static (Tensor X, Tensor Y) Stack(IReadOnlyList<(Tensor X, long Y)> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return (Stack(Part(samples, sample => sample.X)), Tensor.FromArray([.. samples.Select(sample => sample.Y)]));
    }

    /// <summary>Makes a tensor of numbers.</summary>
    /// <param name="samples">The numbers.</param>
    public static Tensor Numbers<T>(IReadOnlyList<T> samples)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Tensor.FromArray<T>([.. samples]);
    }

    /// <summary>A part of each sample: what a collation of records calls for each of theirs.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="part">The part.</param>
    public static IReadOnlyList<R> Part<T, R>(IReadOnlyList<T> samples, Func<T, R> part)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(part);
        return [.. samples.Select(part)];
    }
}
