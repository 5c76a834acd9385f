namespace Adjoint.Tests.Engine;

/// <summary>Saved-tensor hooks that differentiate while they pack or unpack: they do not call themselves, which overflowed the stack.</summary>
public class NestedHookTests
{
    private static Tensor Differentiating(Tensor x) => Transform.Grad<Tensor>(y => y.Sin().Sum())(x).Cos();

    [Fact]
    public void APackingHookMayDifferentiate()
    {
        var x = Tensor.FromArray(new[] { 0.5, 2.0 }, 2).RequiresGrad_();
        var packed = 0;
        Tensor y;
        using (Autograd.SavedTensorHooks<Tensor>(
            tensor =>
            {
                packed++;
                Differentiating(tensor);
                return tensor;
            },
            tensor => tensor))
        {
            y = x.Sin().Sum();
        }

        y.Backward();
        Assert.Equal(1, packed);
        Assert.Equal(Math.Cos(2), x.Grad![1].Item(), 1e-12);
    }

    [Fact]
    public void AnUnpackingHookMayDifferentiate()
    {
        var x = Tensor.FromArray(new[] { 0.5, 2.0 }, 2).RequiresGrad_();
        var unpacked = 0;
        using (Autograd.SavedTensorHooks<Tensor>(
            tensor => tensor,
            tensor =>
            {
                unpacked++;
                Differentiating(tensor);
                return tensor;
            }))
        {
            x.Sin().Sum().Backward();
        }

        Assert.Equal(1, unpacked);
        Assert.Equal(Math.Cos(2), x.Grad![1].Item(), 1e-12);
    }
}
