using Adjoint.NN;
using static Adjoint.Tests.Engine.Collected;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.NN;

/// <summary>Hooks on layers, in PyTorch's order and with its rules (its test_module_hooks).</summary>
public class LayerHookTests
{
    /// <summary>y = w x.</summary>
    private sealed class Scale : Layer
    {
        public Scale(double w) => Weight = Parameter("weight", Tensor.Scalar(w));

        public Tensor Weight { get; }

        public override Tensor Forward(Tensor x) => x * Weight;
    }

    [Fact]
    public void WithoutHooksACallIsForward()
    {
        var layer = new Scale(3);
        Assert.Equal("MulBackward0", layer.Call(Leaf(1, 2)).GradFn!.Name);
    }

    [Fact]
    public void HooksRunInPyTorchsOrder()
    {
        var layer = new Scale(3);
        var log = new List<string>();
        layer.RegisterFullBackwardHook((_, input, output) =>
        {
            log.Add($"backward {Of(input)[0]} {Of(output)[0]}");
            return null;
        });
        layer.RegisterForwardHook((self, x, y) =>
        {
            Assert.Same(layer, self);
            log.Add($"forward {Of(x)[0]} {Of(y)[0]}");
            return null;
        });
        layer.RegisterFullBackwardPreHook((_, output) =>
        {
            log.Add($"backward pre {Of(output)[0]}");
            return null;
        });
        layer.RegisterForwardPreHook((_, x) =>
        {
            log.Add($"forward pre {Of(x)[0]}");
            return null;
        });
        var leaf = Leaf(2);
        (layer.Call(leaf) * 5).Sum().Backward();
        Assert.Equal(["forward pre 2", "forward 2 6", "backward pre 5", "backward 15 5"], log);
        Holds(leaf.Grad, 15);
        Holds(layer.Weight.Grad, 10);
    }

    [Fact]
    public void EachMayReplace()
    {
        var layer = new Scale(3);
        layer.RegisterForwardPreHook((_, x) => x + 1);
        layer.RegisterForwardHook((_, _, y) => y * 10);
        layer.RegisterFullBackwardPreHook((_, output) => output * 2);
        layer.RegisterFullBackwardHook((_, input, _) => input! + 0.5);
        var leaf = Leaf(2);
        var y = layer.Call(leaf);
        Holds(y, 90);
        y.Sum().Backward();

        // 1, doubled, times 10 and 3, plus a half.
        Holds(leaf.Grad, 60.5);
        Holds(layer.Weight.Grad, 60);
    }

    [Fact]
    public void SeveralRunInOrderOfRegistrationAndCanBeRemoved()
    {
        var layer = new Scale(3);
        layer.RegisterForwardHook((_, _, y) => y + 1);
        var second = layer.RegisterForwardHook((_, _, y) => y * 2);
        Holds(layer.Call(Tensor.FromArray([1.0])), 8);
        second.Remove();
        second.Dispose();
        Holds(layer.Call(Tensor.FromArray([1.0])), 4);
    }

    [Fact]
    public void ABackwardHookOfAConstantInputSeesNull()
    {
        var layer = new Scale(3);
        var seen = 0;
        layer.RegisterFullBackwardHook((_, input, output) =>
        {
            Assert.Null(input);
            Holds(output, 1, 1);
            seen++;
            return null;
        });
        layer.Call(Tensor.FromArray([1.0, 2])).Sum().Backward();
        Assert.Equal(1, seen);
        Holds(layer.Weight.Grad, 3);
    }

    [Fact]
    public void ItCannotReplaceWhatIsNotThere()
    {
        var layer = new Scale(3);
        layer.RegisterFullBackwardHook((_, _, output) => output);
        Fails<AutogradException>(
            "Backward hook for Modules where no input requires gradient should always return None or None for all gradients.",
            () => layer.Call(Tensor.FromArray([1.0])).Sum().Backward());
    }

    /// <summary>PyTorch's test_hook_inplace: the identities around the layer are not to be changed.</summary>
    [Fact]
    public void TheResultOfAHookedLayerIsNotChangedInPlace()
    {
        var layer = new Scale(3);
        layer.RegisterFullBackwardHook((_, _, _) => null);
        Fails<AutogradException>(
            "Output 0 of BackwardHookFunctionBackward is a view and is being modified inplace.", () => layer.Call(Leaf(1)).Add_(1));
    }

    [Fact]
    public void EveryPassRunsThem()
    {
        var layer = new Scale(3);
        var calls = 0;
        layer.RegisterFullBackwardHook((_, _, _) =>
        {
            calls++;
            return null;
        });
        var y = layer.Call(Leaf(2)).Sum();
        y.Backward(retainGraph: true);
        y.Backward();
        layer.Call(Leaf(2));
        Assert.Equal(2, calls);
    }

    [Fact]
    public void SecondDerivativesGoThrough()
    {
        var layer = new Scale(3);
        layer.RegisterFullBackwardHook((_, input, _) => input! * 2);
        var x = Leaf(2);
        var y = layer.Call(x);
        var first = Autograd.Grad((y * y).Sum(), x, createGraph: true);

        // 2 * (2 * 9 x)
        Holds(first, 72);
        Holds(Autograd.Grad(first.Sum(), x), 72);
    }

    [Fact]
    public void ASequenceCallsItsLayers()
    {
        Sequential model = [new Scale(2), new Scale(3)];
        var log = new List<string>();
        foreach (var (i, layer) in model.Index())
        {
            layer.RegisterForwardHook((_, _, _) =>
            {
                log.Add($"forward {i}");
                return null;
            });
            layer.RegisterFullBackwardHook((_, input, output) =>
            {
                log.Add($"backward {i}: {Of(input)[0]} {Of(output)[0]}");
                return null;
            });
        }

        var x = Leaf(1);
        model.Call(x).Sum().Backward();
        Assert.Equal(["forward 0", "forward 1", "backward 1: 3 1", "backward 0: 6 3"], log);
        Holds(x.Grad, 6);
    }

    [Fact]
    public void TransformsGoThrough()
    {
        var layer = new Scale(3);
        layer.RegisterFullBackwardHook((_, input, _) => input! * 2);
        layer.RegisterForwardHook((_, _, y) => y + 1);
        Holds(Transform.Vmap((Tensor x) => layer.Call(x))(Tensor.FromArray([1.0, 2])), 4, 7);
        Holds(Transform.Grad((Tensor x) => layer.Call(x).Sum())(Tensor.FromArray([1.0, 2])), 6, 6);
    }

    /// <summary>A hook runs once for all samples, whether the gradient is taken inside of the batch or outside.</summary>
    [Fact]
    public void HooksRunInABatch()
    {
        var layer = new Scale(3);
        var seen = new List<string>();
        layer.RegisterFullBackwardHook((_, input, output) =>
        {
            seen.Add($"{input!.Rank} {output.Rank}");
            return input * 10;
        });
        layer.RegisterFullBackwardPreHook((_, output) => output * 2);
        var x = Leaf(1, 2);
        Transform.Vmap((Tensor sample) => layer.Call(sample * sample))(x).Sum().Backward();
        Holds(x.Grad, 120, 240); // 2 x, times 3, times 2, times 10
        Holds(layer.Weight.Grad, 10); // (1 + 4) times 2
        Assert.Equal(["0 0"], seen);
        Func<Tensor, Tensor> batched = points => Transform.Vmap((Tensor sample) => layer.Call(sample * sample))(points).Sum();
        Holds(Transform.Grad(batched)(Tensor.FromArray([1.0, 2])), 120, 240);
        Holds(Transform.Grad((Tensor q) => batched(Tensor.FromArray([1.0, 2]) * q))(Tensor.Scalar(1.0)), 600);
        Holds(Transform.Vmap(Transform.Grad((Tensor sample) => layer.Call(sample * sample)))(Tensor.FromArray([1.0, 2])), 120, 240);
        Holds(Transform.Grad((Tensor p) => Transform.Grad(batched)(p).Sum())(Tensor.FromArray([1.0, 2])), 120, 120);
    }

    [Fact]
    public void AHookOfAConstantBatchSeesNull()
    {
        var layer = new Scale(3);
        var seen = 0;
        layer.RegisterFullBackwardHook((_, input, output) =>
        {
            Assert.Null(input);
            Assert.Equal(0, output.Rank);
            seen++;
            return null;
        });
        Transform.Vmap((Tensor sample) => layer.Call(sample))(Tensor.FromArray([1.0, 2])).Sum().Backward();
        Assert.Equal(1, seen);
        Holds(layer.Weight.Grad, 3);
    }

    [Fact]
    public void ACallsValuesAreGarbageAfterwards()
    {
        var layer = new Scale(3);
        layer.RegisterFullBackwardHook((_, _, _) => null);
        var x = Leaf(1, 2);
        Gone(() =>
        {
            var y = layer.Call(x);
            y.Sum().Backward();
            return [y, y.GradFn!];
        });
    }

    [Fact]
    public void MisuseIsRefused()
    {
        var layer = new Scale(3);
        Assert.Throws<ArgumentNullException>(() => layer.RegisterForwardHook(null!));
        Assert.Throws<ArgumentNullException>(() => layer.RegisterForwardPreHook(null!));
        Assert.Throws<ArgumentNullException>(() => layer.RegisterFullBackwardHook(null!));
        Assert.Throws<ArgumentNullException>(() => layer.RegisterFullBackwardPreHook(null!));
        layer.RegisterFullBackwardPreHook((_, output) => output.Sum());
        Fails<AutogradException>("hook '", () => layer.Call(Leaf(1, 2)).Sum().Backward());
    }
}
