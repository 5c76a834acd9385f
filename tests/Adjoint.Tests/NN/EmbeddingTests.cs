using Adjoint.NN;
using Adjoint.Transforms;

namespace Adjoint.Tests.NN;

/// <summary>
/// Embeddings: padding, norms that are limited in place, gradients by frequency. Numbers:
/// libtorch 2.10 by TorchSharp 0.107; tables are sin(0.7 i), or twice that.
/// </summary>
public class EmbeddingTests
{
    private static readonly Tensor Taken = Tensor.FromArray([2L, 0, 2, 1]);

    [Theory]
    [InlineData(2, new[]
    {
        0, 0.5471810148218724, 0.8370142484338139, 1.7264187332977479, 0.6699763003118102, -0.7015664553792397,
        -0.598127577723228, -0.6742179165783427, -0.4332130343211127, 0.033627800968699426, 1.3139731974375781, 1.9763364677540005,
    })]
    [InlineData(1, new[]
    {
        0, 0.3953062205593456, 0.6046937487595486, 1.7264187332977479, 0.6699763003118102, -0.7015664553792397,
        -0.3506930754073342, -0.39530622473487453, -0.25400067973945567, 0.033627800968699426, 1.3139731974375781, 1.9763364677540005,
    })]
    [InlineData(double.PositiveInfinity, new[]
    {
        0, 0.6537295966976977, 0.9999999492617472, 1.7264187332977479, 0.6699763003118102, -0.7015664553792397,
        -0.8871427658259179, -0.9999999491069627, -0.642541530892775, 0.033627800968699426, 1.3139731974375781, 1.9763364677540005,
    })]
    public void LongRowsThatAreTakenAreShortenedInTheTable(double normType, double[] expected)
    {
        var table = (2 * Waves(4, 3)).RequiresGrad_();
        var before = table.Version;
        Tensor.FromArray([2L, 0, 2]).Embedding(table, maxNorm: 1, normType: normType);
        Close(expected, table);
        Assert.NotEqual(before, table.Version);
        Assert.True(table.IsLeaf && table.RequiresGrad);
    }

    /// <summary>The gradient is that of rows after the change: shortening is not recorded.</summary>
    [Fact]
    public void ShorteningHasNoGradient()
    {
        var table = (2 * Waves(4, 3)).RequiresGrad_();
        var y = Taken.Embedding(table, maxNorm: 1);
        Close(
            [
                -0.598127577723228, -0.6742179165783427, -0.4332130343211127, 0, 0.5471810148218724, 0.8370142484338139,
                -0.598127577723228, -0.6742179165783427, -0.4332130343211127, 0.8717968203313784, 0.33832070809004744, -0.3542729195729209,
            ],
            y);
        (y * Waves(4, 3)).Sum().Backward();
        Close(
            [
                0.8632093666488739, 0.3349881501559051, -0.35078322768961984, 0.016813900484349713, 0.6569865987187891, 0.9881682338770003,
                -0.8715757724135877, -0.33823492538664157, 0.3541830921161385, 0, 0, 0,
            ],
            table.Grad!);
    }

    [Fact]
    public void GradientsMayBeDividedByHowOftenRowsAreTaken()
    {
        var table = Waves(4, 3).RequiresGrad_();
        (Taken.Embedding(table, scaleGradByFreq: true) * Waves(4, 3)).Sum().Backward();
        Close(
            [
                0.8632093666488739, 0.3349881501559051, -0.35078322768961984, 0.016813900484349713, 0.6569865987187891, 0.9881682338770003,
                -0.4357878862067939, -0.16911746269332079, 0.17709154605806926, 0, 0, 0,
            ],
            table.Grad!);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-4)]
    public void ThePaddingGetsNoGradient(int padding)
    {
        var table = Waves(4, 3).RequiresGrad_();
        var y = Taken.Embedding(table, padding, scaleGradByFreq: true);
        Assert.Equal("EmbeddingBackward0", y.GradFn!.Name);
        Close(
            [
                -0.8715757724135877, -0.9824526126243326, -0.6312666378723216, 0, 0.644217687237691, 0.9854497299884601,
                -0.8715757724135877, -0.9824526126243326, -0.6312666378723216, 0.8632093666488739, 0.3349881501559051, -0.35078322768961984,
            ],
            y);
        (y * Waves(4, 3)).Sum().Backward();
        Close(
            [
                0, 0, 0, 0.016813900484349713, 0.6569865987187891, 0.9881682338770003,
                -0.4357878862067939, -0.16911746269332079, 0.17709154605806926, 0, 0, 0,
            ],
            table.Grad!);
    }

    [Fact]
    public void NothingBadFlowsThroughThePadding()
    {
        var table = Waves(4, 3).RequiresGrad_();
        Taken.Embedding(table, paddingIdx: 2).Backward(Tensor.Full([4, 3], double.NaN, DType.Float64));
        Assert.Equal([0.0, 0, 0], table.Grad![2].ToArray<double>());
    }

    /// <summary>A batch of tables has a padding in each, and counts in each for itself.</summary>
    [Fact]
    public void ABatchOfTablesIsALoop()
    {
        var tables = Waves(3, 4, 2);
        var positions = Tensor.FromArray([2L, 0, 2, 1, 3, 3, 0, 0, 0, 1, 2, 3], 3, 4);
        var weights = Waves(4, 2);
        Tensor Loss(Tensor table, Tensor at) => (at.Embedding(table, 2, scaleGradByFreq: true).Square() * weights).Sum();
        var inner = Transform.Vmap(Transform.Grad<Tensor, Tensor>(Loss))(tables, positions);
        var leaf = tables.Clone().RequiresGrad_();
        Transform.Vmap<Tensor, Tensor, Tensor>(Loss)(leaf, positions).Sum().Backward();
        for (var i = 0; i < 3; i++)
        {
            var table = tables[i].Clone().RequiresGrad_();
            Loss(table, positions[i]).Backward();
            Close(table.Grad!.Reshape(-1).ToArray<double>(), inner[i]);
            Close(table.Grad!.Reshape(-1).ToArray<double>(), leaf.Grad![i]);
        }
    }

    [Fact]
    public void SecondDerivativesAreRight()
    {
        var table = Waves(4, 3).RequiresGrad_();
        Assert.True(Diagnose.GradCheck(x => Taken.Embedding(x).Square(), table));
        Assert.True(Diagnose.GradGradCheck(x => Taken.Embedding(x).Pow(3), table));
    }

    /// <summary>First values: libtorch after <c>manual_seed(0)</c>; text: <c>extra_repr</c> of PyTorch's class.</summary>
    [Fact]
    public void TheLayerIsPyTorchs()
    {
        var layer = new Embedding(5, 3, paddingIdx: -4, generator: new Generator(0));
        var values = layer.Weight.Detach().ToArray<float>();
        Assert.Equal([1.5409961f, -0.2934289f, -2.1787894f, 0, 0, 0], values[..6], (a, b) => Math.Abs(a - b) <= 3e-7);
        Assert.Equal(-1.0711874f, values[^1], 1e-6f);
        Assert.Equal(["weight"], layer.NamedParameters().Select(parameter => parameter.Name));
        Assert.Equal("Embedding(5, 3, padding_idx=1)", layer.ToString());
        Assert.Equal("Embedding(5, 3)", new Embedding(5, 3).ToString());
        Assert.Equal(
            "Embedding(5, 3, padding_idx=0, max_norm=1.0, norm_type=1.0, scale_grad_by_freq=True)", new Embedding(5, 3, 0, 1, 1, true).ToString());
        layer.Forward(Tensor.FromArray([1L, 0])).Sum().Backward();
        Assert.Equal([1, 1, 1, 0, 0, 0], layer.Weight.Grad![..2].Reshape(-1).ToArray<float>());
    }

    [Fact]
    public void ATableThatIsThereAlreadyIsShared()
    {
        var table = Tensor.Ones(3, 2);
        var frozen = Embedding.FromPretrained(table, paddingIdx: 0, maxNorm: 1);
        Assert.False(frozen.Weight.RequiresGrad);
        Assert.False(frozen.Forward(Tensor.FromArray([1L])).RequiresGrad);
        Assert.Equal([1f, 1], table[0].ToArray<float>()); // the padding keeps its values
        Assert.InRange(table[1].Norm().Item<float>(), 0.99f, 1);
        var trained = Embedding.FromPretrained(table, freeze: false);
        Assert.True(trained.Weight.RequiresGrad);
        Assert.False(table.RequiresGrad);
        trained.Forward(Tensor.FromArray([0L, 0, 2, 2], 2, 2)).Sum().Backward();
        Assert.Equal([2f, 2, 0, 0, 2, 2], trained.Weight.Grad!.Reshape(-1).ToArray<float>());
    }

    [Fact]
    public void MistakesAreToldInPyTorchsWords()
    {
        Says<ShapeException>("'weight' must be 2-D", () => Taken.Embedding(Tensor.Ones(3)));
        Says<DTypeException>(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got CPUFloatType instead (while " +
            "checking arguments for embedding)",
            () => Tensor.Ones(2).Embedding(Tensor.Ones(3, 4)));
        Says<TensorIndexException>("index out of range in self", () => Tensor.FromArray([3L]).Embedding(Tensor.Ones(3, 4)));
        Says<TensorIndexException>("index out of range in self", () => Tensor.FromArray([-1L]).Embedding(Tensor.Ones(3, 4)));
        Says<TensorIndexException>("index out of range in self", () => Tensor.FromArray([3L]).Embedding(Tensor.Ones(3, 4), maxNorm: 1));
        Says<TensorIndexException>("Padding_idx must be within num_embeddings", () => Taken.Embedding(Tensor.Ones(3, 4), 3));
        Says<ArgumentOutOfRangeException>("Padding_idx must be within num_embeddings", () => new Embedding(3, 4, -4).Weight);
        Says<ShapeException>("Embeddings parameter is expected to be 2-dimensional", () => Embedding.FromPretrained(Tensor.Ones(3)).Weight);
        Says<TensorException>(
            "embedding_renorm_ changes the table in place",
            () => Transform.Vmap((Tensor at) => at.Embedding(Tensor.Ones(3, 4), maxNorm: 1))(Taken));

        static void Says<E>(string message, Func<Tensor?> call)
            where E : Exception => Assert.StartsWith(message, Assert.Throws<E>(call).Message, StringComparison.Ordinal);
    }

    private static Tensor Waves(params int[] shape) => (0.7 * Tensor.Arange(Shape.Product(shape)).To(DType.Float64)).Sin().Reshape(shape);

    private static void Close(double[] expected, Tensor actual) =>
        Assert.Equal(expected, actual.Detach().Reshape(-1).ToArray<double>(), (a, b) => Math.Abs(a - b) <= 1e-12);
}
