using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>The affine layer: first values as PyTorch draws them, values and gradients by their closed forms.</summary>
public class LinearTests
{
    /// <summary>
    /// After torch.manual_seed(0), torch.rand gives 0.4963, 0.7682, 0.0885, 0.1320, 0.3074, 0.6341, 0.4901, 0.8964; a
    /// layer of three inputs maps each to (2 u - 1) / sqrt(3), the weight first.
    /// </summary>
    [Fact]
    public void FirstValuesAreThoseOfPyTorch()
    {
        var layer = new Linear(3, 2, generator: new Generator(0));
        Assert.Equal(
            "tensor([[-0.0043,  0.3097, -0.4752],\n        [-0.4249, -0.2224,  0.1548]], requires_grad=True)",
            layer.Weight.ToString());
        Assert.Equal("tensor([-0.0114,  0.4578], requires_grad=True)", layer.Bias!.ToString());
    }

    [Theory]
    [InlineData(nameof(DType.Float32))]
    [InlineData(nameof(DType.Float64))]
    public void FirstValuesFillTheirRange(string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        const double Bound = 0.1;   // 1 / sqrt(100)
        var layer = new Linear(100, 200, dtype: dtype, generator: new Generator(1));
        var values = layer.Weight.Detach().ToArray<double>();
        Assert.All(values, v => Assert.InRange(v, -Bound, Bound));

        // A uniform number has variance bound^2 / 3; of 20,000 draws the sample's deviates by some 0.6 %.
        Assert.InRange(values.Sum(v => v * v) / values.Length, 0.97 * Bound * Bound / 3, 1.03 * Bound * Bound / 3);
        Assert.InRange(values.Average(), -0.002, 0.002);
        Assert.Equal(dtype, layer.Bias!.DType);
    }

    [Fact]
    public void OneSeedGivesOneLayer()
    {
        var (a, b) = (new Linear(5, 4, generator: new Generator(7)), new Linear(5, 4, generator: new Generator(7)));
        Assert.Equal(a.Weight.Detach().ToArray<float>(), b.Weight.Detach().ToArray<float>());
        var c = new Linear(5, 4, generator: new Generator(8));
        Assert.NotEqual(a.Weight.Detach().ToArray<float>(), c.Weight.Detach().ToArray<float>());
    }

    /// <summary>
    /// For s = sum(x W^T + b): ds/dW has the sum of the inputs in each row, ds/db the number of samples, ds/dx the sums
    /// of W's columns.
    /// </summary>
    [Fact]
    public void GradientsAreTheClosedForm()
    {
        var layer = new Linear(2, 3, dtype: DType.Float64);
        using (Autograd.NoGrad())
        {
            layer.Weight.Copy_([[1.0, 2], [3, 4], [5, 6]]);
            layer.Bias!.Copy_([0.5, -0.5, 1]);
        }

        Tensor x = [[1.0, 2], [3, -1]];
        x.RequiresGrad = true;
        var y = layer.Forward(x);
        Assert.Equal([5.5, 10.5, 18, 1.5, 4.5, 10], y.Detach().ToArray<double>());
        y.Sum().Backward();
        Assert.Equal([4, 1, 4, 1, 4, 1], layer.Weight.Grad!.ToArray<double>());
        Assert.Equal([2, 2, 2], layer.Bias!.Grad!.ToArray<double>());
        Assert.Equal([9, 12, 9, 12], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void InputsMayHaveAnyNumberOfDimensions()
    {
        var layer = new Linear(4, 3);
        Assert.Equal([3], layer.Forward(Tensor.Ones(4)).Shape.ToArray());
        Assert.Equal([2, 5, 3], layer.Forward(Tensor.Ones(2, 5, 4)).Shape.ToArray());
        Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Ones(2, 5)));
    }

    [Fact]
    public void ALayerMayHaveNoInputs() => Assert.Equal([0, 0], new Linear(0, 2).Bias!.Detach().ToArray<float>());

    [Fact]
    public void ALayerMayLackTheBias()
    {
        var layer = new Linear(2, 3, bias: false);
        Assert.Null(layer.Bias);
        Assert.Single(layer.Parameters());
        Assert.Equal([0, 0, 0], layer.Forward(Tensor.Zeros(1, 2)).Detach().ToArray<float>());
    }
}
