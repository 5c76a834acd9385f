using Adjoint.Bench.Objectives;

namespace Adjoint.Bench.Rows;

/// <summary>Value and gradient of ADBench's Gaussian mixture, 1,000 points.</summary>
[Row("gmm-d10-k25", "gmm_d10_K25.txt")]
[Row("gmm-d64-k25", "gmm_d64_K25.txt")]
public sealed class GmmGradient : Row
{
    private readonly Func<(Tensor, Tensor, Tensor), (Tensor Value, (Tensor, Tensor, Tensor) Gradient)> _gradient;
    private readonly (Tensor, Tensor, Tensor) _start;

    public GmmGradient(string file)
    {
        Objective = Gmm.Read(file);
        _start = Objective.Start();
        _gradient = Transform.ValueAndGrad<(Tensor, Tensor, Tensor)>(Objective.Value);
    }

    /// <summary>The data.</summary>
    public Gmm Objective { get; }

    public override string Unit => "ms";

    public override void Ours() => _gradient(_start);

    public override double[][] Results()
    {
        var (value, (alphas, means, factors)) = _gradient(_start);
        return AdBench.Checksums(value.Item(), [.. alphas.ToArray<double>(), .. means.ToArray<double>(), .. factors.ToArray<double>()]);
    }

    public override double Tolerance => 1e-8;

    /// <summary>The reference's results.</summary>
    public override double[][] Expected() => Objective.D == 10
        ? AdBench.Golden(
            -25649.65262119762, -17695.995235195729, 56882.99872542845, 2662.3986013124177, 1820.4289060519725, 48.346683416110523,
            46.1133284732364, -6.026474121127503)
        : AdBench.Golden(
            -944188.5418660203, -1509952.7029934502, 4491165.91087995, 50253.304601171352, 19412.473642171633, 21.223157699606801,
            -198.17546298733805, -132.37016033772377);
}
