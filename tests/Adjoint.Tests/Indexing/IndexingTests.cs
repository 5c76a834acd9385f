using Adjoint.Tests.Engine;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Indexing;

/// <summary>Index expressions as a user writes them, assignments, and what is refused. Texts are PyTorch's.</summary>
public class IndexingTests
{
    private static Tensor Matrix() => Tensor.Arange(6.0, dtype: DType.Float64).Reshape(2, 3);

    [Fact]
    public void PositionsAndRanges()
    {
        var x = Matrix();
        Holds(x[0], 0, 1, 2);
        Holds(x[^1], 3, 4, 5);
        Holds(x[-1], 3, 4, 5);
        Holds(x[1, 2], 5);
        Holds(x[^1, ^3], 3);
        Holds(x[.., 0], 0, 3);
        Holds(x[.., 1..], 1, 2, 4, 5);
        Holds(x[.., ..^1], 0, 1, 3, 4);
        Holds(x[0..1], 0, 1, 2);
        Holds(x[^1..], 3, 4, 5);
        Holds(x[..^0], 0, 1, 2, 3, 4, 5);
        Holds(x[^0..]);
        Holds(x[5..]);
        Holds(x[1..0]);
        Holds(x[.., TensorIndex.Slice(null, null, 2)], 0, 2, 3, 5);
        Holds(x[.., TensorIndex.Slice(-2, -1)], 1, 4);
        Assert.Equal((2, 0), (x[^0..].Rank, x[^0..].Shape[0]));
    }

    [Fact]
    public void NewAxesAndTheEllipsis()
    {
        var x = Tensor.Arange(24.0).Reshape(2, 3, 4);
        Assert.Equal("torch.Size([1, 2, 3, 4])", x[TensorIndex.NewAxis].Shape.ToString());
        Assert.Equal("torch.Size([2, 3])", x[TensorIndex.Ellipsis, 0].Shape.ToString());
        Assert.Equal("torch.Size([3, 1, 4])", x[0, .., TensorIndex.NewAxis].Shape.ToString());
        Assert.Equal("torch.Size([3, 4, 1])", x[0, TensorIndex.Ellipsis, TensorIndex.NewAxis].Shape.ToString());
        Assert.Equal("torch.Size([2, 3, 4])", x[TensorIndex.Ellipsis].Shape.ToString());
        Assert.Equal("torch.Size([2, 3, 4])", x[default(TensorIndex)].Shape.ToString());
        Assert.Equal("torch.Size([1])", Tensor.Scalar(1.0)[TensorIndex.NewAxis].Shape.ToString());
        Assert.Equal("torch.Size([])", Tensor.Scalar(1.0)[TensorIndex.Ellipsis].Shape.ToString());
    }

    /// <summary>The example of NumPy's user guide, and where the picked dimensions stand when a slice separates the index tensors.</summary>
    [Fact]
    public void IndexTensors()
    {
        var x = Tensor.Arange(35.0, dtype: DType.Float64).Reshape(5, 7);
        Holds(x[new[] { 0, 2, 4 }, new[] { 0, 1, 2 }], 0, 15, 30);
        Holds(x[new[] { 0, 2, 4 }, 1], 1, 15, 29);
        var grid = x[Tensor.FromArray([0L, 4], 2, 1), new[] { 0, 6 }];
        Holds(grid, 0, 6, 28, 34);
        var y = Tensor.Zeros(2, 3, 4, 5);
        Assert.Equal("torch.Size([2, 6, 5])", y[.., new[] { 0, 1, 2, 0, 1, 2 }, new[] { 0, 0, 0, 1, 1, 1 }].Shape.ToString());
        Assert.Equal("torch.Size([6, 3, 5])", y[new[] { 0, 1, 0, 1, 0, 1 }, .., new[] { 0, 0, 0, 1, 1, 1 }].Shape.ToString());
    }

    /// <summary>PyTorch selects first: [0, :, [1, 2]] is [:, [1, 2]] of the first matrix. NumPy would put the picked dimension in front.</summary>
    [Fact]
    public void APositionIsNoIndexTensor()
    {
        var y = Tensor.Zeros(2, 3, 4);
        Assert.Equal("torch.Size([3, 2])", y[0, .., new[] { 1, 2 }].Shape.ToString());
        Assert.Equal("torch.Size([3, 2])", y[Tensor.Scalar(0L), .., new[] { 1, 2 }].Shape.ToString());
    }

    [Fact]
    public void Masks()
    {
        var x = Matrix();
        Holds(x[x > 2], 3, 4, 5);
        Holds(x[x > 100]);
        Holds(x[Tensor.FromArray([false, true])], 3, 4, 5);
        Holds(x[.., Tensor.FromArray([true, false, true])], 0, 2, 3, 5);
        Holds(x[Tensor.FromArray(new byte[] { 0, 1 })], 3, 4, 5);

        // One truth value picks all or nothing along a dimension it brings along.
        Assert.Equal("torch.Size([1, 2, 3])", x[Tensor.Scalar(true)].Shape.ToString());
        Assert.Equal("torch.Size([0, 2, 3])", x[Tensor.Scalar(false)].Shape.ToString());
        Assert.Equal("torch.Size([2, 1, 3])", x[.., Tensor.Scalar(true)].Shape.ToString());
        Holds(Tensor.Scalar(5.0)[Tensor.Scalar(true)], 5);
    }

    [Fact]
    public void RowsCanBeEnumerated()
    {
        Assert.Equal([[0.0, 1, 2], [3.0, 4, 5]], ((Tensor[])[.. Matrix()]).Select(row => row.ToArray<double>()));
        Fails<TensorException>("iteration over a 0-d tensor", () => Tensor.Scalar(1.0).GetEnumerator());
    }

    [Fact]
    public void WhatIsOutOfBoundsIsRefused()
    {
        var x = Matrix();
        Fails<TensorIndexException>("index 2 is out of bounds for dimension 0 with size 2", () => _ = x[2]);
        Fails<TensorIndexException>("index -3 is out of bounds for dimension 0 with size 2", () => _ = x[-3]);
        Fails<TensorIndexException>("index -3 is out of bounds for dimension 0 with size 2", () => _ = x[^3]);
        Fails<TensorIndexException>("index 3 is out of bounds for dimension 1 with size 3", () => _ = x[0, 3]);
        Fails<TensorIndexException>("index 3 is out of bounds for dimension 1 with size 3", () => _ = x[TensorIndex.NewAxis, .., 3]);
        Fails<TensorIndexException>("index 9223372036854775807 is out of bounds", () => _ = x[long.MaxValue]);
        Fails<TensorIndexException>("index -9223372036854775808 is out of bounds", () => _ = x[long.MinValue]);
        Fails<TensorIndexException>("index 4 is out of bounds for dimension 1 with size 3", () => _ = x[.., new[] { 0, 4 }]);
        Fails<TensorIndexException>("index -3 is out of bounds for dimension 0 with size 2", () => _ = x[new[] { -3 }]);
        Fails<TensorIndexException>("index ^0 is out of bounds", () => _ = x[^0]);
        Fails<TensorIndexException>("too many indices for tensor of dimension 2", () => _ = x[0, 0, 0]);
        Fails<TensorIndexException>("too many indices for tensor of dimension 2", () => _ = x[0, x > 1]);
        Fails<TensorIndexException>("too many indices for tensor of dimension 0", () => _ = Tensor.Scalar(1.0)[0, 0]);
        Fails<TensorIndexException>("invalid index of a 0-dim tensor.", () => _ = Tensor.Scalar(1.0)[0]);
        Fails<TensorIndexException>("step must be greater than zero", () => _ = x[TensorIndex.Slice(null, null, 0)]);
        Fails<TensorIndexException>("step must be greater than zero", () => _ = x[TensorIndex.Slice(null, null, -1)]);
        Fails<TensorIndexException>("slice step must be positive", () => x.Slice(0, step: 0));
        Fails<TensorIndexException>("select(): index 2 out of range for tensor of size [2, 3] at dimension 0", () => x.Select(0, 2));
        Fails<TensorIndexException>("tensors used as indices must be long, int, byte or bool tensors", () => _ = x[Tensor.FromArray([0.0])]);
        Fails<TensorIndexException>("tensors used as indices must be long, int, byte or bool tensors", () => _ = x[Tensor.Scalar(0.0)]);
        Fails<TensorIndexException>(
            "shape mismatch: indexing tensors could not be broadcast together with shapes [2], [3]",
            () => _ = x[new[] { 0, 1 }, new[] { 0, 1, 2 }]);
        Fails<TensorIndexException>(
            "The shape of the mask [3] at index 0 does not match the shape of the indexed tensor [2, 3] at index 0",
            () => _ = x[Tensor.FromArray([true, true, true])]);
        Fails<TensorIndexException>("start (1) + length (2147483647) exceeds dimension size (2).", () => x.Narrow(0, 1, int.MaxValue));
        Assert.Throws<ArgumentNullException>(() => _ = x[(Tensor)null!]);
        Assert.Throws<ArgumentNullException>(() => _ = x[(int[])null!]);
    }

    [Fact]
    public void HugeStepsAndBounds()
    {
        Tensor x = [1.0, 2, 3];
        Holds(x[TensorIndex.Slice(0, 3, long.MaxValue)], 1);
        Holds(x[TensorIndex.Slice(long.MinValue, long.MaxValue)], 1, 2, 3);
        Holds(x[TensorIndex.Slice(long.MaxValue, long.MinValue, long.MaxValue)]);
        Holds(x.Slice(0, 1, null, long.MaxValue), 2);
    }

    [Fact]
    public void Assignment()
    {
        var x = Matrix();
        x[0] = 9;
        Holds(x, 9, 9, 9, 3, 4, 5);
        x[.., 1] = Tensor.FromArray([7.0, 8]);
        Holds(x, 9, 7, 9, 3, 8, 5);
        x[1, 0] = 1;
        x[x > 8] = -1;
        Holds(x, -1, 7, -1, 1, 8, 5);
        x[new[] { 1, 0 }, new[] { 2, 0 }] = Tensor.FromArray([20.0, 30]);
        Holds(x, 30, 7, -1, 1, 8, 20);
        x[..] = Tensor.FromArray([1.0, 2, 3]);
        Holds(x, 1, 2, 3, 1, 2, 3);
        x[TensorIndex.Ellipsis] = 0;
        Holds(x, 0, 0, 0, 0, 0, 0);
        x[0, TensorIndex.NewAxis] = Tensor.FromArray([1.0, 2, 3], 1, 3);
        Holds(x[0], 1, 2, 3);
    }

    [Fact]
    public void AssignmentConvertsToTheTensorsDType()
    {
        var x = Tensor.Zeros([3], DType.Int64);
        x[0] = 2.7;
        x[new[] { 1, 2 }] = Tensor.FromArray([3f, 4]);
        Holds(x, 2, 3, 4);
        Assert.Equal(DType.Int64, x.DType);
    }

    [Fact]
    public void TheLastWriteWins()
    {
        var x = Tensor.Zeros([3], DType.Float64);
        x[new[] { 1, 1, 1 }] = Tensor.FromArray([5.0, 6, 7]);
        Holds(x, 0, 7, 0);
    }

    [Fact]
    public void LeadingOnesOfAValueDoNotCount()
    {
        var x = Tensor.Zeros([2, 1, 3], DType.Float64);
        x[..] = Tensor.Ones([1, 1, 2, 1, 3], DType.Float64);
        x[0] = Tensor.FromArray([5.0, 6, 7], 1, 1, 1, 3);
        Holds(x, 5, 6, 7, 1, 1, 1);
        Assert.Throws<ShapeException>(() => x[0] = Tensor.Ones([2, 1, 3], DType.Float64));
    }

    [Fact]
    public void AValueThatDoesNotFitIsRefused()
    {
        var x = Matrix();
        Assert.Throws<ShapeException>(() => x[0] = Tensor.FromArray([1.0, 2]));
        Fails<ShapeException>(
            "shape mismatch: value tensor of shape [2] cannot be broadcast to indexing result of shape [3]",
            () => x[x > 2] = Tensor.FromArray([1.0, 2]));
        Fails<ShapeException>(
            "shape mismatch: value tensor of shape [2, 3] cannot be broadcast to indexing result of shape [3]",
            () => x[new[] { 0 }, new[] { 0, 1, 2 }] = Tensor.Ones([2, 3], DType.Float64));
        Assert.Throws<TensorIndexException>(() => x[new[] { 0, 7 }] = 1);
        Holds(x, 0, 1, 2, 3, 4, 5);
        Assert.Equal(0, x.Version);
    }

    [Fact]
    public void AValueThatOverlapsIsReadFirst()
    {
        Tensor x = [0.0, 1, 2, 3];
        x[1..] = x[..3];
        Holds(x, 0, 0, 1, 2);
        x = [0.0, 1, 2, 3];
        x[new[] { 1, 2, 3 }] = x[..3];
        Holds(x, 0, 0, 1, 2);
        var m = Matrix()[.., ..2];
        m[TensorIndex.Ellipsis] = m.T;
        Holds(m, 0, 3, 1, 4);
    }

    /// <summary>As in PyTorch: one value, and what index tensors and masks pick, is written;
    /// copying several values into one element is refused.</summary>
    [Fact]
    public void AnExpandedTensorIsAssignedTo()
    {
        var x = Tensor.Zeros(1).Expand(3);
        x[0..2] = 1;
        Holds(x, 1, 1, 1);
        x[new[] { 0 }] = 2;
        Holds(x, 2, 2, 2);
        x[x > 1] = 3;
        Holds(x, 3, 3, 3);
        x[0] = 4;
        Holds(x, 4, 4, 4);
        Assert.Throws<ShapeException>(() => x[0..2] = Tensor.FromArray([1f, 2]));
        Holds(x, 4, 4, 4);
    }

    [Fact]
    public void GatherChecksItsIndex()
    {
        var x = Matrix();
        Holds(x.Gather(1, Tensor.FromArray([2L, 0], 2, 1)), 2, 3);
        Fails<TensorIndexException>("index 3 is out of bounds for dimension 1 with size 3", () => x.Gather(1, Tensor.FromArray([3L], 1, 1)));
        Fails<TensorIndexException>("index -1 is out of bounds for dimension 1 with size 3", () => x.Gather(1, Tensor.FromArray([-1L], 1, 1)));
        Assert.Throws<ShapeException>(() => x.Gather(1, Tensor.FromArray([0L])));
        Assert.Throws<ShapeException>(() => x.Gather(1, Tensor.Zeros([3, 1], DType.Int64)));
        Assert.Throws<DTypeException>(() => x.Gather(1, Tensor.FromArray([0.0], 1, 1)));
    }
}
