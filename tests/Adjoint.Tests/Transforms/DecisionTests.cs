using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Cond and While: C#'s if and while outside of batches, selections inside, and their derivatives.</summary>
public class DecisionTests
{
    private static readonly Tensor Points = Tensor.FromArray([-2.0, -.5, .5, 3]);

    /// <summary>exp x above 0, and 1 + x below: closed forms for value and slope.</summary>
    private static Tensor Piecewise(Tensor x) => Cond(x > 0, (Tensor a) => a.Exp(), a => 1 + a, x);

    private static Tensor Values(Func<double, double> function) => Tensor.FromArray(Array.ConvertAll(Points.ToArray<double>(), x => function(x)));

    /// <summary>Newton's square root: as many steps as the number needs.</summary>
    private static Tensor Root(Tensor a) => While((Tensor x) => ((x * x) - a).Abs() > 1e-13 * a, x => (x + (a / x)) / 2, a + 1);

    [Fact]
    public void OutsideOfBatchesOneBranchRuns()
    {
        var calls = new List<string>();
        Tensor Run(double x) => Cond(
            Tensor.Scalar(x) > 0,
            () =>
            {
                calls.Add("true");
                return Tensor.Scalar(1.0);
            },
            () =>
            {
                calls.Add("false");
                return Tensor.Scalar(2.0);
            });
        Assert.Equal((1.0, 2.0), (Run(1).Item(), Run(-1).Item()));
        Assert.Equal(["true", "false"], calls);
    }

    [Fact]
    public void ABatchStaysTogether()
    {
        var calls = 0;
        var y = Vmap((Tensor x) =>
        {
            calls++;
            return Piecewise(x);
        })(Points);
        Assert.Equal(1, calls);
        Check.Close(Values(x => x > 0 ? Math.Exp(x) : 1 + x), y);
    }

    [Fact]
    public void SlopesOfDecisionsAreThoseOfTheBranchTaken()
    {
        var expected = Values(x => x > 0 ? Math.Exp(x) : 1);
        Check.Close(expected, Vmap(Grad((Tensor x) => Piecewise(x)))(Points));
        Check.Close(expected, Grad((Tensor all) => Vmap((Tensor x) => Piecewise(x))(all).Sum())(Points));
        Check.Close(expected, Vmap((Tensor x) => Jvp((Tensor a) => Piecewise(a), x, Tensor.OnesLike(x)).Tangent)(Points));
        Check.Close(expected, Jvp((Tensor all) => Vmap((Tensor x) => Piecewise(x))(all), Points, Tensor.OnesLike(Points)).Tangent);
        Check.Close(expected, Tensor.Stack([.. Points.Unbind().Select(x => Grad((Tensor a) => Piecewise(a))(x))]));
        Check.Close(Values(x => x > 0 ? Math.Exp(x) : 0), Vmap(Grad(Grad((Tensor x) => Piecewise(x))))(Points));
    }

    [Fact]
    public void DecisionsInNestedBatchesAreSelected()
    {
        var grid = Points.Reshape(2, 2);
        Check.Close(Values(x => x > 0 ? Math.Exp(x) : 1 + x).Reshape(2, 2), Vmap(Vmap((Tensor x) => Piecewise(x)))(grid));

        // A predicate of the outer batch only: the same for all samples of the inner one.
        var y = Vmap((Tensor row) => Vmap((Tensor x) => Cond(row.Sum() > 0, (Tensor a) => a * 2, a => a, x))(row))(grid);
        Check.Close(Tensor.FromArray([-2.0, -.5, 1, 6]).Reshape(2, 2), y);
    }

    [Fact]
    public void AWhileIsAWhile()
    {
        foreach (var a in new[] { .01, 2, 1e6 })
        {
            Check.Close(Tensor.Scalar(Math.Sqrt(a)), Root(Tensor.Scalar(a)));
            Check.Close(Tensor.Scalar(.5 / Math.Sqrt(a)), Grad((Tensor x) => Root(x))(Tensor.Scalar(a)), 1e-6);
            Check.Close(Tensor.Scalar(.5 / Math.Sqrt(a)), Jvp((Tensor x) => Root(x), Tensor.Scalar(a), Tensor.Scalar(1.0)).Tangent, 1e-6);
        }

        // The state may be a structure: 5! by counting down.
        var (left, product) = While(((Tensor N, Tensor P) s) => s.N > 0, s => (s.N - 1, s.P * s.N), (N: Tensor.Scalar(5L), P: Tensor.Scalar(1L)));
        Assert.Equal((0L, 120L), (left.Item<long>(), product.Item<long>()));
    }

    [Fact]
    public void InABatchAllGoOnUntilAllAreDone()
    {
        var calls = 0;
        var a = Tensor.FromArray([.01, 2, 1e6]);
        var y = Vmap((Tensor x) =>
        {
            calls++;
            return Root(x);
        })(a);
        Assert.Equal(1, calls);
        Check.Close(a.Sqrt(), y);
        Check.Close(.5 / a.Sqrt(), Vmap(Grad((Tensor x) => Root(x)))(a), 1e-6);
        Check.Close(.5 / a.Sqrt(), Grad((Tensor all) => Vmap((Tensor x) => Root(x))(all).Sum())(a), 1e-6);

        // Each sample keeps what it had when it was done: how often 2 doubles below 100, from different starts.
        var starts = Tensor.FromArray([1.0, 60, 200]);
        var (_, count) = Vmap((Tensor x) =>
            While(((Tensor X, Tensor N) s) => s.X < 100, s => (s.X * 2, s.N + 1), (X: x, N: Tensor.Scalar(0L))))(starts);
        Assert.Equal([7L, 1, 0], count.ToArray<long>());
    }

    [Fact]
    public void ATracedDecisionGuardsItself()
    {
        var traced = Trace((Tensor x) => Piecewise(x), Tensor.Scalar(1.0));
        Check.Close(Tensor.Scalar(Math.Exp(2)), traced.Call(Tensor.Scalar(2.0)));
        Assert.Throws<AutogradException>(() => traced.Call(Tensor.Scalar(-2.0)));
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.Throws<TensorException>(() => Cond(Points > 0, () => Points, () => Points));
        Assert.Throws<TensorException>(() => While((Tensor x) => x > 0, x => x - 1, Points));
        Assert.Throws<TensorException>(() => Vmap((Tensor row) => Cond(row > 0, () => row, () => row))(Points.Reshape(2, 2)));
        Assert.Throws<TensorException>(() => Vmap((Tensor x) => Cond(x > 0, () => x, () => x.Unsqueeze(0)))(Points));
    }
}
