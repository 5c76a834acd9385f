using static Adjoint.Transform;

namespace Adjoint.Tests.Sorting;

/// <summary>Different elements, membership and places in sorted rows: examples of PyTorch's documentation and the rules for NaN.</summary>
public class UniqueTests
{
    /// <summary>PyTorch's documentation of unique and unique_consecutive.</summary>
    [Fact]
    public void ElementsOccurOnce()
    {
        var x = Tensor.FromArray([1L, 3, 2, 3]);
        var (values, inverse, counts) = x.Unique(returnInverse: true, returnCounts: true);
        Assert.Equal([1L, 2, 3], values.ToArray<long>());
        Assert.Equal([0L, 2, 1, 2], inverse!.ToArray<long>());
        Assert.Equal([1L, 1, 2], counts!.ToArray<long>());
        Assert.Null(x.Unique().Inverse);
        var runs = Tensor.FromArray([1L, 1, 2, 2, 3, 1, 1, 2]).UniqueConsecutive(returnInverse: true, returnCounts: true);
        Assert.Equal([1L, 2, 3, 1, 2], runs.Values.ToArray<long>());
        Assert.Equal([0L, 0, 1, 1, 2, 3, 3, 4], runs.Inverse!.ToArray<long>());
        Assert.Equal([2L, 2, 1, 2, 1], runs.Counts!.ToArray<long>());
        Assert.Equal([2, 2], Tensor.FromArray([1L, 3, 2, 3]).Reshape(2, 2).Unique(returnInverse: true).Inverse!.Shape);
    }

    [Fact]
    public void SlicesOccurOnce()
    {
        var x = Tensor.FromArray([2.0, 1, 1, 5, 2, 1, 2, 0]).Reshape(4, 2);
        var (values, inverse, counts) = x.Unique(returnInverse: true, returnCounts: true, dim: 0);
        Assert.Equal([1, 5, 2, 0, 2, 1], values.Reshape(-1).ToArray<double>());
        Assert.Equal([2L, 0, 2, 1], inverse!.ToArray<long>());
        Assert.Equal([1L, 1, 2], counts!.ToArray<long>());
        Assert.Equal([2, 3], x.T.Unique(dim: 1).Values.Shape);
        Assert.Equal([3, 2], Tensor.FromArray([1.0, 1, 1, 1, 2, 2, 1, 1]).Reshape(4, 2).UniqueConsecutive(dim: 0).Values.Shape);
    }

    [Fact]
    public void EveryNaNIsDifferent()
    {
        var x = Tensor.FromArray([double.NaN, 0.0, -0.0, double.NaN]);
        Assert.Equal([1L, 1, 2], x.Unique(returnCounts: true).Counts!.ToArray<long>().Order());
        Assert.Equal([false, true, true, false], x.IsIn(Tensor.FromArray([double.NaN, -0.0])).ToArray<bool>());
        Assert.Equal(0, Tensor.Zeros(0).Unique().Values.Count);
        Assert.Equal(1, Tensor.Scalar(3.0).Unique().Values.Count);
        Assert.Throws<TensorException>(() => Tensor.Zeros(2, 0).Unique(dim: 0));
        Assert.Throws<TensorIndexException>(() => x.Unique(dim: 1));
        var samples = Tensor.FromArray([1.0, 2, 1, 4, 5, 4]).Reshape(2, 3);
        Assert.Equal([1, 2, 4, 5], Vmap((Tensor a) => a.Unique().Values)(samples).Reshape(-1).ToArray<double>());
    }

    [Fact]
    public void ElementsAreAmongOthers()
    {
        var x = Tensor.FromArray([1L, 2, 3, 4]).Reshape(2, 2);
        Assert.Equal([false, true, true, false], x.IsIn(Tensor.FromArray([2.0, 3.0])).Reshape(-1).ToArray<bool>());
        Assert.Equal([true, false, false, true], x.IsIn(Tensor.FromArray([2L, 3]), invert: true).Reshape(-1).ToArray<bool>());
        Assert.Equal([true, false, false, false], x.IsIn(1).Reshape(-1).ToArray<bool>());
        Assert.False(x.IsIn(Tensor.Zeros(0)).Any().Item<bool>());
        Assert.Equal([false, true, true, false], Vmap((Tensor a) => a.IsIn(Tensor.FromArray([2L, 3])))(x).Reshape(-1).ToArray<bool>());
    }

    /// <summary>PyTorch's documentation of searchsorted and bucketize.</summary>
    [Fact]
    public void ValuesHavePlacesInRows()
    {
        var rows = Tensor.FromArray([1L, 3, 5, 7, 9, 2, 4, 6, 8, 10]).Reshape(2, 5);
        var values = Tensor.FromArray([3L, 6, 9, 3, 6, 9]).Reshape(2, 3);
        Assert.Equal([1L, 3, 4, 1, 2, 4], rows.SearchSorted(values).Reshape(-1).ToArray<long>());
        Assert.Equal([2L, 3, 5, 1, 3, 4], rows.SearchSorted(values, right: true).Reshape(-1).ToArray<long>());
        Assert.Equal([1L, 3, 4, 1, 3, 4], rows[0].SearchSorted(values).Reshape(-1).ToArray<long>());
        Assert.Equal(DType.Int32, rows[0].SearchSorted(4, outInt32: true).DType);
        Assert.Equal([1L, 3, 4], Tensor.FromArray([3L, 6, 9]).Bucketize(rows[0]).ToArray<long>());
        Assert.Equal(5, rows[0].To(DType.Float64).SearchSorted(double.NaN).Item<long>());
        var mixed = Tensor.FromArray([9.0, 1, 5]);
        Assert.Equal([1L, 3], mixed.SearchSorted(Tensor.FromArray([2.0, 10]), sorter: mixed.ArgSort()).ToArray<long>());

        // Transforms count where loops halve.
        Assert.Equal([1L, 3, 4, 1, 2, 4], Vmap((Tensor a, Tensor b) => a.SearchSorted(b))(rows, values).Reshape(-1).ToArray<long>());
        Assert.Equal([2L, 3, 5, 2, 3, 5], Vmap((Tensor b) => rows[0].SearchSorted(b, right: true))(values).Reshape(-1).ToArray<long>());
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        var rows = Tensor.Zeros(2, 3);
        Assert.Throws<ShapeException>(() => rows.SearchSorted(Tensor.Zeros(3, 3)));
        Assert.Throws<ShapeException>(() => Tensor.Scalar(1.0).SearchSorted(rows));
        Assert.Throws<ShapeException>(() => rows.Bucketize(rows));
        Assert.Throws<DTypeException>(() => rows.SearchSorted(rows, sorter: rows));
        Assert.Throws<TensorIndexException>(() => rows.SearchSorted(rows, sorter: Tensor.Full([2, 3], 3, DType.Int64)));
    }
}
