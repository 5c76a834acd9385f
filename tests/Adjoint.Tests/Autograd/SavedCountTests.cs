using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>How many tensors a node saves, counted by hooks, for each set of wanted gradients: what their pulls read, and nothing else.</summary>
public class SavedCountTests
{
    /// <summary>A function of inputs, and how many tensors are saved for which of them.</summary>
    private static readonly Dictionary<string, (int[][] Shapes, Func<Tensor[], Tensor> Run, (int Wanted, int Saved)[] Counts)> Cases = new()
    {
        // Bit i of Wanted stands for input i. x, weight, means, scales.
        ["LayerNorm"] = ([[2, 3], [3], [3]], x => x[0].LayerNorm([3], x[1], x[2]), [(1, 4), (2, 3), (4, 0), (3, 4), (5, 4), (6, 3), (7, 4)]),
        ["LayerNorm without weight"] = ([[2, 3]], x => x[0].LayerNorm([3]), [(1, 3)]),
        ["GroupNorm"] = ([[2, 4, 3], [4], [4]], x => x[0].GroupNorm(2, x[1], x[2]), [(1, 4), (2, 3), (4, 0), (7, 4)]),
        ["BatchNorm in training"] = (
            [[3, 2], [2], [2]], x => x[0].BatchNorm(null, null, x[1], x[2], training: true), [(1, 4), (2, 3), (4, 0), (7, 4)]),

        // weight and variance; x, mean and variance.
        ["BatchNorm"] = (
            [[3, 2], [2], [2]],
            x => x[0].BatchNorm(Tensor.FromArray([0.5, 1]), Tensor.FromArray([2.0, 0.5]), x[1], x[2]),
            [(1, 2), (2, 3), (4, 0), (3, 4), (7, 4)]),

        // q, k, sums and the mask; v and the result too for those of q and k.
        ["Attention"] = (
            [[1, 2, 3, 2], [1, 2, 4, 2], [1, 2, 4, 3]],
            x => x[0].ScaledDotProductAttention(x[1], x[2], Tensor.Ones([3, 4], DType.Float64)),
            [(1, 6), (2, 6), (4, 4), (3, 6), (7, 6)]),
        ["Attention, causal"] = (
            [[1, 2, 3, 2], [1, 2, 4, 2], [1, 2, 4, 3]], x => x[0].ScaledDotProductAttention(x[1], x[2], isCausal: true), [(1, 5), (4, 3), (7, 5)]),

        // Classes, positions, factors; the weight.
        ["NllLoss"] = ([[2, 3]], x => x[0].NllLoss(Tensor.FromArray([2L, 0])), [(1, 3)]),
        ["NllLoss, weighted"] = ([[2, 3]], x => x[0].NllLoss(Tensor.FromArray([2L, 0]), Tensor.FromArray([1.0, 2, 3])), [(1, 4)]),
        ["Norm(0)"] = ([[2, 3]], x => x[0].Norm(0), [(1, 0)]),
        ["Norm(1)"] = ([[2, 3]], x => x[0].Norm(1), [(1, 1)]),
        ["Norm(2)"] = ([[2, 3]], x => x[0].Norm(), [(1, 2)]),
        ["Norm(3)"] = ([[2, 3]], x => x[0].Norm(3, [0]), [(1, 2)]),
        ["Norm(infinity)"] = ([[2, 3]], x => x[0].Norm(double.PositiveInfinity), [(1, 2)]),
        ["Amax"] = ([[2, 3]], x => x[0].Amax([1]), [(1, 2)]),

        // Row numbers.
        ["x[positions]"] = ([[4, 2]], x => x[0][new[] { 2, 0 }], [(1, 1)]),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatIsReadIsSaved(string name)
    {
        var (shapes, run, counts) = Cases[name];
        foreach (var (wanted, saved) in counts)
        {
            var x = Inputs(shapes, wanted);
            var count = 0;
            using var hooks = Autograd.SavedTensorHooks(
                tensor =>
                {
                    count++;
                    return tensor;
                },
                tensor => tensor);
            Assert.True(run(x).RequiresGrad);
            Assert.True(saved == count, $"{name}, wanted {wanted:b}: saves {count}, not {saved}");
        }
    }

    /// <summary>Whatever else is wanted, a gradient has the same bits, in loops and in recorded operators.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void GradientsDoNotDependOnWhichAreWanted(string name)
    {
        var (shapes, run, counts) = Cases[name];
        foreach (var createGraph in new[] { false, true })
        {
            var all = Gradients(shapes, run, (1 << shapes.Length) - 1, createGraph);
            foreach (var (wanted, _) in counts)
            {
                var some = Gradients(shapes, run, wanted, createGraph);
                for (var i = 0; i < shapes.Length; i++)
                {
                    Assert.Equal((wanted >> i & 1) != 0 ? all[i] : null, some[i]);
                }

                // More was wanted when the node was recorded than the pass asks for.
                var x = Inputs(shapes, (1 << shapes.Length) - 1);
                var asked = x.Where((_, i) => (wanted >> i & 1) != 0).ToArray();
                var y = run(x);
                var part = Autograd.Grad([y], asked, [Start(y)], createGraph: createGraph, allowUnused: true);
                Assert.Equal(some.Where((_, i) => (wanted >> i & 1) != 0), part.Select(gradient => gradient?.Detach().ToArray<double>()));
            }
        }
    }

    /// <summary>The gradient of the 1-norm is the sign, and those of higher orders are 0, although the result is not kept.</summary>
    [Fact]
    public void ANormThatKeepsItsInputAloneHasAllOrders()
    {
        var x = Leaf(-2, 0, 3);
        var first = Autograd.Grad(x.Norm(1), x, createGraph: true);
        Holds(first, -1, 0, 1);
        Assert.True((first * x).Sum().Item() == 5);
        Holds(Autograd.Grad((first * x).Sum(), x), -1, 0, 1);
        Holds(Transform.Hessian(z => z.Norm(1) * z.Sum())(x.Detach()), -2, -1, 0, -1, 0, 1, 0, 1, 2);
    }

    private static double[]?[] Gradients(int[][] shapes, Func<Tensor[], Tensor> run, int wanted, bool createGraph)
    {
        var x = Inputs(shapes, wanted);
        var y = run(x);
        y.Backward(Start(y), createGraph: createGraph);
        return Array.ConvertAll(x, input => input.Grad?.Detach().ToArray<double>());
    }

    private static Tensor Start(Tensor y) => (Tensor.Arange(y.Count).To(DType.Float64) + 1).Cos().Reshape(y.Shape.ToArray());

    private static Tensor[] Inputs(int[][] shapes, int wanted) =>
    [
        .. shapes.Select((shape, i) =>
            ((Tensor.Arange(Shape.Product(shape)).To(DType.Float64) * 0.7) + i).Sin().Reshape(shape).RequiresGrad_((wanted >> i & 1) != 0)),
    ];
}
