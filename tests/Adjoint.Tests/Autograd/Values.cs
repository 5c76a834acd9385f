namespace Adjoint.Tests.Engine;

/// <summary>Tensors from numbers and numbers from tensors, so that expectations read as numbers.</summary>
internal static class Values
{
    /// <summary>A float64 vector that requires grad.</summary>
    public static Tensor Leaf(params double[] row) => Tensor.FromArray(row).RequiresGrad_();

    /// <summary>A float64 tensor of a shape that requires grad.</summary>
    public static Tensor LeafOf(int[] shape, params double[] data) => Tensor.FromArray(data, shape).RequiresGrad_();

    /// <summary>A float64 scalar that requires grad.</summary>
    public static Tensor ScalarLeaf(double value) => Tensor.Scalar(value).RequiresGrad_();

    /// <summary>The elements, whatever the tensor requires.</summary>
    public static double[] Of(Tensor? x)
    {
        Assert.False(x is null, "There is no tensor.");
        return x!.Detach().ToArray<double>();
    }

    /// <summary>Exactly these elements.</summary>
    public static void Holds(Tensor? actual, params double[] expected) => Assert.Equal(expected, Of(actual));

    /// <summary>These elements up to rounding, relative to the largest of them.</summary>
    public static void IsClose(Tensor? actual, double[] expected, double tolerance = 1e-12)
    {
        var values = Of(actual);
        Assert.Equal(expected.Length, values.Length);
        var scale = expected.Select(Math.Abs).Append(1).Max();
        for (var i = 0; i < values.Length; i++)
        {
            Assert.True(
                Math.Abs(values[i] - expected[i]) <= tolerance * scale,
                $"Element {i} is {values[i]:R}, not {expected[i]:R}.");
        }
    }

    /// <summary>Whether two tensors lie in the same memory.</summary>
    public static bool Share(Tensor? a, Tensor? b) => ReferenceEquals(a!.Storage, b!.Storage);

    /// <summary>The message of an exception of exactly this type.</summary>
    public static string Message<E>(Action action)
        where E : Exception => Assert.Throws<E>(action).Message;

    /// <summary>An exception of exactly this type whose message starts with a sentence.</summary>
    public static void Fails<E>(string firstSentence, Action action)
        where E : Exception => Assert.StartsWith(firstSentence, Message<E>(action), StringComparison.Ordinal);
}
