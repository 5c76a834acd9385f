using Adjoint.Families;
using static Adjoint.Tests.Engine.Collected;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// Places in the graph as ends of a pass, questions to the pass that runs, and batches of passes. After PyTorch's test_gradient_edge_output,
/// test_grad_to_node, test_backward_to_node, test_will_engine_execute_node, test_current_graph_task_execution_order and test_grad_batched_grad.
/// </summary>
public class GraphEdgeTests
{
    [Fact]
    public void AnEdgeNamesTheNodeAndItsOutput()
    {
        var x = LeafOf([2, 1], 1, 2);
        var y = x * 2;
        Assert.Equal(new GradientEdge(y.GradFn!, 0), y.GetGradientEdge());
        Assert.Equal(1, x.Unbind()[1].GetGradientEdge().OutputIndex);
        Assert.Equal("AccumulateGrad", x.GetGradientEdge().Node.Name);
        Fails<AutogradException>(
            "It is not possible to get the gradient edge for a Tensor that does not require gradients.", () => Tensor.Ones(1).GetGradientEdge());
    }

    [Fact]
    public void APassMayStartAtAnEdge()
    {
        var x = Leaf(1, 2);
        var edge = (x * x).GetGradientEdge();
        Autograd.Backward([edge], [Tensor.FromArray([1.0, 10])]);
        Holds(x.Grad, 2, 40);
        x.Grad = null;
        Autograd.Backward([(x * x).Sum().GradFn!]);
        Holds(x.Grad, 2, 4);
        Fails<AutogradException>("grad can be implicitly created only for scalar outputs", () => Autograd.Backward([(x * x).GetGradientEdge()]));
        Fails<AutogradException>(
            "Mismatch in shape: grad_output[0] has a shape of", () => Autograd.Backward([(x * x).GetGradientEdge()], [Tensor.Ones(3)]));
    }

    [Fact]
    public void OneOfSeveralOutputsIsAStart()
    {
        var x = LeafOf([2, 1], 1, 2);
        var edge = (x * 3).Unbind()[1].GetGradientEdge();
        Autograd.Backward([edge], [Tensor.FromArray([2.0])]);
        Holds(x.Grad, 0, 6);
    }

    [Fact]
    public void APassMayEndAtAnEdge()
    {
        var x = Leaf(1, 2);
        var y = x * 3;
        var z = (y * y).Sum();
        var edge = y.GetGradientEdge();
        var gradients = Autograd.Grad([z], [edge, x, y.GradFn!], retainGraph: true);
        Holds(gradients[0], 6, 12);
        Holds(gradients[1], 18, 36);
        Holds(gradients[2], 6, 12);
        Holds(Autograd.Grad([z.GetGradientEdge()], [x.GetGradientEdge()])[0], 18, 36);
        Assert.Null(x.Grad);
    }

    [Fact]
    public void OnlyTheNamedLeavesAccumulate()
    {
        var (a, b) = (Leaf(1, 2), Leaf(3, 4));
        var y = (a * b).Sum();
        Autograd.Backward([y.GetGradientEdge()], inputs: [b.GetGradientEdge()]);
        Assert.Null(a.Grad);
        Holds(b.Grad, 1, 2);
        var middle = a * 2;
        Fails<AutogradException>(
            "element 0 of inputs is output 0 of MulBackward0, where no tensor keeps a gradient.",
            () => Autograd.Backward([middle.Sum().GetGradientEdge()], inputs: [middle.GetGradientEdge()]));
    }

    [Fact]
    public void AnUnusedEdgeIsAnErrorOrZeros()
    {
        var (a, b) = (Leaf(1, 2), Leaf(3, 4));
        var y = (a * a).Sum();
        Fails<AutogradException>(
            "One of the differentiated Tensors appears to not have been used in the graph.",
            () => Autograd.Grad([y], [b.GetGradientEdge()], retainGraph: true));
        Assert.Null(Autograd.Grad([y], [b.GetGradientEdge()], retainGraph: true, allowUnused: true)[0]);
        Holds(Autograd.Grad([y], [b.GetGradientEdge()], materializeGrads: true)[0], 0, 0);
    }

    [Fact]
    public void APlaceThatDoesNotExistIsRefused()
    {
        var y = (Leaf(1, 2) * 2).Sum();
        Fails<AutogradException>("element 0 of inputs is no place in a graph", () => Autograd.Grad([y], [new GradientEdge(y.GradFn!, 1)]));
        Fails<AutogradException>("element 0 of outputs is no place in a graph", () => Autograd.Backward([default(GradientEdge)]));
    }

    [Fact]
    public void HoldingAnEdgeDoesNotHoldTheTensor()
    {
        var x = Leaf(1, 2);
        GradientEdge edge = default;
        Gone(() =>
        {
            var y = x * 2;
            edge = y.GetGradientEdge();
            return [y];
        });
        Autograd.Backward([edge], [Tensor.FromArray([1.0, 1])]);
        Holds(x.Grad, 2, 2);
    }

    [Fact]
    public void AHookMayAskWhatThePassRuns()
    {
        var (a, b) = (Leaf(2), Leaf(3));
        var left = a * 2;
        var right = b * 3;
        var y = left * right;
        var asked = new List<bool>();
        y.RegisterHook(_ =>
        {
            asked.AddRange(
                Autograd.WillEngineExecuteNode(y.GradFn!),
                Autograd.WillEngineExecuteNode(left.GradFn!),
                Autograd.WillEngineExecuteNode(right.GradFn!),
                Autograd.WillEngineExecuteNode(a.GetGradientEdge().Node));
        });
        y.Sum().Backward(retainGraph: true);
        y.Sum().Backward(inputs: [b], retainGraph: true);
        Autograd.Grad([y.Sum()], [a], retainGraph: true);
        Autograd.Grad([y.Sum()], [left]);
        Assert.Equal(
            [true, true, true, true, true, false, true, false, true, true, false, false, true, false, false, false], asked);
    }

    [Fact]
    public void WhatHasRunCountsAsExecuted()
    {
        var x = Leaf(2);
        var y = x * 2;
        var z = y.Exp();
        var aside = (y * 1).GradFn!;
        var asked = new List<bool>();
        x.RegisterHook(_ => asked.AddRange(Autograd.WillEngineExecuteNode(z.GradFn!), Autograd.WillEngineExecuteNode(aside)));
        z.Sum().Backward();
        Assert.Equal([true, false], asked);
    }

    [Fact]
    public void TheOrderIsTheOneThatHappens()
    {
        var (a, b, c) = (Leaf(2), Leaf(3), Leaf(4));
        var p = a * b;
        var q = (p + c).Exp();
        var r = p.Sin();
        var y = (q * r).Sum();
        IReadOnlyList<Node> predicted = [];
        var actual = new List<Node>();
        foreach (var node in new[] { y, p, q, r, a, b, c }.Select(x => x.GetGradientEdge().Node)
                     .Append(q.GradFn!.NextFunctions[0].Node!)
                     .Append(y.GradFn!.NextFunctions[0].Node!))
        {
            node.RegisterPreHook((Tensor?[] _) =>
            {
                actual.Add(node);
                return null;
            });
        }

        y.RegisterHook(_ => { predicted = Autograd.CurrentGraphTaskExecutionOrder(); });
        y.Backward(retainGraph: true);
        Assert.Equal(actual, predicted);
        Assert.Equal(9, actual.Count);

        actual.Clear();
        y.Backward(retainGraph: true, inputs: [c]);
        Assert.Equal(actual, predicted);
        Assert.Equal(["SumBackward0", "MulBackward0", "ExpBackward0", "AddBackward0", "AccumulateGrad"], predicted.Select(node => node.Name));

        // Asked late, the answer is the same.
        actual.Clear();
        c.RegisterHook(_ => { predicted = Autograd.CurrentGraphTaskExecutionOrder(); });
        y.Backward();
        Assert.Equal(actual, predicted);
    }

    [Fact]
    public void OutsideOfAPassThereIsNothingToAsk()
    {
        var y = Leaf(2) * 2;
        Fails<AutogradException>(
            "WillEngineExecuteNode should only be called during the backward pass", () => Autograd.WillEngineExecuteNode(y.GradFn!));
        Fails<AutogradException>(
            "CurrentGraphTaskExecutionOrder should only be called during the backward pass", () => Autograd.CurrentGraphTaskExecutionOrder());
        y.RegisterHook(_ => throw new FormatException());
        Assert.Throws<FormatException>(() => y.Sum().Backward());
        Fails<AutogradException>(
            "WillEngineExecuteNode should only be called during the backward pass", () => Autograd.WillEngineExecuteNode(y.GradFn!));
    }

    [Fact]
    public void AnInnerPassAnswersForItself()
    {
        var x = Leaf(2);
        var y = x * 2;
        var z = x * 3;
        var inner = z.Sum();
        var asked = new List<bool>();
        z.RegisterHook(_ => { asked.Add(Autograd.WillEngineExecuteNode(y.GradFn!)); });
        y.RegisterHook(_ =>
        {
            inner.Backward();
            asked.Add(Autograd.WillEngineExecuteNode(y.GradFn!));
        });
        y.Sum().Backward();
        Assert.Equal([false, true], asked);
    }

    [Fact]
    public void ABatchOfGradientsIsABatchOfPasses()
    {
        var x = Leaf(1, 2, 3);
        var w = Leaf(4, 5, 6);
        var y = x * x * w;
        var rows = Tensor.FromArray([1.0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1], [4, 3]);
        var batched = Autograd.Grad([y], [x, w], [rows], retainGraph: true, isGradsBatched: true);
        for (var i = 0; i < 4; i++)
        {
            var single = Autograd.Grad([y], [x, w], [rows[i]], retainGraph: true);
            Holds(batched[0]![i], Of(single[0]));
            Holds(batched[1]![i], Of(single[1]));
        }

        Assert.Null(x.Grad);
    }

    [Fact]
    public void ABatchMayBeDifferentiatedAgain()
    {
        var x = Leaf(1, 2);
        var y = x * x * x;
        var rows = Tensor.FromArray([1.0, 0, 0, 1], [2, 2]);
        var jacobian = Autograd.Grad([y], [x], [rows], createGraph: true, isGradsBatched: true)[0]!;
        Holds(jacobian, 3, 0, 0, 12);

        // d/dx of Σ 3 x²
        Holds(Autograd.Grad([jacobian.Sum()], [x])[0], 6, 12);
    }

    [Fact]
    public void ABatchLetsTheGraphGo()
    {
        var x = Leaf(1, 2);
        var h = x.Exp();
        var y = h * h;
        var rows = Tensor.Ones([3, 2], DType.Float64);
        Autograd.Grad([y], [x], [rows], isGradsBatched: true);
        Fails<AutogradException>("Trying to backward through the graph a second time", () => y.Sum().Backward());
    }

    [Fact]
    public void UnusedInputsOfABatch()
    {
        var (x, w) = (Leaf(1, 2), Leaf(3, 4, 5));
        var y = x * 2;
        var rows = Tensor.Ones([3, 2], DType.Float64);
        Fails<AutogradException>(
            "One of the differentiated Tensors appears to not have been used in the graph.",
            () => Autograd.Grad([y], [x, w], [rows], retainGraph: true, isGradsBatched: true));
        var some = Autograd.Grad([y], [w, x], [rows], retainGraph: true, allowUnused: true, isGradsBatched: true);
        Assert.Null(some[0]);
        Holds(some[1], 2, 2, 2, 2, 2, 2);
        var zeros = Autograd.Grad([y], [w], [rows], materializeGrads: true, isGradsBatched: true)[0]!;
        Assert.Equal([3, 3], zeros.Shape.ToArray());
    }

    /// <summary>A derivative that cannot run on all at once runs for one after the other.</summary>
    [Fact]
    public void ABatchFallsBackToALoop()
    {
        var x = Leaf(1, 2);
        var odd = Autograd.Function((_, x) => x * 1, (_, g) => g * g.Sum().Item<double>());
        var rows = Tensor.FromArray([1.0, 1, 2, 2], [2, 2]);
        Holds(Autograd.Grad([odd(x)], [x], [rows], isGradsBatched: true)[0], 2, 2, 8, 8);
    }

    [Fact]
    public void ABatchThatDoesNotFitIsRefused()
    {
        var y = Leaf(1, 2) * 2;
        Fails<AutogradException>(
            "If `is_grads_batched=True`, we interpret the first dimension of each grad_output as the batch dimension. The sizes of the remaining " +
            "dimensions are expected to match the shape of corresponding output, but a mismatch was detected: grad_output[0] has a shape of",
            () => Autograd.Grad([y], [y], [Tensor.Ones(2)], isGradsBatched: true));
        Fails<AutogradException>("isGradsBatched needs a batch of gradients", () => Autograd.Grad([y], [y], isGradsBatched: true));
    }
}
