using Adjoint.NN;

namespace Adjoint.Tests.Engine;

/// <summary>
/// A hundred thousand of what a user may have many of. Nothing is timed: each of these took many minutes, or the stack, where its cost grew with the
/// square of the number.
/// </summary>
public class ManyTests
{
    private const int Many = 200_000;

    private static Tensor[] Ones() => [.. Enumerable.Range(0, Many).Select(_ => Tensor.Ones(1).RequiresGrad_())];

    [Fact]
    public void HooksOfOneTensor()
    {
        var x = Tensor.Ones(1).RequiresGrad_();
        var calls = 0;
        var handles = new HookHandleList();
        for (var i = 0; i < Many; i++)
        {
            handles.Add(x.RegisterHook(_ => { calls++; }));
        }

        x.Sum().Backward();
        Assert.Equal(Many, calls);

        handles.Dispose();
        x.Sum().Backward();
        Assert.Equal(Many, calls);
    }

    [Fact]
    public void HooksOfOneLayer()
    {
        var layer = new ReLU();
        var calls = 0;
        var handles = new HookHandleList();
        for (var i = 0; i < Many; i++)
        {
            handles.Add(layer.RegisterForwardHook((_, _, _) => { calls++; return null; }));
        }

        layer.Call(Tensor.Ones(1));
        handles.Dispose();
        layer.Call(Tensor.Ones(1));
        Assert.Equal(Many, calls);
    }

    [Fact]
    public void TensorsOfOneHook()
    {
        var xs = Ones();
        var calls = 0;
        using (Autograd.RegisterMultiGradHook(xs, gradients => calls += gradients.Length))
        {
            Tensor.Cat(xs).Sum().Backward();
        }

        Assert.Equal(Many, calls);
    }

    [Fact]
    public void TensorsOfCatAndStack()
    {
        var xs = Ones();
        (Tensor.Cat(xs) * Tensor.Arange(Many)).Sum().Backward();
        Assert.Equal(Many - 1, xs[^1].Grad!.Item());
        (Tensor.Stack(xs) * Tensor.Arange(Many).Unsqueeze(1)).Sum().Backward();
        Assert.Equal(2 * (Many - 1), xs[^1].Grad!.Item());
    }

    [Fact]
    public void PiecesThatGradientsAreAskedFor()
    {
        var x = Tensor.Ones(Many, 1).RequiresGrad_();
        var pieces = x.Unbind();
        var gradients = Autograd.Grad([(Tensor.Cat(pieces) * 3).Sum()], pieces);
        Assert.Equal(3, gradients[^1]!.Item());
    }

    [Fact]
    public void ModulesInOneModule()
    {
        var shared = new Linear(1, 1);
        var list = new ModuleList<Layer>();
        for (var i = 0; i < Many; i++)
        {
            list.Add(i % 2 == 0 ? new ReLU() : shared);
        }

        list.Eval();
        Assert.Equal(2, list.Parameters().Count());
        Assert.False(list[0].Training);
    }

    [Fact]
    public void ModulesInsideEachOther()
    {
        Layer model = new Linear(1, 1);
        for (var i = 0; i < 5000; i++)
        {
            model = new Sequential(model);
        }

        Assert.Equal(2, model.NamedParameters().Count());
        Assert.StartsWith("0.0.0.", model.NamedParameters().First().Name);
    }

    /// <summary>Removing one registration of a function leaves the others of the same function, and the order.</summary>
    [Fact]
    public void OneOfTheSameHooks()
    {
        var x = Tensor.Ones(1).RequiresGrad_();
        var order = new List<string>();
        Func<Tensor, Tensor?> same = _ => { order.Add("same"); return null; };
        x.RegisterHook(same);
        x.RegisterHook(_ => { order.Add("other"); });
        var last = x.RegisterHook(same);

        last.Remove();
        x.Sum().Backward();
        Assert.Equal(["same", "other"], order);
    }

    /// <summary>What a hook changes counts from the next pass on.</summary>
    [Fact]
    public void AHookThatChangesTheHooks()
    {
        var x = Tensor.Ones(1).RequiresGrad_();
        var calls = new List<string>();
        IDisposable? handle = null;
        handle = x.RegisterHook(_ =>
        {
            calls.Add("first");
            handle!.Dispose();
            x.RegisterHook(_ => { calls.Add("added"); });
        });
        x.RegisterHook(_ => { calls.Add("second"); });

        x.Sum().Backward();
        Assert.Equal(["first", "second"], calls);
        x.Sum().Backward();
        Assert.Equal(["first", "second", "second", "added"], calls);
    }

    private sealed class HookHandleList : IDisposable
    {
        private readonly List<IDisposable> _handles = [];

        public void Add(IDisposable handle) => _handles.Add(handle);

        public void Dispose() => _handles.ForEach(handle => handle.Dispose());
    }
}
