
namespace Adjoint.Tests.Convolution;

/// <summary>
/// Outputs as long as the input. PyTorch pads dilation * (kernel - 1) zeros in all, half of them before the image, and an odd one more after it; so a
/// kernel of two taps has none before and one after.
/// </summary>
public class SamePaddingTests
{
    /// <summary>y[i] = x[i] + 10 x[i + 1], where x ends in zero.</summary>
    [Fact]
    public void TwoTapsEndInZero()
    {
        var y = Tensor.FromArray([1.0, 2.0, 3.0]).View(1, 1, 3).Conv1d(Tensor.FromArray([1.0, 10.0]).View(1, 1, 2), padding: "same");
        Assert.Equal([21.0, 32.0, 3.0], y.ToArray<double>());
    }

    /// <summary>One position alone meets the first tap alone, in each channel of each image.</summary>
    [Fact]
    public void OnePositionMeetsTheFirstTap()
    {
        var x = Tensor.FromArray([1.0, 2.0, 3.0, 4.0]).View(2, 2, 1);
        var weight = Tensor.FromArray([1.0, 100.0, 10.0, 1000.0]).View(1, 2, 2);
        Assert.Equal([21.0, 43.0], x.Conv1d(weight, padding: "same").ToArray<double>());
    }

    /// <summary>Values and gradients are those of the image with the zeros written out, whichever way kernels choose for so many channels.</summary>
    [Theory]
    [InlineData(1, 2, 1, 2, 1)]
    [InlineData(1, 3, 40, 2, 1)]
    [InlineData(1, 2, 3, 3, 1)]
    [InlineData(1, 2, 20, 4, 2)]
    [InlineData(2, 2, 1, 2, 1)]
    [InlineData(2, 3, 40, 2, 1)]
    [InlineData(2, 2, 20, 2, 3)]
    [InlineData(3, 2, 20, 2, 1)]
    [InlineData(3, 1, 2, 4, 1)]
    public void ZerosAreWrittenOut(int axes, int inputs, int outputs, int kernel, int dilation)
    {
        var generator = new Generator(3);
        int[] space = [4, 3, 5];
        var x = Whole([2, inputs, .. space[..axes]]).RequiresGrad_();
        var weight = Whole([outputs, inputs, .. Enumerable.Repeat(kernel, axes)]).RequiresGrad_();
        var (y, expected) = (Run(x, weight, "same"), Run(Padded(x), weight, 0));
        Assert.Equal(expected.Shape, y.Shape);
        Assert.Equal(expected.Detach().ToArray<double>(), y.Detach().ToArray<double>());
        var gradient = Whole(y.Shape.ToArray());
        var (own, others) = (Autograd.Grad([y], [x, weight], [gradient]), Autograd.Grad([expected], [x, weight], [gradient]));
        Assert.Equal(others[0]!.ToArray<double>(), own[0]!.ToArray<double>());
        Assert.Equal(others[1]!.ToArray<double>(), own[1]!.ToArray<double>());

        Tensor Whole(int[] sizes) => Tensor.Randint(-3, 4, sizes, generator: generator).To(DType.Float64);

        Tensor Run(Tensor image, Tensor taps, ConvPadding padding) => axes switch
        {
            1 => image.Conv1d(taps, padding: padding, dilation: dilation),
            2 => image.Conv2d(taps, padding: padding, dilation: dilation),
            _ => image.Conv3d(taps, padding: padding, dilation: dilation),
        };

        Tensor Padded(Tensor image)
        {
            var all = dilation * (kernel - 1);
            for (var a = 2; a < image.Rank; a++)
            {
                image = Tensor.Cat([Zeros(image, a, all / 2), image, Zeros(image, a, all - (all / 2))], a);
            }

            return image;
        }

        static Tensor Zeros(Tensor image, int axis, int count)
        {
            var sizes = image.Shape.ToArray();
            sizes[axis] = count;
            return Tensor.Zeros(sizes, image.DType);
        }
    }
}
