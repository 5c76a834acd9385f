using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Directional derivatives of any order, Laplacians, planned Jacobians, and batches within a budget.</summary>
public class DerivativesTests
{
    private static Tensor V(params double[] values) => Tensor.FromArray(values);

    [Fact]
    public void AnyOrderInADirection()
    {
        // d^k/dt^k exp(a . (x + t v)) = (a . v)^k exp(a . x)
        var (a, x, v) = (V(0.5, -1), V(0.2, 0.1), V(1, 2));
        var slope = -1.5;
        for (var order = 0; order <= 5; order++)
        {
            var derivative = DirectionalDerivative((Tensor p) => Tensor.Dot(a, p).Exp(), x, v, order);
            Assert.Equal(Math.Pow(slope, order) * Math.Exp(0), derivative.Item(), 10);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => DirectionalDerivative((Tensor p) => p.Sum(), x, v, -1));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void TheLaplacianIsTheTraceOfTheHessian(int? chunkSize)
    {
        // The Laplacian of |x|^4 in n dimensions is 4 (n + 2) |x|^2.
        var x = V(1, -2, 0.5);
        Assert.Equal(4 * 5 * 5.25, Laplacian(a => a.Square().Sum().Square(), chunkSize)(x).Item(), 10);
        Check.Close(V(-Math.Sin(1), Math.Sin(2), -Math.Sin(0.5)), Laplacian(a => a.Sin(), chunkSize)(x));
    }

    [Fact]
    public void APlanFollowsTheShapes()
    {
        var wide = PlanJacobian((Tensor x) => x.Reshape(4, 25).Sum(1), Tensor.Ones([100], DType.Float64));
        Assert.Equal(JacobianMode.Reverse, wide.Mode);
        Assert.Equal((4, 100), (wide.Rows, wide.Columns));
        var tall = PlanJacobian((Tensor x) => x.Expand(50, 2).Sin(), Tensor.Ones([2], DType.Float64));
        Assert.Equal(JacobianMode.Forward, tall.Mode);
        Assert.Equal(2, tall.ChunkSize);
        var plan = PlanJacobian((Tensor x) => x.Sin(), Tensor.Ones([100], DType.Float64), maxBytes: 10 * 2400);
        Assert.Equal("Jacobian 100 x 100: forward mode, columns in 10 passes of 10, about 0.024 MB at once", plan.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => PlanJacobian((Tensor x) => x, V(1), 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3000)]
    [InlineData(long.MaxValue)]
    public void APlannedJacobian(long maxBytes)
    {
        var x = V(0.1, 0.2, 0.3);
        Check.Close(
            (Tensor)Tensor.Stack([V(Math.Cos(0.1), 0, 0), V(0, Math.Cos(0.2), 0), V(0, 0, Math.Cos(0.3))]),
            Jacobian((Tensor a) => a.Sin(), x, maxBytes));
        Check.Close(x.Unsqueeze(0) * 2, Jacobian((Tensor a) => a.Square().Sum(0, keepDim: true), x, maxBytes));
    }

    [Fact]
    public void ABatchWithinABudget()
    {
        var x = Tensor.Arange(1000).To(DType.Float64).Reshape(100, 10);
        var sizes = new List<long>();
        var result = Vmap(
            (Tensor row) =>
            {
                sizes.Add(1);
                return row.Sin().Sum();
            },
            maxBytes: 20_000)(x);
        Check.Close(x.Sin().Sum(1), result);
        Assert.InRange(sizes.Count, 3, 100);
    }

    [Fact]
    public void AsynchronousFunctionsAreRefused()
    {
        var batched = Vmap(async (Tensor x) =>
        {
            await Task.Yield();
            return x;
        });
        void Run()
        {
            _ = batched(V(1, 2));
        }

        Assert.Contains("asynchronous", Assert.Throws<AutogradException>(Run).Message, StringComparison.Ordinal);
    }
}
