using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>What a reverse transform's function may write into (functorch's rule on captured tensors).</summary>
public class CapturedTests
{
    private const string Refusal =
        "During a grad (vjp, jvp, grad, etc) transform, " +
        "the function provided attempted to call in-place operation that would mutate a captured Tensor.";

    private static Tensor D(double value) => Tensor.Scalar(value);

    public static TheoryData<string> Writes => ["Add_", "+=", "Copy_", "Fill_", "index", "view", "custom function"];

    private static void Write(string how, Tensor captured, Tensor x)
    {
        switch (how)
        {
            case "Add_":
                captured.Add_(x);
                break;
            case "+=":
                captured += x;
                break;
            case "Copy_":
                captured.Copy_(x.Expand(2));
                break;
            case "Fill_":
                captured.Fill_(x);
                break;
            case "index":
                captured[0] = x;
                break;
            case "view":
                captured[1..].Mul_(x);
                break;
            default:
                Autograd.Function(
                    (context, a, b) =>
                    {
                        context.MarkDirty(a);
                        return a;
                    },
                    (_, g) => (g, g.Sum()))(captured, x);
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public void TheArgumentIsNotWrittenIntoACapturedTensor(string how)
    {
        var captured = Tensor.Zeros([2], DType.Float64);
        for (var i = 0; i < 3; i++)
        {
            Action[] calls =
            [
                () => Grad((Tensor x) =>
                {
                    Write(how, captured, x);
                    return captured.Sum() * 2;
                })(D(1)),
                () => Vjp((Tensor x) =>
                {
                    Write(how, captured, x * x);
                    return captured.Sum();
                }, D(1)),
                () => JacRev((Tensor x) =>
                {
                    Write(how, captured, x.Sin());
                    return captured;
                })(D(1)),
            ];
            Assert.All(calls, call => Assert.StartsWith(Refusal, Assert.Throws<AutogradException>(call).Message, StringComparison.Ordinal));
        }

        Assert.False(captured.RequiresGrad);
        Assert.Equal(0, captured.Version);
        Assert.Equal([0.0, 0.0], captured.ToArray<double>());
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public void WhatTheFunctionMadeMayBeWrittenInto(string how)
    {
        // The sum of what was written: one or two elements of x, or x times the second of two ones.
        var expected = how switch { "index" or "view" => 1.0, _ => 2.0 };
        Func<Tensor, Tensor> f = x =>
        {
            var made = Tensor.Ones([2], DType.Float64);
            Write(how, made, x);
            return made.Sum();
        };
        Assert.Equal(how == "custom function" ? 2 : expected, Grad(f)(D(3)).Item());
        Assert.Equal(0, Grad((Tensor x) => Grad(f)(x) * 1)(D(3)).Item());
    }

    /// <summary>What an outer function made is captured by the inner one, but not by itself.</summary>
    [Fact]
    public void LevelsAreToldApart()
    {
        Assert.Throws<AutogradException>(() => Grad((Tensor q) =>
        {
            var made = D(0);
            return Grad((Tensor x) =>
            {
                made.Add_(x);
                return made * 2;
            })(q);
        })(D(1)));
        Assert.Equal(2, Grad((Tensor q) =>
        {
            var made = D(0);
            var slope = Grad((Tensor x) =>
            {
                made.Add_(q);
                return made * x;
            })(q);
            return slope * q;
        })(D(1)).Item());
    }

    [Fact]
    public void ConstantsMayBeWritten()
    {
        var (count, seen) = (D(0), D(0));
        Assert.Equal(6, Grad((Tensor x) =>
        {
            count.Add_(1);
            using (Autograd.NoGrad())
            {
                seen.Copy_(x);
            }

            seen.Add_(x.Detach());
            return x * x;
        })(D(3)).Item());
        Assert.Equal(1, count.Item());
        Assert.Equal(6, seen.Item());
        var w = D(2).RequiresGrad_();
        var sum = D(0);
        Grad((Tensor x) =>
        {
            sum.Add_(w);
            return x;
        })(D(1));
        sum.Backward();
        Assert.Equal(1, w.Grad!.Item());
    }

    [Fact]
    public void WhatEscapedIsNoArgumentAnyMore()
    {
        Tensor? escaped = null;
        Grad((Tensor x) =>
        {
            escaped = x * 2;
            return x;
        })(D(1));
        Assert.Equal(3, D(1).Add_(escaped!).Item());
    }
}
