using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// Inputs without a gradient, such as running statistics, masks, targets, class weights and positions, are saved with their version where a pull
/// reads them, like any other input, so that a change in between is refused (PyTorch's derivatives.yaml names them in the formulas
/// of these operators).
/// </summary>
public class ReadInputTests
{
    private const string Modified = "one of the variables needed for gradient computation has been modified by an inplace operation: ";

    /// <summary>A function of leaves, and another input that its backward pass reads.</summary>
    private static readonly Dictionary<string, Func<(Tensor Result, Tensor Read)>> Cases = new()
    {
        ["the running mean of a batch norm"] = () =>
        {
            Tensor mean = [0.5, -1], variance = [2.0, 0.7];
            return (Matrix().BatchNorm(mean, variance, Leaf(1, 2), Leaf(0, 1)), mean);
        },
        ["the running variance of a batch norm"] = () =>
        {
            Tensor mean = [0.5, -1], variance = [2.0, 0.7];
            return (Matrix().BatchNorm(mean, variance), variance);
        },
        ["the running mean of a batch norm, in float32"] = () =>
        {
            Tensor mean = [0.5f, -1], variance = [2.0f, 0.7f];
            return (Matrix().BatchNorm(mean, variance, Leaf(1, 2)), mean);
        },
        ["the mask of attention"] = () =>
        {
            var (q, k, v) = Heads();
            var mask = Mask();
            return (q.ScaledDotProductAttention(k, v, mask), mask);
        },
        ["the mask of attention, for values alone"] = () =>
        {
            var (q, k, v) = Heads();
            var mask = Mask();
            return (q.Detach().ScaledDotProductAttention(k.Detach(), v, mask), mask);
        },
        ["the classes of a likelihood"] = () =>
        {
            var target = Tensor.FromArray([1L, 0]);
            return (Matrix().NllLoss(target), target);
        },
        ["the class weights of a likelihood"] = () =>
        {
            Tensor weight = [0.5, 2];
            return (Matrix().NllLoss(Tensor.FromArray([1L, 0]), weight), weight);
        },
        ["the classes of a cross-entropy"] = () =>
        {
            var target = Tensor.FromArray([1L, -100]);
            return (Matrix().CrossEntropy(target), target);
        },
        ["the class weights of a cross-entropy of images"] = () =>
        {
            Tensor weight = [0.5, 2];
            return (LeafOf([1, 2, 2], 1, 2, 3, 4).CrossEntropy(Tensor.FromArray([1L, 0], 1, 2), weight, reduction: LossReduction.None).Sum(), weight);
        },
        ["positions of a gather"] = () =>
        {
            var positions = Tensor.FromArray([1L, 0], 2, 1);
            return (Matrix().Gather(1, positions), positions);
        },
    };

    public static TheoryData<string, bool> Names => new(Cases.Keys.SelectMany(name => new[] { (name, false), (name, true) }));

    [Theory]
    [MemberData(nameof(Names))]
    public void AChangeInBetweenIsRefused(string name, bool createGraph)
    {
        var (result, read) = Cases[name]();
        if (read.DType.IsFloatingPoint)
        {
            read.Add_(100);
        }
        else
        {
            read.Zero_();
        }

        var message = Message<AutogradException>(() => result.Sum().Backward(createGraph: createGraph));
        Assert.StartsWith($"{Modified}[torch.{read.DType.ScalarName}Tensor [", message, StringComparison.Ordinal);
        Assert.Contains("is at version 1; expected version 0 instead.", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ItIsInTheListOfSavedTensorsAndGoesThroughHooks(string name, bool createGraph)
    {
        var (result, read) = Cases[name]();
        Assert.Contains(ComputationGraph.SavedTensors(result), saved => ReferenceEquals(saved.Memory, read.Storage));
        result.Sum().Backward(createGraph: createGraph);

        Tensor hooked;
        List<Tensor> packed = [];
        using (Autograd.SavedTensorHooks(
            x =>
            {
                packed.Add(x);
                return x.Clone();
            },
            x => x))
        {
            (hooked, read) = Cases[name]();
        }

        // What hooks made is a copy: the change of the original does not matter any more.
        read.Zero_();
        hooked.Sum().Backward(createGraph: createGraph);
        Assert.Contains(packed, x => Share(x, read));
    }

    /// <summary>By hand: the gradient of the weight is the sum over images of (x - 0) / 1.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WithoutAChangeTheGradientIsRight(bool createGraph)
    {
        var w = Leaf(1, 1);
        Tensor x = [[1.0, 2], [3, 4]], mean = [0.0, 0], variance = [1.0, 1];
        x.BatchNorm(mean, variance, w, eps: 0).Sum().Backward(createGraph: createGraph);
        Holds(w.Grad, 4, 6);
    }

    /// <summary>
    /// What no pull of a wanted gradient reads may change. The gradient of x is weight / sqrt(variance), that of the bias the number of images.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatIsNotReadMayChange(bool createGraph)
    {
        var x = Matrix();
        Tensor mean = [0.0, 0], variance = [4.0, 1], weight = [3.0, 5];
        var y = x.BatchNorm(mean, variance, weight, eps: 0);
        mean.Add_(100);
        y.Sum().Backward(createGraph: createGraph);
        Holds(x.Grad, 1.5, 5, 1.5, 5);

        var bias = Leaf(0, 0);
        Tensor data = [[1.0, 2], [3, 5]];
        Tensor[] results =
        [
            data.BatchNorm(mean, variance, weight, bias),
            data.BatchNorm(null, null, weight, bias, training: true),
            data.LayerNorm([2], weight, bias),
            data.GroupNorm(2, weight, bias),
        ];
        data.Zero_();
        weight.Zero_();
        variance.Zero_();
        foreach (var result in results)
        {
            Holds(Autograd.Grad(result.Sum(), bias, createGraph: createGraph), 2, 2);
        }
    }

    /// <summary>Infinite gradients, and inputs, do not meet where given statistics are constants.</summary>
    [Fact]
    public void AnInfiniteInputOfAGivenNormDoesNotMatterToItsGradient()
    {
        var x = LeafOf([2, 2], double.PositiveInfinity, 2, 3, 4);
        Tensor mean = [0.0, 0], variance = [4.0, 1];
        x.BatchNorm(mean, variance, Leaf(2, 3), eps: 0).Backward([[1.0, 1], [double.PositiveInfinity, 1]]);
        Holds(x.Grad, 1, 3, double.PositiveInfinity, 3);
    }

    [Fact]
    public void ChangesMayBeAllowed()
    {
        var w = Leaf(1, 1);
        Tensor x = [[1.0, 2], [3, 4]], mean = [0.0, 0], variance = [1.0, 1];
        using (Autograd.AllowMutationOnSavedTensors())
        {
            var y = x.BatchNorm(mean, variance, w, eps: 0);
            mean.Add_(100);
            y.Sum().Backward(createGraph: true);
        }

        Holds(w.Grad, 4, 6);
    }

    [Fact]
    public void AMaskIsAnArgumentOfACheckpoint()
    {
        var (q, k, v) = Heads();
        var mask = Mask();
        var expected = Autograd.Grad(q.ScaledDotProductAttention(k, v, mask).Square().Sum(), q);
        Tensor Run(Tensor[] x) => x[0].ScaledDotProductAttention(x[1], x[2], x[3]).Square();
        var y = Checkpoint.Run(Run, [q, k, v, mask]).Sum();
        Holds(Autograd.Grad(y, q), Of(expected));

        var again = Checkpoint.Run(Run, [q, k, v, mask]).Sum();
        mask.Add_(1);
        Assert.StartsWith(Modified, Message<AutogradException>(() => again.Backward()), StringComparison.Ordinal);
    }

    /// <summary>The result goes to a file; the mask is a leaf, which stays where it is and must not change.</summary>
    [Fact]
    public void AMaskBesideFiles()
    {
        var (q, k, v) = Heads();
        var mask = Mask();
        var expected = Autograd.Grad(q.ScaledDotProductAttention(k, v, mask).Sum(), q);
        Tensor y;
        using (Autograd.SaveOnDisk())
        {
            y = (q * 1).ScaledDotProductAttention(k, v, mask).Sum();
        }

        Assert.Equal(2, ComputationGraph.SavedTensors(y).Count(saved => saved.Form == "file"));
        Holds(Autograd.Grad(y, q, retainGraph: true), Of(expected));
        mask.Add_(1);
        Assert.StartsWith(Modified, Message<AutogradException>(() => y.Backward()), StringComparison.Ordinal);
    }

    private static Tensor Matrix() => LeafOf([2, 2], 1, 2, 3, 4);

    private static Tensor Mask() => Tensor.FromArray([0.5, -1, 0.25, 0, 1, 2], 2, 3);

    private static (Tensor Q, Tensor K, Tensor V) Heads()
    {
        Tensor Of(int rows, double shift) =>
            ((Tensor.Arange(rows * 2).To(DType.Float64) * 0.3) + shift).Sin().Reshape(1, 1, rows, 2).RequiresGrad_();
        return (Of(2, 0.1), Of(3, 0.7), Of(3, 1.9));
    }
}
