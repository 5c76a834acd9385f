using Adjoint.Printing;

namespace Adjoint.Tests.Printing;

/// <summary>Elements in a plain row-major array; it remembers which of them were read.</summary>
internal sealed class ArrayElements : IElements
{
    private readonly int[] _shape;
    private readonly double[] _reals = [];
    private readonly long[] _wholes = [];

    private ArrayElements(DType dtype, int[] shape, int length)
    {
        Assert.Equal(Adjoint.Shape.Product(shape), length);
        DType = dtype;
        _shape = shape;
    }

    internal ArrayElements(DType dtype, int[] shape, double[] data)
        : this(dtype, shape, data.Length) => _reals = data;

    internal ArrayElements(DType dtype, int[] shape, long[] data)
        : this(dtype, shape, data.Length) => _wholes = data;

    public DType DType { get; }

    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The row-major offsets that were read, in order.</summary>
    internal List<int> Reads { get; } = [];

    public double ReadDouble(ReadOnlySpan<int> index)
    {
        var value = _reals[Offset(index)];
        return DType == DType.Float32 ? (float)value : value;
    }

    public long ReadInt64(ReadOnlySpan<int> index) => _wholes[Offset(index)];

    private int Offset(ReadOnlySpan<int> index)
    {
        Assert.Equal(_shape.Length, index.Length);
        var offset = 0;
        for (var d = 0; d < index.Length; d++)
        {
            Assert.InRange(index[d], 0, _shape[d] - 1);
            offset = offset * _shape[d] + index[d];
        }

        Reads.Add(offset);
        return offset;
    }
}
