using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>What C# code reads in a traced function is guarded: a later call for which it is something else is refused.</summary>
public class TraceGuardTests
{
    private static Tensor V(params double[] values) => Tensor.FromArray(values);

    private static Tensor D(double value) => Tensor.Scalar(value);

    private static Tensor Branch(Tensor x) => x > 0 ? x * 2 : -x;

    private static string Refused(Action call)
    {
        var message = Assert.Throws<AutogradException>(call).Message;
        Assert.StartsWith("trace: a value that C# code read when the function was traced is another one now", message, StringComparison.Ordinal);
        return message;
    }

    [Fact]
    public void ANumberIsGuarded()
    {
        var traced = Trace((Tensor x) => x.Sum().Item() > 0 ? x : -x, Tensor.FromArray([1f]));
        Assert.Equal(1, traced.Call(Tensor.FromArray([1f])).Item());
        var message = Refused(() => traced.Call(Tensor.FromArray([-5f])));
        Assert.Contains("read 1 by Item, and now it is -5.", message, StringComparison.Ordinal);
        Assert.Contains(nameof(ANumberIsGuarded), message, StringComparison.Ordinal);
        Assert.Contains("Tensor.Where", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AConditionIsGuardedByItsTruthAlone()
    {
        var traced = Trace<Tensor, Tensor>(Branch, D(1));
        Assert.Equal(14, traced.Call(D(7)).Item());
        Assert.Contains("read true by a condition, and now it is false.", Refused(() => traced.Call(D(-7))), StringComparison.Ordinal);
    }

    [Fact]
    public void AnElementOfATensorAsAConditionIsGuardedByItsTruth()
    {
        var traced = Trace((Tensor x) =>
        {
            if (x)
            {
                return x + 1;
            }

            return x - 1;
        }, D(2));
        Assert.Equal(4, traced.Call(D(3)).Item());
        Refused(() => traced.Call(D(0)));
    }

    [Fact]
    public void ALoopIsGuarded()
    {
        static Tensor Double(Tensor x)
        {
            while (x.Norm() < 100)
            {
                x = x * 2;
            }

            return x;
        }

        var traced = Trace<Tensor, Tensor>(Double, V(3));
        Assert.Equal(96 * 2, traced.Call(V(3)).Item());
        Assert.Equal(160, traced.Call(V(2.5)).Item());
        Refused(() => traced.Call(V(3.25)));
    }

    [Fact]
    public void AnIndexIsGuarded()
    {
        var traced = Trace((Tensor x) => x[(int)x.Argmax().Item<long>()] + x[x.Argmin()], V(1, 5, 2));
        Assert.Equal(10, traced.Call(V(1, 9, 2)).Item());
        Refused(() => traced.Call(V(9, 5, 2)));
        Refused(() => traced.Call(V(1, 9, 0)));
        Assert.Contains("an index", Trace((Tensor x) => x[x.Argmin()], V(1, 5, 2)).Graph.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(999)]
    public void AllElementsOfAnArrayAreGuarded(int changed)
    {
        var traced = Trace((Tensor x) => x * x.ToArray<double>().Sum(), Tensor.Zeros([1000], DType.Float64));
        Check.Close(Tensor.Zeros([1000], DType.Float64), traced.Call(Tensor.Zeros([1000], DType.Float64)));
        var other = new double[1000];
        other[changed] = 1;
        Assert.Contains(
            $"read 0 by ToArray at element {changed} of 1000, and now it is 1.",
            Refused(() => traced.Call(Tensor.FromArray(other))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void NaNIsEqualToItself()
    {
        var traced = Trace((Tensor x) => x.Sum().Item() is double.NaN ? x : -x, V(double.NaN));
        Assert.Equal(double.NaN, traced.Call(V(double.NaN)).Item());
        Refused(() => traced.Call(V(1)));
    }

    [Fact]
    public void PrintingIsNoReading()
    {
        var traced = Trace((Tensor x) => $"{x} {x.Shape}".Length > 0 ? x.Sin() : x, V(1, 2));
        Assert.Equal("Sin", Assert.Single(traced.Graph.Instructions).Name);
    }

    [Fact]
    public void AGuardIsPartOfTheGraph()
    {
        var traced = Trace(
            (Tensor x) =>
            {
                _ = x.Exp();
                return x.Sum().Item() > 0 ? x.Sin() : x;
            },
            V(1, 2));
        traced.Graph.Verify();
        Assert.Equal(["Sum", "Guard", "Sin"], traced.Graph.Instructions.Select(instruction => instruction.Name));
        Assert.Matches(
            @"^graph\(%0: float64\[2\]\):\n  %2: float64\[\] = Sum\(%0, dim=\[0\], keepDim=false\)\n  Guard\(%2\) == 3, read by Item at .*\n" +
            @"  %3: float64\[2\] = Sin\(%0\)\n  return %3$",
            traced.Graph.ToString());
        Assert.Empty(traced.Graph.Instructions[1].Outputs);
        Assert.Throws<TensorException>(() => traced.Graph.Instructions[1].Output);
        Assert.Throws<AutogradException>(() => traced.Graph.Run(V(1, 1)));
    }

    [Fact]
    public void WhatIsReadTwiceIsGuardedOnce()
    {
        var traced = Trace((Tensor x) => x.Item() + x.Item() > 0 ? x : -x, D(1));
        Assert.Single(traced.Graph.Instructions);
    }

    [Fact]
    public void GuardsAreCheckedThroughTransforms()
    {
        var traced = Trace<Tensor, Tensor>(Branch, D(1));
        Assert.Equal(2, Grad<Tensor>(traced.Call)(D(3)).Item());
        Refused(() => Grad<Tensor>(traced.Call)(D(-3)));
        Assert.Equal(10, Jvp(traced.Call, D(3), D(5)).Tangent.Item());
        Refused(() => Jvp(traced.Call, D(-3), D(5)));
        Check.Close(V(2, 4), Vmap<Tensor, Tensor>(traced.Call)(V(1, 2)));
        Assert.Contains("now it is false", Refused(() => Vmap<Tensor, Tensor>(traced.Call)(V(1, -2))), StringComparison.Ordinal);
        Check.Close(V(2, 2), Vmap(Grad<Tensor>(traced.Call))(V(1, 2)));
        Refused(() => Vmap(Grad<Tensor>(traced.Call))(V(1, -2)));
        Refused(() => Grad((Tensor x) => Vmap<Tensor, Tensor>(traced.Call)(x).Sum())(V(1, -2)));
        Assert.Equal(0, Hessian(traced.Call)(D(3)).Item());
    }

    [Fact]
    public void GuardsInsideOfTransformsAreThoseOfTheTrace()
    {
        var gradient = Trace(Grad((Tensor x) => Branch(x.Sum()).Square()), V(1, 2));
        Check.Close(V(24, 24), gradient.Call(V(1, 2)));
        Refused(() => gradient.Call(V(-1, -2)));
        var batch = Trace(Vmap<Tensor, Tensor>(Branch), V(1, -2));
        Check.Close(V(6, 4), batch.Call(V(3, -4)));
        Refused(() => batch.Call(V(3, 4)));
    }

    [Fact]
    public void ATraceOfATraceIsGuardedToo()
    {
        var inner = Trace<Tensor, Tensor>(Branch, D(1));
        var outer = Trace((Tensor x) => Vmap<Tensor, Tensor>(inner.Call)(x).Sum(), V(1, 2));
        Assert.Equal(14, outer.Call(V(3, 4)).Item());
        Refused(() => outer.Call(V(3, -4)));
        var both = Trace((Tensor x) => Trace<Tensor, Tensor>(Branch, x).Call(x * 3), D(1));
        Assert.Equal(12, both.Call(D(2)).Item());
        Refused(() => both.Call(D(-2)));
    }

    [Fact]
    public void WhatIsReadFromACapturedTensorIsNoArgument()
    {
        var w = D(3);
        var traced = Trace((Tensor x) => w.Item() > 0 ? x * w : x, D(1));
        Assert.Equal("Mul", Assert.Single(traced.Graph.Instructions).Name);
    }

    [Fact]
    public void ShapesAreCheckedInEveryCall()
    {
        var traced = Trace(((Tensor X, Tensor Y) p) => p.X.Shape[0] > 1 ? p.X + p.Y : p.X - p.Y, (V(1, 2), V(1, 2)));
        Assert.Throws<ShapeException>(() => traced.Call((V(1), V(1))));
        Assert.Throws<ShapeException>(() => traced.Call((V(1, 2), V(1))));
        Assert.Throws<ShapeException>(() => traced.Call((V(1, 2), V(1, 2).Unsqueeze(0))));
        Assert.Throws<ShapeException>(() => Vmap(((Tensor X, Tensor Y) p) => traced.Call(p))((V(1, 2), V(1, 2))));
    }

    /// <summary>A custom function's own derivative: sine with 5 g, doubled, is 10.</summary>
    [Fact]
    public void ACustomFunctionKeepsItsBackwardPart()
    {
        var f = Autograd.Function((_, x) => x.Sin(), (_, g) => 5 * g, "Steep");
        var traced = Trace((Tensor q) => f(q) * 2, D(1));
        traced.Graph.Verify();
        Assert.Equal(["Steep", "Mul"], traced.Graph.Instructions.Select(instruction => instruction.Name));
        Assert.Equal(2 * Math.Sin(0.5), traced.Call(D(0.5)).Item(), 12);
        Assert.Equal(10, Grad<Tensor>(traced.Call)(D(0.5)).Item());
        Assert.Equal(30, Jvp(traced.Call, D(0.5), D(3)).Tangent.Item());
        Check.Close(V(10, 10), Vmap(Grad<Tensor>(traced.Call))(V(1, 2)));
        Check.Close(V(10, 10), Grad((Tensor x) => Vmap<Tensor, Tensor>(traced.Call)(x).Sum())(V(1, 2)));
        Assert.Equal(10, Trace(Grad((Tensor q) => f(q) * 2), D(1)).Call(D(0.5)).Item());
        Assert.Equal(10, Trace(Grad<Tensor>(traced.Call), D(1)).Call(D(0.5)).Item());
        var leaf = D(0.5).RequiresGrad_();
        traced.Call(leaf).Backward();
        Assert.Equal(10, leaf.Grad!.Item());
        Assert.Equal(20, Trace((Tensor q) => Jvp((Tensor p) => f(p) * 2, q, D(2)).Tangent, D(1)).Call(D(0.5)).Item());
    }

    [Fact]
    public void WhatACustomFunctionSavesIsThatOfTheCall()
    {
        var f = Autograd.MultiFunction(
            (context, x) =>
            {
                var between = x[0].Exp();
                Tensor[] results = [x[0] * between, x[0].Sin()];
                context.SaveForBackward(x[0], between, results[0]);
                return results;
            },
            (context, g) =>
            {
                var (x, between, first) = (context.SavedTensors[0], context.SavedTensors[1], context.SavedTensors[2]);
                return [(g[0]! * (first + between)) + (g[1]! * x.Cos())];
            });
        Func<Tensor, Tensor> own = x => f([x])[0] + (2 * f([x])[1]);
        Func<Tensor, Tensor> plain = x => (x * x.Exp()) + (2 * x.Sin());
        var traced = Trace(Grad(own), D(1));
        traced.Graph.Verify();
        Check.Close(Grad(plain)(D(0.3)), traced.Call(D(0.3)));
        Check.Close(Grad(plain)(D(0.3)), Grad<Tensor>(Trace(own, D(1)).Call)(D(0.3)));
        Check.Close(Vmap(Grad(plain))(V(0.3, 0.4)), Vmap<Tensor, Tensor>(traced.Call)(V(0.3, 0.4)));
        Check.Close(plain(D(0.3)), Trace(own, D(1)).Call(D(0.3)));
    }

    /// <summary>
    /// The forward part of a custom function runs anew in each call, so it may read numbers; a traced backward part may not depend on them.
    /// </summary>
    [Fact]
    public void ACustomFunctionMayReadNumbers()
    {
        var f = Autograd.Function(
            (context, x) =>
            {
                context.State = Math.Cos(x.Item());
                return Tensor.Scalar(Math.Sin(x.Item()));
            },
            (context, g) => g * (double)context.State!);
        var traced = Trace((Tensor x) => f(x) * 2, D(1));
        Assert.Equal(2 * Math.Sin(0.5), traced.Call(D(0.5)).Item(), 12);
        Assert.Equal(2 * Math.Cos(0.5), Grad<Tensor>(traced.Call)(D(0.5)).Item(), 12);
        var gradient = Trace(Grad(f), D(1));
        Assert.Equal(Math.Cos(1), gradient.Call(D(1)).Item(), 12);
        Assert.StartsWith(
            "trace: the State that the forward part of FunctionBackward leaves was",
            Assert.Throws<AutogradException>(() => gradient.Call(D(0.5))).Message,
            StringComparison.Ordinal);
        var keeps = Autograd.Function(
            (context, x) =>
            {
                context.State = x.Cos();
                return x.Sin();
            },
            (context, g) => g * (Tensor)context.State!);
        Action[] traces = [() => Trace(Grad(keeps), D(1)), () => Trace(Grad((Tensor x) => Vmap(keeps)(x).Sum()), V(1))];
        Assert.All(traces, trace => Assert.Contains("SaveForBackward", Assert.Throws<AutogradException>(trace).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void ATracedTensorThatIsNoInputIsRefused() => Assert.Contains(
        "Hand it in as an input",
        Assert.Throws<AutogradException>(() => Trace((Tensor x) => Autograd.Function((_, y) => y * x, (_, g) => g)(x * 2), D(1))).Message,
        StringComparison.Ordinal);
}
