namespace Adjoint.Bench;

/// <summary>Random elements that float32 holds exactly, so that rows of both real types start from the same numbers.</summary>
internal static class Inputs
{
    /// <summary>Uniform in an interval.</summary>
    public static double[] Uniform(int seed, int count, double low = -1, double high = 1)
    {
        var random = new Random(seed);
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)(low + ((high - low) * random.NextDouble()));
        }

        return values;
    }

    /// <summary>A tensor of our own.</summary>
    public static Tensor Tensor(double[] values, DType dtype, params int[] sizes) =>
        Adjoint.Tensor.FromArray(values, sizes).To(dtype);

    /// <summary>The elements of a tensor of our own, in float64.</summary>
    public static double[] Of(Tensor x) => x.Detach().To(DType.Float64).ToArray<double>();
}
