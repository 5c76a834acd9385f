namespace Adjoint.Bench.Rows;

/// <summary>How much of autograd a chain of operators pays for.</summary>
public enum Recorded
{
    /// <summary>No input requires grad.</summary>
    No,

    /// <summary>The graph is recorded and dropped.</summary>
    Graph,

    /// <summary>The graph is recorded and swept.</summary>
    Backward,
}

/// <summary>
/// What an operator costs beside its arithmetic: z = x, then 50 times z = z * x, z = tanh(z), float32. Both inputs of each product need their
/// gradient, so the sweep adds 51 gradients into x. Bytes are counted for each operator of the chain, its share of the sweep included.
/// </summary>
[Row("overhead-1-forward", 1, Recorded.No)]
[Row("overhead-1-recorded", 1, Recorded.Graph)]
[Row("overhead-1-backward", 1, Recorded.Backward)]
[Row("overhead-1000-forward", 1000, Recorded.No)]
[Row("overhead-1000-recorded", 1000, Recorded.Graph)]
[Row("overhead-1000-backward", 1000, Recorded.Backward)]
public sealed class Overhead : Row
{
    /// <summary>Products in the chain, and tanh.</summary>
    public const int Pairs = 50;

    private readonly Tensor _x;
    private readonly Tensor _seed;

    public Overhead(int size, Recorded mode)
    {
        // At a slope above 1 the chain settles away from zero, and its gradient stays far from the denormal numbers.
        Values = [.. Enumerable.Range(0, size).Select(i => 1.2f + (0.4f * i / size))];
        Mode = mode;
        _x = Tensor.FromArray(Values);
        _x.RequiresGrad = mode != Recorded.No;
        _seed = Tensor.OnesLike(_x);
    }

    /// <summary>The elements of x.</summary>
    public float[] Values { get; }

    /// <summary>What is measured.</summary>
    public Recorded Mode { get; }

    public override string Unit => "ns/op";

    public override int UnitsPerCall => 2 * Pairs;

    public override void Ours()
    {
        var z = Chain();
        if (Mode == Recorded.Backward)
        {
            _x.Grad = null;
            z.Backward(_seed);
        }
    }

    public override double[][] Results()
    {
        Ours();
        var value = Chain().Detach().To(DType.Float64).ToArray<double>();
        return Mode == Recorded.Backward ? [value, _x.Grad!.To(DType.Float64).ToArray<double>()] : [value];
    }

    /// <summary>The recurrence in float64, with the derivative carried forward.</summary>
    public override double[][] Expected()
    {
        var values = new double[Values.Length];
        var slopes = new double[Values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            double x = Values[i];
            var (z, slope) = (x, 1.0);
            for (var pair = 0; pair < Pairs; pair++)
            {
                var y = Math.Tanh(z * x);
                (z, slope) = (y, (1 - (y * y)) * ((slope * x) + z));
            }

            (values[i], slopes[i]) = (z, slope);
        }

        return Mode == Recorded.Backward ? [values, slopes] : [values];
    }

    private Tensor Chain()
    {
        var z = _x;
        for (var i = 0; i < Pairs; i++)
        {
            z = (z * _x).Tanh();
        }

        return z;
    }
}
