using Adjoint.Tests.Memory;
using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Batches: axes, structures, nesting, chunks, randomness, loops where a batch cannot go on, and misuse.</summary>
[Collection(Alone.Name)]
public class VmapTests
{
    private static readonly Tensor Matrix = (Tensor.Arange(12) * 0.5).To(DType.Float64).Reshape(3, 4);

    private static Tensor V(params double[] values) => Tensor.FromArray(values);

    [Fact]
    public void AFunctionOfARowRunsOnAllRows()
    {
        var shape = default(Shape);
        var sums = Vmap((Tensor row) =>
        {
            shape = row.Shape;
            return row.Sum();
        })(Matrix);
        Assert.Equal([4], shape!.ToArray());
        Check.Close(Matrix.Sum(1), sums);
    }

    [Fact]
    public void AnyAxisInAndOut()
    {
        Check.Close(Matrix.Sum(0), Vmap((Tensor column) => column.Sum(), 1)(Matrix));
        Check.Close(Matrix.T * 2, Vmap((Tensor row) => row * 2, outAxis: -1)(Matrix));
        Check.Close(Matrix * 2, Vmap((Tensor column) => column * 2, -1, 1)(Matrix));
    }

    [Fact]
    public void SomeArgumentsAreTheSameForAll()
    {
        var y = V(1, 2, 3, 4);
        Check.Close(Matrix.Mv(y), Vmap((Tensor a, Tensor b) => Tensor.Dot(a, b), (0, null))(Matrix, y));
        Check.Close(Matrix.Mv(y), Vmap((Tensor a, Tensor b) => Tensor.Dot(a, b), (Axes.None, 0))(y, Matrix));
        var both = Vmap(((Tensor A, Tensor B) p) => p.A * p.B, Axes.Each(0, null))((Matrix, y));
        Check.Close(Matrix * y, both);
    }

    [Fact]
    public void CapturedTensorsAreTheSameForAll()
    {
        var w = V(1, 10, 100, 1000);
        Check.Close(Matrix.Mv(w), Vmap((Tensor row) => (row * w).Sum())(Matrix));
        Check.Close(Tensor.Ones([3], DType.Float64), Vmap((Tensor row) => Tensor.Scalar(1.0))(Matrix));
    }

    [Fact]
    public void AScalarOfEachSampleBroadcastsAsAScalar()
    {
        // A sample is a scalar, which has no say in promotion although the batch has a dimension.
        var result = Vmap((Tensor s) => s * Tensor.Ones(4))(Tensor.FromArray([1.0, 2.0]));
        Assert.Equal(DType.Float32, result.DType);
        Assert.Equal([2, 4], result.Shape.ToArray());
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2], result.ToArray<double>().AsEnumerable());
    }

    [Fact]
    public void BatchesNest()
    {
        var products = Vmap((Tensor x) => Vmap((Tensor y) => Tensor.Dot(x, y))(Matrix))(Matrix);
        Check.Close(Matrix.Mm(Matrix.T), products);
    }

    [Fact]
    public void PerSampleGradients()
    {
        var w = V(1, 2, 3, 4);
        var gradients = Vmap((Tensor row) => Grad((Tensor p) => Tensor.Dot(p, row).Square())(w))(Matrix);
        Check.Close(2 * Matrix.Mv(w).Unsqueeze(1) * Matrix, gradients);
    }

    [Fact]
    public void StructuresGoInAndOut()
    {
        var (sums, rows) = Vmap((Tensor row) => (row.Sum(), row * 2))(Matrix);
        Check.Close(Matrix.Sum(1), sums);
        Check.Close(Matrix * 2, rows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public void ChunksGiveTheSame(int chunkSize)
    {
        var sizes = new List<int>();
        var result = Vmap(
            (Tensor row) =>
            {
                sizes.Add(1);
                return row.Sin();
            },
            outAxis: 1,
            chunkSize: chunkSize)(Matrix);
        Check.Close(Matrix.Sin().T, result);
        Assert.Equal((3 + chunkSize - 1) / chunkSize, sizes.Count);
    }

    [Fact]
    public void AnEmptyBatch() => Assert.Equal([0], Vmap((Tensor row) => row.Sum())(Tensor.Zeros(0, 4)).Shape.ToArray());

    [Fact]
    public void ControlFlowOnValuesLoopsAndSaysSo()
    {
        var (result, warnings) = Listen(() => Vmap((Tensor row) => row.Sum() > 10 ? -row : row)(Matrix));
        var sums = Matrix.Sum(1, keepDim: true);
        Check.Close(Tensor.Where(sums > 10, -Matrix, Matrix), result);
        Assert.StartsWith("vmap: the function runs once for each of 3 samples", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void ItemLoopsAndSaysSo()
    {
        var (result, warnings) = Listen(() => Vmap((Tensor row) => row * row.Max().Item())(Matrix));
        Check.Close(Matrix * Matrix.Amax([1], keepDim: true), result);
        Assert.Single(warnings);
    }

    [Fact]
    public void OnlyTheBatchThatNeedsItLoops()
    {
        var outer = 0;
        var (result, warnings) = Listen(() => Vmap((Tensor row) =>
        {
            outer++;
            return Vmap((Tensor y) => y * 2)(row) + (row[0].Item() > 1 ? 1 : 0);
        })(Matrix));
        Assert.Equal(3, outer);
        Assert.Single(warnings);
        Check.Close((Matrix * 2) + V(0, 1, 1).Unsqueeze(1), result);
    }

    [Fact]
    public void LabelsOfEachSample()
    {
        var labels = Tensor.FromArray([2L, 0, 3]);
        var losses = Vmap((Tensor row, Tensor label) => row.CrossEntropy(label))(Matrix, labels);
        Check.Close(Matrix.CrossEntropy(labels, reduction: LossReduction.None), losses);
        var (picked, warnings) = Listen(() => Vmap((Tensor row, Tensor label) => row.Gather(0, label.Unsqueeze(0)))(Matrix, labels));
        Check.Close(Matrix.Gather(1, labels.Unsqueeze(1)), picked);
        Assert.Empty(warnings);
    }

    [Fact]
    public void RandomOperatorsAreRefusedUntilOneSaysWhatIsMeant()
    {
        var message = Assert.Throws<TensorException>(() => Vmap((Tensor row) => row + Tensor.Rand(4))(Matrix)).Message;
        Assert.StartsWith(
            "vmap: called random operation while in randomness error mode. Please either use the 'same' or 'different' randomness flags on vmap or " +
            "perform the randomness operation out of vmap",
            message,
            StringComparison.Ordinal);
        Assert.Throws<TensorException>(() => Vmap((Tensor row) => row + Tensor.Zeros(4).Normal_())(Matrix));
    }

    [Fact]
    public void TheSameRandomNumbers()
    {
        var noise = Vmap((Tensor row) => Tensor.Randn(4), randomness: Randomness.Same)(Matrix);
        Assert.Equal(noise[0].ToArray<float>(), noise[2].ToArray<float>());
    }

    [Fact]
    public void DifferentRandomNumbers()
    {
        Tensor.ManualSeed(3);
        var noise = Vmap((Tensor row) => Tensor.Randn(4), randomness: Randomness.Different)(Matrix);
        Tensor.ManualSeed(3);
        Assert.Equal(Tensor.Randn(3, 4).ToArray<float>(), noise.ToArray<float>());
        var nested = Vmap(
            (Tensor row) => Vmap((Tensor y) => Tensor.Rand(2), randomness: Randomness.Different)(row), randomness: Randomness.Different)(Matrix);
        Assert.Equal([3, 4, 2], nested.Shape.ToArray());
        Assert.Equal(24, nested.ToArray<float>().Distinct().Count());
    }

    [Fact]
    public void AWrongAxisIsNamed()
    {
        Assert.StartsWith(
            "vmap: Got in_dim=2 for an input, but that input is a Tensor of dimensionality 2 so expected in_dim to satisfy -2 <= in_dim < 2.",
            Assert.Throws<TensorIndexException>(() => Vmap((Tensor x) => x, 2)(Matrix)).Message,
            StringComparison.Ordinal);
        Assert.Throws<TensorIndexException>(() => Vmap((Tensor x) => x, outAxis: 3)(Matrix));
        Assert.StartsWith(
            "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes [3, 4] for the mapped dimension",
            Assert.Throws<ShapeException>(() => Vmap((Tensor x, Tensor y) => x.Sum() + y.Sum(), (0, 1))(Matrix, Matrix)).Message,
            StringComparison.Ordinal);
        Assert.Throws<TensorException>(() => Vmap((Tensor x) => x, Axes.None)(Matrix));
        Assert.Throws<TensorException>(() => Vmap((Tensor x) => x, chunkSize: 0)(Matrix));
    }

    [Fact]
    public void ATensorThatEscapesIsRefusedAfterwards()
    {
        Tensor? kept = null;
        Vmap((Tensor row) => kept = row * 2)(Matrix);
        Assert.Contains("escape", Assert.Throws<AutogradException>(() => kept! + 1).Message, StringComparison.Ordinal);
        Assert.Throws<AutogradException>(() => kept!.ToArray<double>());
        Jvp((Tensor x) => kept = x * 2, Matrix, Matrix);
        Assert.Throws<AutogradException>(() => kept!.Sum());
    }

    [Fact]
    public void ChangingInPlaceIsRefusedWhereItCannotWork()
    {
        var table = Tensor.Zeros([4], DType.Float64);
        Assert.Contains(
            "mutate a captured Tensor",
            Assert.Throws<AutogradException>(() => Vmap((Tensor row) => table.Add_(row))(Matrix)).Message,
            StringComparison.Ordinal);
        Assert.Equal(0, table.Sum().Item());
    }

    [Fact]
    public void AStandInPrintsItsSamples() => Vmap((Tensor row) =>
    {
        Assert.StartsWith("BatchedTensor(lvl=1, bdim=0, value=tensor([[0.0000, 0.5000", row.ToString(), StringComparison.Ordinal);
        return row;
    })(Matrix);

    private static (Tensor Result, List<string> Warnings) Listen(Func<Tensor> function)
    {
        var thread = Environment.CurrentManagedThreadId;
        var warnings = new List<string>();
        void Add(string message)
        {
            if (Environment.CurrentManagedThreadId == thread)
            {
                warnings.Add(message);
            }
        }

        Autograd.Warning += Add;
        try
        {
            return (function(), warnings);
        }
        finally
        {
            Autograd.Warning -= Add;
        }
    }
}
