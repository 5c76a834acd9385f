namespace Adjoint.Tests.Losses;

/// <summary>The loss of sequences without alignment against its definition: the sum over all ways to read a path of labels as the target.</summary>
public class CtcLossTests
{
    private const int Times = 5;
    private const int Classes = 3;

    [Theory]
    [InlineData(5, new long[] { 1, 2 })]
    [InlineData(5, new long[] { 1, 1 })]
    [InlineData(4, new long[] { 2, 1, 2 })]
    [InlineData(3, new long[] { 1 })]
    [InlineData(2, new long[] { })]
    [InlineData(0, new long[] { })]
    public void IsTheSumOverAllPaths(int length, long[] target)
    {
        var x = Scores().LogSoftmax(-1);
        var loss = x.CtcLoss(Whole(target), Whole(length), Whole(target.Length), reduction: LossReduction.None);
        Assert.Empty(loss.Shape.ToArray());
        Assert.Equal(-Math.Log(Paths(x.ToArray<double>(), length, target)), loss.Item(), 1e-12);
    }

    /// <summary>The mean divides each loss by the length of its target first, at least 1.</summary>
    [Fact]
    public void ABatchIsPaddedOrInARow()
    {
        var x = Tensor.Stack([Scores(), Scores() * 2, Scores() * -1], 1).LogSoftmax(-1);
        var (inputs, lengths) = (Whole(5, 4, 3), Whole(2, 1, 0));
        var padded = x.CtcLoss(Tensor.FromArray(new long[] { 1, 2, 2, 99, -7, 0 }, [3, 2]), inputs, lengths, reduction: LossReduction.None);
        var inARow = x.CtcLoss(Whole(1, 2, 2), inputs, lengths, reduction: LossReduction.None);
        Assert.Equal(padded.ToArray<double>(), inARow.ToArray<double>());
        var losses = padded.ToArray<double>();
        Assert.Equal(((losses[0] / 2) + losses[1] + losses[2]) / 3, x.CtcLoss(Whole(1, 2, 2), inputs, lengths).Item(), 1e-12);
        Assert.Equal(losses.Sum(), x.CtcLoss(Whole(1, 2, 2), inputs, lengths, reduction: LossReduction.Sum).Item(), 1e-12);
    }

    /// <summary>Three labels do not fit into two times: infinite, or nothing at all.</summary>
    [Fact]
    public void WhatCannotBeAlignedIsInfiniteOrNothing()
    {
        var x = Scores().LogSoftmax(-1).Detach().RequiresGrad_();
        var (target, two, three) = (Whole(1, 2, 1), Whole(2), Whole(3));
        Assert.Equal(double.PositiveInfinity, x.CtcLoss(target, two, three).Item());
        var loss = x.CtcLoss(target, two, three, zeroInfinity: true);
        Assert.Equal(0, loss.Item());
        Assert.All(Autograd.Grad(loss, x).ToArray<double>(), g => Assert.Equal(0, g));
    }

    /// <summary>What loops compute is what operators compute: for each of a batch, from inside and from outside of the gradient.</summary>
    [Fact]
    public void TransformsFollowIt()
    {
        Tensor Loss(Tensor x) => x.LogSoftmax(-1).CtcLoss(Whole(1, 2), Whole(5), Whole(2));
        var points = Tensor.Stack([Scores(), Scores() * 2], 0);
        var together = Transform.Vmap(Transform.Grad(Loss))(points);
        for (var i = 0; i < 2; i++)
        {
            var x = points[i].Clone().RequiresGrad_();
            var expected = Autograd.Grad(Loss(x), x).ToArray<double>();
            Assert.Equal(expected, together[i].ToArray<double>(), (a, b) => Math.Abs(a - b) <= 1e-12);
        }

        var leaf = points.Clone().RequiresGrad_();
        var outside = Autograd.Grad(Transform.Vmap(Loss)(leaf).Sum(), leaf);
        Assert.Equal(together.ToArray<double>(), outside.ToArray<double>(), (a, b) => Math.Abs(a - b) <= 1e-12);
    }

    /// <summary>First sentences are PyTorch's.</summary>
    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        var x = Scores().LogSoftmax(-1);
        Starts<TensorIndexException>("blank must be in label range", () => x.CtcLoss(Whole(1), Whole(5), Whole(1), blank: 3));
        Starts<ShapeException>("input_lengths must be of size batch_size", () => x.CtcLoss(Whole(1), Whole(5, 5), Whole(1)));
        Starts<ShapeException>("target_lengths must be of size batch_size", () => x.CtcLoss(Whole(1), Whole(5), Whole(1, 1)));
        Starts<ShapeException>("Expected input_lengths to have value at most 5, but got value 6", () => x.CtcLoss(Whole(1), Whole(6), Whole(1)));
        Starts<ShapeException>("Expected tensor to have size at least 2 at dimension 1", () => x.CtcLoss(Whole(1), Whole(5), Whole(2)));
        Starts<TensorIndexException>("label 3 is out of range", () => x.CtcLoss(Whole(3), Whole(5), Whole(1)));
        Starts<DTypeException>("\"ctc_loss_cpu\" not implemented for 'Long'", () => Whole(1).CtcLoss(Whole(1), Whole(5), Whole(1)));
        Starts<ShapeException>("Expected log_probs of shape", () => x[0].CtcLoss(Whole(1), Whole(5), Whole(1)));
    }

    private static void Starts<E>(string sentence, Func<Tensor> run)
        where E : Exception => Assert.StartsWith(sentence, Assert.Throws<E>(run).Message, StringComparison.Ordinal);

    private static Tensor Scores() =>
        Tensor.FromArray([.. Enumerable.Range(0, Times * Classes).Select(i => Math.Sin((i * 1.9) + 0.3))], [Times, Classes]);

    private static Tensor Whole(params long[] values) => Tensor.FromArray(values, [values.Length]);

    /// <summary>The probability of all sequences of labels that become the target without repetitions and blanks.</summary>
    private static double Paths(double[] x, int length, long[] target)
    {
        var total = 0.0;
        for (var path = 0; path < (int)Math.Pow(Classes, length); path++)
        {
            var (probability, rest, last, read) = (1.0, path, 0, new List<long>());
            for (var t = 0; t < length; t++)
            {
                var label = rest % Classes;
                rest /= Classes;
                probability *= Math.Exp(x[(t * Classes) + label]);
                if (label != 0 && label != last)
                {
                    read.Add(label);
                }

                last = label;
            }

            total += read.SequenceEqual(target) ? probability : 0;
        }

        return total;
    }
}
