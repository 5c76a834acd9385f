using System.Collections;
using System.Text.Json;
using Adjoint.Tests.Docs;

namespace Adjoint.Tests.Indexing;

/// <summary>A tensor is enumerated by its rows, by foreach and spreads alone: nothing else takes it for a collection.</summary>
public class EnumerationTests
{
    private static Tensor Matrix() => Tensor.Arange(6.0).Reshape(2, 3);

    [Fact]
    public void ForeachAndSpreadsGiveRows()
    {
        List<string> rows = [];
        foreach (var row in Matrix())
        {
            rows.Add($"{row}");
        }

        Tensor[] spread = [.. Matrix()];
        Assert.Equal(["tensor([0., 1., 2.])", "tensor([3., 4., 5.])"], rows);
        Assert.Equal(rows, spread.Select(row => $"{row}"));
    }

    /// <summary>Rows are views with a history: the gradient of the first is one in the first row.</summary>
    [Fact]
    public void RowsHaveAHistory()
    {
        var x = Matrix().RequiresGrad_();
        foreach (var row in x)
        {
            row.Sum().Backward();
            break;
        }

        Assert.True(x.Grad!.Equal(Tensor.FromArray([1.0, 1, 1, 0, 0, 0], 2, 3)));
    }

    [Fact]
    public void CollectionExpressionsStillMakeTensors()
    {
        Tensor matrix = [[1.0, 2], [3, 4]];
        Tensor rows = [matrix[0], matrix[1]];
        Tensor empty = [];
        Tensor longer = [.. matrix, matrix[0]];
        Assert.True(rows.Equal(matrix));
        Assert.Equal([0], empty.Shape);
        Assert.Equal([3, 2], longer.Shape);
    }

    [Fact]
    public void ATensorIsNoCollection() => Assert.False(typeof(IEnumerable).IsAssignableFrom(typeof(Tensor)));

    /// <summary>LINQ's answers would be other things than what the words mean for tensors.</summary>
    [Theory]
    [InlineData("x.Skip(3)")]
    [InlineData("x.Concat(x)")]
    [InlineData("x.Reverse()")]
    [InlineData("x.Append(x)")]
    [InlineData("x.Count()")]
    [InlineData("x.SequenceEqual(x)")]
    [InlineData("x.ToArray()")]
    [InlineData("x.ToList()")]
    [InlineData("x.First()")]
    public void AbsentMembersDoNotBindToLinq(string call) =>
        Assert.NotEmpty(Compiled.Errors($"using Adjoint;\nvar x = Tensor.Ones(2, 2);\nvar y = {call};"));

    /// <summary>xUnit compares collections element by element, and tensors as it compares any object.</summary>
    [Fact]
    public void XunitComparesTensorsAsObjects()
    {
        var x = Matrix();
        Assert.Equal(x, x);
        Assert.DoesNotContain("Collections", Record.Exception(() => Assert.Equal(x, Matrix()))!.Message, StringComparison.Ordinal);
    }

    /// <summary>Numbers and shape go there and back, of rank 0 as well.</summary>
    [Fact]
    public void NumbersAndShapesComeBack()
    {
        foreach (var x in new[] { Matrix(), Tensor.Scalar(2.0), Tensor.Zeros([0, 3], DType.Float64) })
        {
            var numbers = JsonSerializer.Deserialize<double[]>(JsonSerializer.Serialize(x.ToArray<double>()))!;
            var shape = JsonSerializer.Deserialize<int[]>(JsonSerializer.Serialize(x.Shape.ToArray()))!;
            Assert.True(x.Equal(Tensor.FromArray(numbers, shape)));
        }
    }

    [Fact]
    public void AnEmptyShapeIsAScalar()
    {
        Assert.Equal(0, Tensor.FromArray(new[] { 1f }, []).Rank);
        Assert.Equal(0, Tensor.FromArray(new[] { 1f }, Array.Empty<int>()).Rank);
        Assert.Equal(0, Tensor.FromSpan<float>([1f], []).Rank);
        Assert.Equal([1], Tensor.FromArray(new[] { 1f }).Shape);
        Assert.Equal([1], Tensor.FromSpan<float>([1f]).Shape);
        Assert.Equal([2, 1], Tensor.FromArray(new[] { 1f, 2 }, 2, 1).Shape);
        Assert.StartsWith(
            "shape '[]' is invalid for input of size 2",
            Assert.Throws<ShapeException>(() => Tensor.FromArray(new[] { 1f, 2 }, [])).Message,
            StringComparison.Ordinal);
    }

    /// <summary>torch.tensor(3) ** 2 is tensor(9), of no dimension, as is every power of two numbers.</summary>
    [Fact]
    public void PowersOfWholeScalarsAreScalars()
    {
        foreach (var dtype in new[] { DType.Int32, DType.Int64, DType.UInt8 })
        {
            var power = Tensor.Full([], 3, dtype).Pow(2);
            Assert.Equal((0, dtype, 9L), (power.Rank, power.DType, power.Item<long>()));
            Assert.Equal(0, Tensor.Full([], 3, dtype).Pow(Tensor.Full([], 2, dtype)).Rank);
            Assert.Equal([1], Tensor.Full([1], 3, dtype).Pow(2).Shape);
        }
    }
}
