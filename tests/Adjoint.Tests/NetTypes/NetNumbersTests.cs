using System.Globalization;
using System.Text.Json;

namespace Adjoint.Tests.NetTypes;

/// <summary>Tensors from and to .NET's arrays, sequences, numbers, texts and JSON.</summary>
public class NetNumbersTests
{
    [Fact]
    public void ArraysOfAllForms()
    {
        Assert.True(Tensor.Arange(8.0).Reshape(2, 2, 2).Equal(Tensor.FromArray(new double[,,] { { { 0, 1 }, { 2, 3 } }, { { 4, 5 }, { 6, 7 } } })));
        Assert.True(Tensor.Arange(4.0).Reshape(2, 2).Equal(Tensor.FromArray(new double[][] { [0, 1], [2, 3] })));
        Assert.Equal([0, 0], Tensor.FromArray(Array.Empty<double[]>()).Shape);
        Assert.True(Tensor.Arange(3.0).Equal(Tensor.FromEnumerable(new List<double> { 0, 1, 2 })));
        Assert.True(Tensor.Arange(3.0).Equal(Tensor.FromEnumerable(Enumerable.Range(0, 3).Select(i => (double)i))));
        Assert.Equal(new double[,] { { 0, 2 }, { 1, 3 } }, Tensor.Arange(4.0).Reshape(2, 2).T.ToArray2D<double>());
        Assert.StartsWith(
            "expected sequence of length 2 at dim 1 (got 1)",
            Assert.Throws<ShapeException>(() => Tensor.FromArray(new double[][] { [0, 1], [2] })).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => Tensor.FromArray(new double[][] { [0, 1], null! }));
        Assert.Throws<ShapeException>(() => Tensor.Zeros(3).ToArray2D<float>());
    }

    [Fact]
    public void OneElementConvertsToANumber()
    {
        var x = Tensor.Scalar(2.75);
        Assert.Equal((2.75, 2.75f, 2, 2L, true), ((double)x, (float)x, (int)x, (long)x, (bool)x));
        Assert.Throws<TensorException>(() => (double)Tensor.Zeros(2));
        Assert.Throws<ArgumentNullException>(() => (double)(Tensor)null!);
    }

    [Fact]
    public void FormatsApplyToElements()
    {
        var culture = CultureInfo.InvariantCulture;
        Assert.Equal("0.333", string.Create(culture, $"{Tensor.Scalar(1 / 3.0):F3}"));
        Assert.Equal("[[1.0, 2.0], [3.5, -1.0]]", Tensor.FromArray(new[] { 1, 2, 3.5, -1 }, 2, 2).ToString("F1", culture));
        Assert.Equal("[007, 012]", Tensor.FromArray(new long[] { 7, 12 }).ToString("D3", culture));
        Assert.Equal("0,5", Tensor.Scalar(0.5f).ToString("F1", CultureInfo.GetCultureInfo("de-DE")));
        Assert.Equal("tensor([1., 2.])", $"{Tensor.FromArray(new[] { 1f, 2 })}");
        Assert.Throws<FormatException>(() => Tensor.Scalar(1.0).ToString("Q9", culture));
    }

    [Fact]
    public void ShapesAreSpans()
    {
        var x = Tensor.Zeros(2, 3);
        Assert.Equal(x.Shape, Tensor.Ones(x.Shape).Shape);
        Assert.Equal(3, x.Shape[^1]);
        Assert.Equal(2, x.Shape[^2]);
        Assert.Throws<TensorIndexException>(() => x.Shape[^0]);
        Assert.Throws<TensorIndexException>(() => x.Shape[^3]);
    }

    [Fact]
    public void LongLiteralsKeepTheWidestType()
    {
        Tensor mixed = [1, 2.5, true, 4f];
        Assert.Equal(DType.Float64, mixed.DType);
        Assert.Equal([1, 2.5, 1, 4], mixed.ToArray<double>());
        Tensor whole = [true, long.MaxValue];
        Assert.Equal([1, long.MaxValue], whole.ToArray<long>());
    }

    [Fact]
    public void JsonKeepsDTypeAndShape()
    {
        Assert.Equal(
            """{"dtype":"float32","shape":[2,2],"data":[1,0.1,"NaN","-Infinity"]}""",
            JsonSerializer.Serialize(Tensor.FromArray(new[] { 1f, 0.1f, float.NaN, float.NegativeInfinity }, 2, 2)));
        foreach (var dtype in DType.All)
        {
            foreach (var x in new[] { Tensor.Rand(3, 2).To(dtype), Tensor.Ones([], dtype), Tensor.Zeros([0, 3], dtype) })
            {
                var back = JsonSerializer.Deserialize<Tensor>(JsonSerializer.Serialize(x))!;
                Assert.Equal((x.DType, x.Shape), (back.DType, back.Shape));
                Assert.True(x.Equal(back));
            }
        }

        var record = JsonSerializer.Deserialize<Weights>(JsonSerializer.Serialize(new Weights("a", Tensor.Scalar(long.MaxValue))))!;
        Assert.Equal(long.MaxValue, record.Value.Item<long>());
        var parameter = Tensor.Ones(1);
        parameter.RequiresGrad = true;
        Assert.False(JsonSerializer.Deserialize<Tensor>(JsonSerializer.Serialize(parameter))!.RequiresGrad);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("""{"dtype":"uint8","shape":[1],"data":[300]}""")]
    [InlineData("""{"shape":[1],"data":[1]}""")]
    [InlineData("""{"dtype":"float12","shape":[1],"data":[1]}""")]
    [InlineData("""{"dtype":"float32","data":[1]}""")]
    [InlineData("""{"dtype":"float32","shape":[1]}""")]
    [InlineData("""{"dtype":"float32","shape":[2],"data":[1]}""")]
    [InlineData("""{"dtype":"float32","shape":[-1],"data":[1]}""")]
    [InlineData("""{"dtype":"float32","shape":[1],"data":[true]}""")]
    [InlineData("""{"dtype":"int64","shape":[1],"data":[1.5]}""")]
    [InlineData("""{"dtype":"int64","shape":[1e3],"data":[1]}""")]
    [InlineData("""{"dtype":"uint8","shape":[1],"data":[{}]}""")]
    [InlineData("""{"dtype":"float32","shape":[1],"data":1}""")]
    [InlineData("""{"dtype":"float32","shape":[1],"data":[1],"more":1}""")]
    public void OtherJsonIsRefused(string text) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Tensor>(text));

    private sealed record Weights(string Name, Tensor Value);
}
