using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>Taking numbers out of a tensor: what PyTorch refuses, in its words.</summary>
public class ReadingTests
{
    /// <summary>PyTorch's text for <c>numpy()</c>, with C#'s words in the advice.</summary>
    [Fact]
    public void AnArrayOfWhatRequiresGradIsRefused()
    {
        const string text = "Can't call numpy() on Tensor that requires grad. Use tensor.Detach().ToArray<T>() instead.";
        var x = Leaf(1, 2);
        Assert.Equal(text, Message<AutogradException>(() => x.ToArray<double>()));
        Assert.Equal(text, Message<AutogradException>(() => (x * 2).ToArray<double>()));
        Assert.Equal([1.0, 2], x.Detach().ToArray<double>());
    }

    [Fact]
    public void OneNumberOfManyIsRefused()
    {
        var x = Leaf(1, 2, 3);
        Fails<TensorException>("a Tensor with 3 elements cannot be converted to Scalar", () => x.Item());
        Fails<TensorException>("a Tensor with 3 elements cannot be converted to Scalar", () => x.Item<double>());
        Fails<TensorException>("a Tensor with 0 elements cannot be converted to Scalar", () => x[..0].Item());
        Assert.Equal(2, x[1].Item());
    }
}
