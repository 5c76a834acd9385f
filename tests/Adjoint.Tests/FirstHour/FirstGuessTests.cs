using Adjoint.NN;
using static Adjoint.Transform;

namespace Adjoint.Tests.FirstHour;

/// <summary>Forms that are tried first, from C# and from languages without spans of parameters.</summary>
public class FirstGuessTests
{
    [Fact]
    public void SumsAndMeansOverSeveralDimensions()
    {
        var x = Tensor.Arange(24.0).Reshape(2, 3, 4);
        Assert.Equal([60f, 92, 124], x.Sum(0, 2).ToArray<float>());
        Assert.Equal(x.Mean([0, 2]).ToArray<float>(), x.Mean(0, -1).ToArray<float>());
        Assert.Equal(276, x.Sum(0, 1, 2).Item());
        Assert.Equal([2, 1, 4], x.Sum([1], keepDim: true).Shape.ToArray());
        Assert.Throws<TensorException>(() => x.Sum(0, 0));
        Assert.Throws<TensorIndexException>(() => x.Mean(0, 3));
        x.RequiresGrad = true;
        x.Mean(0, 2).Sum().Backward();
        Assert.All(x.Grad!.ToArray<float>(), g => Assert.Equal(0.125f, g));
    }

    [Fact]
    public void ArraysAreIndices()
    {
        var x = Tensor.Arange(6.0).Reshape(3, 2);
        Assert.Equal([4f, 5, 0, 1], x[new[] { 2L, 0 }].ToArray<float>());
        Assert.Equal([0f, 1, 4, 5], x[new[] { true, false, true }].ToArray<float>());
        Assert.Throws<ArgumentNullException>(() => x[(long[])null!]);
        Assert.Throws<ArgumentNullException>(() => x[(bool[])null!]);
        Assert.Throws<ArgumentNullException>(() => x[(TensorIndex[])null!]);
        TensorIndex[] indices = [1, ^1];
        Assert.Equal(3, x[indices].Item());
        x[indices] = 9;
        Assert.Equal(9, x[1, 1].Item());
    }

    /// <summary>A number beside a tensor never changes the category of its dtype, whatever type of .NET it has.</summary>
    [Fact]
    public void PlainNumbersKeepTheDType()
    {
        var whole = Tensor.Arange(1, 4);
        var single = whole.To(DType.Float32);
        Assert.Equal(DType.Int64, (whole * 2).DType);
        Assert.Equal(DType.Int64, (2L + whole).DType);
        Assert.Equal(DType.Float32, (whole * 2.0).DType);
        Assert.Equal(DType.Float32, (single * 2.0).DType);
        Assert.Equal(DType.Float32, (1 - single).DType);
        Assert.Equal([1f, 0.5f], (1f / single)[..2].ToArray<float>());
        Assert.Equal([0L, -1, -2], (1 - whole).ToArray<long>());
        Assert.Equal([0f, 1, 2], (single - 1L).ToArray<float>());
        Assert.Equal([0.5f, 1f, 1.5f], (whole / 2).ToArray<float>());
        Assert.Throws<ArgumentNullException>(() => (Tensor)null! * 2);
        Assert.Throws<ArgumentNullException>(() => 2.0 / (Tensor)null!);
        var x = Tensor.Scalar(3.0).RequiresGrad_();
        (1 / (2.0 * x - 1L)).Backward();
        Assert.Equal(-0.08, x.Grad!.Item(), 1e-15);
    }

    [Fact]
    public void ArraysAreShapes()
    {
        int[] shape = [2, 3];
        Assert.All<Tensor>(
            [
                Tensor.Zeros(shape), Tensor.Ones(shape), Tensor.Rand(shape), Tensor.Randn(shape), Tensor.Empty(shape), Tensor.Full(shape, 1),
                Tensor.Randint(5, shape), Tensor.Randint(1, 5, shape), Tensor.Normal(0, 1, shape), Tensor.FromArray(new float[6], shape),
                Tensor.Arange(6).Reshape(shape), Tensor.Arange(6).View(shape), Tensor.Ones(1, 3).Expand(shape),
                Tensor.Ones(3, 2).Permute(new[] { 1, 0 }),
                Tensor.Ones(2, 3).Flip(new[] { 0, 1 }), Tensor.Ones(1, 3).Repeat(new[] { 2, 1 }), Tensor.Ones(1, 3).Tile(new[] { 2, 1 }),
            ],
            x => Assert.Equal(shape, x.Shape.ToArray()));
        Assert.Equal(DType.Float64, Tensor.Zeros(shape, DType.Float64).DType);
        Assert.Equal(DType.Float64, Tensor.Randn(shape, DType.Float64).DType);
        Assert.Equal(0, Tensor.Zeros().Rank);
        Assert.Equal(15, Tensor.Arange(6).Reshape(shape).Sum(new[] { 0, 1 }).Item());
        Assert.Equal(2, new Sequential(new Layer[] { new Flatten(), new Linear(2, 1) }).Count);
    }

    [Fact]
    public void MethodsAreHandedOver()
    {
        Tensor points = [1.0, 2, 3];
        Assert.Equal([1.0, 8, 27], Vmap(Cube)(points).ToArray<double>());
        Assert.Equal([3.0, 12, 27], Vmap(Grad(Cube))(points).ToArray<double>());
        Assert.Equal([6.0, 12, 18], Vmap(Grad(Grad(Cube)))(points).ToArray<double>());
        Assert.Equal([2.0, 4, 6], Vmap(Product, (0, Axes.None))(points, Tensor.Scalar(2.0)).ToArray<double>());
    }

    private static Tensor Cube(Tensor x) => x * x * x;

    private static Tensor Product(Tensor x, Tensor y) => x * y;
}
