using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>
/// Transforms of transforms, after the compositions that PyTorch's <c>test_eager_transforms</c> and <c>test_vmap</c> single out, each against a
/// closed form or a plain loop.
/// </summary>
public class CompositionTests
{
    private static readonly Tensor Matrix = (Tensor.Arange(12) * 0.25).To(DType.Float64).Reshape(3, 4);

    private static Tensor V(params double[] values) => Tensor.FromArray(values);

    private static Tensor D(double value) => Tensor.Scalar(value);

    /// <summary>test_grad_of_vjp_of_grad_composition: d/dx (y d²/dx² sin x) = -y cos x.</summary>
    [Fact]
    public void GradOfVjpOfGrad()
    {
        Func<Tensor, Tensor, Tensor> f = (x, y) => Vjp(Grad((Tensor a) => a.Sin()), x).Pullback(y);
        var (x, y) = (D(0.7), D(1.3));
        Assert.Equal(-1.3 * Math.Cos(0.7), Grad(f)(x, y).Item(), 12);
        Assert.Equal(-Math.Sin(0.7), Grad(f, 1)(x, y).Item(), 12);
    }

    /// <summary>test_unrelated_hessian, test_against_reference_unrelated_outputs:
    /// what does not depend on the argument has zeros of the right shape.</summary>
    [Fact]
    public void WhatDoesNotDependOnTheArgumentHasZeros()
    {
        var w = V(1, 2, 3);
        var zeros = Tensor.Zeros([2, 2], DType.Float64);
        Check.Close(zeros, Hessian(_ => w.Square().Sum())(V(1, 2)));
        Check.Close(zeros, Hessian(x => 3 * x.Sum())(V(1, 2)));
        Check.Close(Tensor.Zeros([3, 2], DType.Float64), JacRev((Tensor _) => w.Sin())(V(1, 2)));
        Check.Close(Tensor.Zeros([3, 2], DType.Float64), JacFwd((Tensor _) => w.Sin())(V(1, 2)));
        Check.Close(Tensor.Zeros([3, 2], DType.Float64), Vmap((Tensor row) => Grad((Tensor _) => w.Sum())(row))(Tensor.Ones([3, 2], DType.Float64)));
    }

    /// <summary>test_vjp_outputs_can_any_pytree.</summary>
    [Fact]
    public void AVjpOfAStructure()
    {
        var x = V(1, 2);
        var (value, pullback) = Vjp((Tensor a) => new Dictionary<string, Tensor> { ["sin"] = a.Sin(), ["sum"] = a.Sum() }, x);
        Assert.Equal(3, value["sum"].Item());
        Check.Close((10 * x.Cos()) + 5, pullback(new() { ["sum"] = D(5), ["sin"] = V(10, 10) }));
        Check.Close(x.Cos() + 2, Vjp((Tensor a) => (a.Sin(), new[] { a, a }), x).Pullback((V(1, 1), [V(1, 1), V(1, 1)])));
    }

    /// <summary>test_tensor_ctor_inside_grad.</summary>
    [Fact]
    public void TensorsMadeInsideAreConstants()
    {
        Assert.Equal(7, Grad((Tensor x) => x * Tensor.FromArray([3.0, 4.0]).Sum())(D(2)).Item());
        Check.Close(V(0, 1, 2, 3), Vmap((Tensor row) => Grad((Tensor x) => Tensor.Dot(x, Tensor.Arange(4).To(DType.Float64)))(row))(Matrix)[1]);
    }

    /// <summary>test_no_grad_mixed: inside of NoGrad nothing is recorded, around it only the outer history is missing.</summary>
    [Fact]
    public void NoGradInside()
    {
        var gradient = Grad((Tensor x) =>
        {
            Tensor constant;
            using (Autograd.NoGrad())
            {
                constant = x.Square();
            }

            return x * constant;
        })(D(3));
        Assert.Equal(9, gradient.Item());

        // Forward mode follows values, not records, as in torch.func.
        Assert.Equal(6, Autograd.NoGrad(() => Jvp((Tensor x) => x.Square(), D(3), D(1)).Tangent).Item());
    }

    /// <summary>test_jacfwd_different_levels: the inner Jacobian's direction must not be seen by the outer one.</summary>
    [Fact]
    public void JacobiansOfDifferentLevels()
    {
        // d/dx sum_i x_i d/dy_i (x . y)^2 at y = x is d/dx 2 (x . x) (x . x) with one factor from the constant y: computed by hand.
        var x = V(1, 2);
        Func<Tensor, Tensor> f = a => Tensor.Dot(a, JacFwd((Tensor b) => Tensor.Dot(a, b).Square())(a.Detach()));

        // f(a) = 2 (a . c) (a . a) with c = a held fixed: df/da = 2 (c (a . a) + (a . c) 2 a) = 6 |a|² a.
        var expected = 6 * 5 * x;
        Check.Close(expected, JacFwd(f)(x));
        Check.Close(expected, JacRev(f)(x));
        Check.Close(expected, Grad(f)(x));
        Func<Tensor, Tensor> g = a => Tensor.Dot(a, JacRev((Tensor b) => Tensor.Dot(a, b).Square())(a.Detach()));
        Check.Close(expected, JacFwd(g)(x));
        Check.Close(expected, JacRev(g)(x));
    }

    /// <summary>test_hessian_vectorize_correctness_multi_input: blocks of a Hessian by two arguments.</summary>
    [Fact]
    public void TheBlocksOfAHessian()
    {
        // f = a² b³ with a = sum of x, b = sum of y.
        Func<(Tensor X, Tensor Y), Tensor> f = p => p.X.Sum().Square() * p.Y.Sum().Pow(3);
        var point = (V(1, 1), V(1, 0, 1));
        var (xx, xy) = JacFwd(((Tensor, Tensor) p) => Grad(f)(p).X)(point);
        var (yx, yy) = JacRev(((Tensor, Tensor) p) => Grad(f)(p).Y)(point);
        Check.Close(Tensor.Full([2, 2], 2 * 8, DType.Float64), xx);
        Check.Close(Tensor.Full([2, 3], 2 * 2 * 3 * 4, DType.Float64), xy);
        Check.Close(xy.T, yx);
        Check.Close(Tensor.Full([3, 3], 4 * 6 * 2, DType.Float64), yy);
    }

    /// <summary>test_linearize_composition_vmap, in both orders, and under a gradient.</summary>
    [Fact]
    public void LinearizeAndBatches()
    {
        Func<Tensor, Tensor> f = x => x.Sin() * x.Sum();
        var x = V(0.1, 0.2, 0.3, 0.4);
        var expected = Tensor.Stack([.. Matrix.Unbind().Select(row => Jvp(f, x, row).Tangent)]);
        Check.Close(expected, Vmap(Linearize(f, x).Pushforward)(Matrix));

        var (value, push) = Linearize(Vmap(f), Matrix);
        Check.Close(Tensor.Stack([.. Matrix.Unbind().Select(f)]), value);
        var tangent = Matrix.Cos();
        Check.Close(Tensor.Stack([.. Enumerable.Range(0, 3).Select(i => Jvp(f, Matrix[i], tangent[i]).Tangent)]), push(tangent));
        Check.Close(push(tangent), Vmap((Tensor row, Tensor t) => Linearize(f, row).Pushforward(t))(Matrix, tangent));

        // Linear in the direction, so its gradient by the direction is the pullback.
        Check.Close(Vjp(f, x).Pullback(V(1, 2, 3, 4)), Grad((Tensor t) => Tensor.Dot(Linearize(f, x).Pushforward(t), V(1, 2, 3, 4)))(x));
    }

    /// <summary>test_nested_with_different_map_dim.</summary>
    [Fact]
    public void NestedBatchesAlongDifferentAxes()
    {
        var (x, y) = (Matrix, Matrix.Cos().T.Contiguous());

        // Rows of x outside, columns of y inside: all products of a row and a column.
        Check.Close(x.Mm(y), Vmap((Tensor row) => Vmap((Tensor column) => Tensor.Dot(row, column), 1)(y))(x));
        Check.Close(x.Mm(y).T, Vmap((Tensor row) => Vmap((Tensor column) => Tensor.Dot(row, column), 1)(y), outAxis: 1)(x));
        var cube = Tensor.Arange(24).To(DType.Float64).Reshape(2, 3, 4);
        Check.Close(cube.Permute(2, 0, 1) * 2, Vmap((Tensor a) => Vmap((Tensor b) => b * 2, 0)(a), 2)(cube));
        Check.Close(cube.Permute(1, 2, 0) + 1, Vmap((Tensor a) => Vmap((Tensor b) => b + 1, 1)(a), 1)(cube));
    }

    /// <summary>test_pytree_returns_broadcast_nested: some results depend on no sample, some on one of two batches.</summary>
    [Fact]
    public void ResultsOfNestedBatchesSpread()
    {
        var (x, y) = (V(1, 2), V(10, 20, 30));
        var (both, outer, inner, none) = Vmap((Tensor a) => Vmap((Tensor b) => (a * b, a, b, D(5)))(y))(x);
        Check.Close(x.Unsqueeze(1) * y, both);
        Check.Close(x.Unsqueeze(1).Expand(2, 3), outer);
        Check.Close(y.Expand(2, 3), inner);
        Check.Close(Tensor.Full([2, 3], 5, DType.Float64), none);
    }

    /// <summary>test_vmap_chunksize_composition.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(100, 2)]
    public void ChunksInChunks(int outside, int inside)
    {
        Func<Tensor, Tensor> f = x => x.Sin() * x;
        Check.Close(f(Matrix), Vmap(Vmap(f, chunkSize: inside), chunkSize: outside)(Matrix));
        Check.Close(f(Matrix), Vmap(Vmap(f, chunkSize: inside), 1, 1, chunkSize: outside)(Matrix));
        Check.Close(Matrix.Cos(), Vmap((Tensor row) => Vmap(Grad((Tensor x) => x.Sin()), chunkSize: inside)(row), chunkSize: outside)(Matrix));
        Check.Close(
            Grad((Tensor m) => f(m).Sum())(Matrix),
            Grad((Tensor m) => Vmap(Vmap(f, chunkSize: inside), chunkSize: outside)(m).Sum())(Matrix));
        Check.Close(JacRev((Tensor x) => f(x))(Matrix[1]), JacRev((Tensor x) => Vmap(f, chunkSize: inside)(x), chunkSize: outside)(Matrix[1]));
    }

    /// <summary>test_maml_regression: the gradient through a step of gradient descent, for each task.
    /// For the loss (w x - y)² / 2 it has a closed form.</summary>
    [Fact]
    public void GradientsThroughAStepOfDescent()
    {
        var (xs, ys, w) = (V(0.5, 1, 2), V(1, -1, 3), D(0.3));
        static Tensor Loss(Tensor w, Tensor x, Tensor y) => ((w * x) - y).Square() / 2;
        const double rate = 0.1;
        var meta = Grad((Tensor start) =>
            Vmap((Tensor x, Tensor y) => Loss(start - (rate * Grad((Tensor a) => Loss(a, x, y))(start)), x, y))(xs, ys).Sum())(w);

        // After a step the residual is r (1 - rate x²), and so is its slope x (1 - rate x²).
        var factor = 1 - (rate * xs.Square());
        Check.Close((((w * xs) - ys) * xs * factor.Square()).Sum(), meta);
        var forward = Jvp(
            (Tensor start) => Vmap((Tensor x, Tensor y) => Loss(start - (rate * Grad((Tensor a) => Loss(a, x, y))(start)), x, y))(xs, ys).Sum(),
            w,
            D(1));
        Check.Close(meta, forward.Tangent);
    }

    /// <summary>test_lennard_jones_batched_jac: energies and forces of pairs of atoms, in a batch, against the closed form.</summary>
    [Fact]
    public void ForcesOfPairsOfAtoms()
    {
        static Tensor Energy(Tensor r) => 4 * (r.Norm().Pow(-12) - r.Norm().Pow(-6));
        var places = Tensor.FromArray(new[,] { { 1.1, 0.2, 0.1 }, { 0.3, 1.4, -0.2 }, { -0.9, 0.5, 0.8 } });
        var norms = places.Square().Sum(1, keepDim: true).Sqrt();
        var forces = 4 * ((-12 * norms.Pow(-14)) + (6 * norms.Pow(-8))) * places;
        Check.Close(forces, Vmap(Grad<Tensor>(Energy))(places));
        Check.Close(forces, Vmap(JacRev<Tensor>(Energy))(places));
        Check.Close(forces, Vmap(JacFwd<Tensor>(Energy))(places));
        Check.Close(forces, Grad((Tensor all) => Vmap<Tensor, Tensor>(Energy)(all).Sum())(places));
    }

    /// <summary>test_ensemble_regression: several models, stacked, trained at once.</summary>
    [Fact]
    public void AnEnsembleLearnsAtOnce()
    {
        var (xs, ys) = (Matrix, V(1, 2, 4));
        var weights = Tensor.Stack([V(0.1, 0.2, 0.3, 0.4), V(-0.1, 0, 0.1, 0.5)]);
        Tensor Step(Tensor w) => w - (0.05 * Grad((Tensor a) => (xs.Mv(a) - ys).Square().Mean())(w));
        var together = weights;
        var apart = weights.Unbind();
        for (var i = 0; i < 5; i++)
        {
            together = Vmap<Tensor, Tensor>(Step)(together);
            apart = Array.ConvertAll(apart, Step);
        }

        Check.Close(Tensor.Stack(apart), together);
    }

    /// <summary>test_print_captured_tensor_inside_transform: what is captured prints as itself.</summary>
    [Fact]
    public void CapturedTensorsPrintAsThemselves()
    {
        var captured = Tensor.FromArray([1f, 2, 3]);
        Grad((Tensor x) =>
        {
            Assert.Equal("tensor([1., 2., 3.])", captured.ToString());
            return x;
        })(D(1));
        Vmap((Tensor x) =>
        {
            Assert.Equal("tensor([1., 2., 3.])", captured.ToString());
            return x;
        })(V(1, 2));
    }
}
