using Adjoint.NN;

namespace Adjoint.Bench.Rows;

/// <summary>
/// An epoch of batches of 64 from 8,192 images of 784 numbers with their classes, in another order each time. What is compared is the sum of each
/// column over all batches, which does not depend on the order.
/// </summary>
[Row("dataloader")]
public sealed class DataLoading : Row
{
    public const int Samples = 8192;
    public const int Features = 784;
    public const int Batch = 64;

    private readonly DataLoader<(Tensor X, Tensor Y)> _loader;

    public DataLoading()
    {
        X = [.. Inputs.Uniform(1, Samples * Features).Select(value => (float)value)];
        Labels = [.. Enumerable.Range(0, Samples).Select(i => (long)(i % 10))];
        _loader = DataLoader.Of(
            Dataset.Of(Tensor.FromArray(X, Samples, Features), Tensor.FromArray(Labels)), Batch, shuffle: true, seed: 1);
    }

    /// <summary>The images, one after the other.</summary>
    public float[] X { get; }

    /// <summary>Their classes.</summary>
    public long[] Labels { get; }

    public override string Unit => "ns/sample";

    public override int UnitsPerCall => Samples;

    public override void Ours()
    {
        var seen = 0;
        foreach (var (x, _) in _loader)
        {
            seen += x.Shape[0];
        }

        if (seen != Samples)
        {
            throw new InvalidOperationException($"{seen} samples of {Samples}");
        }
    }

    public override double[][] Results()
    {
        var sums = Tensor.Zeros([Features], DType.Float64);
        double labels = 0;
        foreach (var (x, y) in _loader)
        {
            sums.Add_(x.To(DType.Float64).Sum(0));
            labels += y.Sum().Item();
        }

        return [Inputs.Of(sums), [labels]];
    }
}
