using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Forward mode, and what is made of forward mode, reverse mode and batches: Jacobians, Hessians and products with them.</summary>
public class ForwardTests
{
    private static Tensor V(params double[] values) => Tensor.FromArray(values);

    private static Tensor D(double value) => Tensor.Scalar(value);

    /// <summary>The Rosenbrock function, whose derivatives have closed forms (J. J. Moré, B. S. Garbow, K. E. Hillstrom 1981, problem 1).</summary>
    private static Tensor Rosenbrock(Tensor x) => (100 * (x[1..] - x[..^1].Square()).Square()).Sum() + (1 - x[..^1]).Square().Sum();

    [Fact]
    public void AValueAndItsDirectionalDerivative()
    {
        var (value, tangent) = Jvp((Tensor x) => x.Sin().Sum(), V(0.1, 0.2), V(1, 10));
        Assert.Equal(Math.Sin(0.1) + Math.Sin(0.2), value.Item(), 14);
        Assert.Equal(Math.Cos(0.1) + (10 * Math.Cos(0.2)), tangent.Item(), 14);
        Assert.False(tangent.RequiresGrad);
    }

    [Fact]
    public void ForwardModeNests()
    {
        Func<Tensor, Tensor> f = x => x.Exp() * x.Sin();
        Func<Tensor, Tensor> Next(Func<Tensor, Tensor> g) => x => Jvp(g, x, D(1)).Tangent;
        var x = D(0.3);

        // The fourth derivative of exp(x) sin(x) is -4 times itself.
        Assert.Equal(-4 * f(x).Item(), Next(Next(Next(Next(f))))(x).Item(), 12);
    }

    /// <summary>Perturbation confusion, in every mix of modes to depth 4: nested d/dx x * d/dy (x + y) is 1, and so on.</summary>
    [Fact]
    public void DirectionsOfDifferentLevelsDoNotMix()
    {
        Func<Func<Tensor, Tensor>, Tensor, Tensor>[] modes = [(f, x) => Grad(f)(x), (f, x) => Jvp(f, x, D(1)).Tangent];
        var one = D(1);
        foreach (var a in modes)
        {
            foreach (var b in modes)
            {
                Assert.Equal(1, a(x => x * b(y => x + y, one), one).Item());
                Assert.Equal(2, a(x => x * b(y => x * y, one), one).Item());
                foreach (var c in modes)
                {
                    foreach (var d in modes)
                    {
                        // d/dw w (d/dx x (d/dy y (d/dz w x y z))) = d/dw w (d/dx x (2 w x y)) = d/dw w (4 w x y) = 8 w x y
                        var four = a(w => w * b(x => x * c(y => y * d(z => w * x * y * z, D(7)), D(5)), D(3)), D(2));
                        Assert.Equal(8 * 2 * 3 * 5, four.Item());
                    }
                }
            }
        }
    }

    [Fact]
    public void Linearized()
    {
        var calls = 0;
        var (value, push) = Linearize(
            (Tensor x) =>
            {
                calls++;
                return x.Sin();
            },
            V(0.1, 0.2));
        Check.Close(V(0.1, 0.2).Sin(), value);
        Check.Close(V(0.1, 0.2).Cos() * V(1, 2), push(V(1, 2)));
        Check.Close(V(0.1, 0.2).Cos() * V(-3, 5), push(V(-3, 5)));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void JacobiansOfBothModes()
    {
        var w = (Tensor.Arange(6) * 0.1).To(DType.Float64).Reshape(2, 3);
        var x = V(0.3, -0.2, 0.5);
        Func<Tensor, Tensor> f = a => w.Mv(a).Tanh();
        var expected = (1 - w.Mv(x).Tanh().Square()).Unsqueeze(1) * w;
        Check.Close(expected, JacRev(f)(x));
        Check.Close(expected, JacFwd(f)(x));
        Check.Close(expected, JacRev(f, chunkSize: 1)(x));
        Check.Close(expected, JacFwd(f, chunkSize: 2)(x));
    }

    [Fact]
    public void JacobiansOfStructures()
    {
        var (a, b) = (V(1, 2), V(3, 4, 5));
        var (da, db) = JacRev(((Tensor A, Tensor B) p) => p.A.Unsqueeze(1) * p.B)((a, b));
        var (fa, fb) = JacFwd(((Tensor A, Tensor B) p) => p.A.Unsqueeze(1) * p.B)((a, b));
        Assert.Equal([2, 3, 2], da.Shape.ToArray());
        Assert.Equal([2, 3, 3], db.Shape.ToArray());
        Check.Close(da, fa);
        Check.Close(db, fb);
        Assert.Equal(4, da[0, 1, 0].Item()); // b[1]
        Assert.Equal(2, db[1, 2, 2].Item()); // a[1]
    }

    [Fact]
    public void TheHessianOfRosenbrock()
    {
        var x = V(-1.2, 1, 0.5);
        var hessian = Hessian(Rosenbrock)(x);
        var expected = Tensor.FromArray(new double[,]
        {
            { (1200 * 1.44) - 400 + 2, 480, 0 },
            { 480, 200 + 1200 - (400 * 0.5) + 2, -400 },
            { 0, -400, 200 },
        });
        Check.Close(expected, hessian);
        var v = V(1, -2, 3);
        Check.Close(expected.Mv(v), Hvp(Rosenbrock, x, v).Product);
        Check.Close(expected.Mv(v), Vhp(Rosenbrock, x, v).Product);
        Assert.Equal(Rosenbrock(x).Item(), Hvp(Rosenbrock, x, v).Value.Item());
        foreach (var other in new[]
                 {
                     JacRev(Grad<Tensor>(Rosenbrock)), JacRev(JacFwd<Tensor>(Rosenbrock)), JacFwd(JacFwd<Tensor>(Rosenbrock)),
                     JacRev(JacRev<Tensor>(Rosenbrock)),
                 })
        {
            Check.Close(expected, other(x));
        }
    }

    [Fact]
    public void ADirectionMustFit()
    {
        Assert.StartsWith(
            "Jvp: the tangent of tensor 0 has shape [1], but the tensor has shape [2].",
            Assert.Throws<ShapeException>(() => Jvp((Tensor x) => x, V(1, 2), V(1))).Message,
            StringComparison.Ordinal);
        Assert.Throws<DTypeException>(() => Jvp((Tensor x) => x, V(1, 2), Tensor.FromArray([1f, 2f])));
    }

    [Fact]
    public void WholeNumbersPassThrough()
    {
        var (value, tangent) = Jvp(((Tensor X, Tensor N) p) => p.X * p.N, (V(2, 3), Tensor.FromArray([4L, 5])), (V(1, 1), Tensor.FromArray([0L, 0])));
        Check.Close(V(8, 15), value);
        Check.Close(V(4, 5), tangent);
    }

    [Fact]
    public void ADetachedPartIsConstant()
    {
        var (_, tangent) = Jvp((Tensor x) => x * x.Detach(), V(3), V(1));
        Check.Close(V(3), tangent);
        var (_, none) = Jvp((Tensor x) => x.Argmax().To(DType.Float64), V(3, 4), V(1, 1));
        Assert.Equal(0, none.Item());
    }

    [Fact]
    public void AStandInPrintsBothParts() => Jvp(
        (Tensor x) =>
        {
            Assert.Equal("DualTensor(primal=tensor([1., 2.], dtype=torch.float64), tangent=tensor([3., 4.], dtype=torch.float64))", x.ToString());
            return x;
        },
        V(1, 2),
        V(3, 4));
}
