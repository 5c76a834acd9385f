namespace Adjoint.Bench.Objectives;

/// <summary>
/// A Gaussian mixture: the log posterior of weights, means and inverse covariance factors under a Wishart prior. As ADBench has it, with the sign of
/// the prior turned (a quirk that is kept, so that numbers can be compared), or as GradBench has it, where that is put right.
/// </summary>
public sealed class Gmm
{
    private readonly int _d;
    private readonly int _k;
    private readonly double _gamma;
    private readonly int _m;
    private readonly Tensor _x;
    private readonly Tensor _places;
    private readonly bool _isCorrected;

    /// <summary>A mixture.</summary>
    /// <param name="alphas">The logarithms of the weights but for a constant, [K].</param>
    /// <param name="means">[K, D].</param>
    /// <param name="factors">[K, D (D + 1) / 2].</param>
    /// <param name="points">[n, D].</param>
    /// <param name="gamma">The precision of the prior.</param>
    /// <param name="m">Its degrees of freedom beyond D + 1.</param>
    /// <param name="isCorrected">Whether it is GradBench's.</param>
    public Gmm(double[] alphas, double[] means, double[] factors, double[] points, double gamma, int m, bool isCorrected)
    {
        (_k, _d) = (alphas.Length, means.Length / alphas.Length);
        (Alphas, Means, Factors, Points) = (alphas, means, factors, points);
        (_gamma, _m, _isCorrected) = (gamma, m, isCorrected);
        _x = Tensor.FromArray(Points, points.Length / _d, _d);
        _places = Tensor.FromArray(Array.ConvertAll(Places(), place => (long)place));
    }

    /// <summary>One of ADBench's files.</summary>
    public static Gmm Read(string file)
    {
        var numbers = AdBench.Numbers(file);
        var (d, k, n) = ((int)numbers.Dequeue(), (int)numbers.Dequeue(), (int)numbers.Dequeue());
        return new Gmm(
            numbers.Take(k),
            numbers.Take(k * d),
            numbers.Take(k * d * (d + 1) / 2),
            numbers.Take(n * d),
            numbers.Dequeue(),
            (int)numbers.Dequeue(),
            isCorrected: false);
    }

    /// <summary>The dimensions of points.</summary>
    public int D => _d;

    /// <summary>The number of components.</summary>
    public int K => _k;

    /// <summary>The logarithms of the weights but for a constant, [K].</summary>
    public double[] Alphas { get; }

    /// <summary>[K, D].</summary>
    public double[] Means { get; }

    /// <summary>[K, D (D + 1) / 2]: logarithms of the diagonal, then the strictly lower triangle column by column.</summary>
    public double[] Factors { get; }

    /// <summary>[n, D].</summary>
    public double[] Points { get; }

    /// <summary>ADBench types fewer digits.</summary>
    private double Pi => _isCorrected ? Math.PI : 3.14159265359;

    private int FactorLength => _d * (_d + 1) / 2;

    /// <summary>The point to differentiate at.</summary>
    public (Tensor Alphas, Tensor Means, Tensor Factors) Start() =>
        (Tensor.FromArray(Alphas), Tensor.FromArray(Means, _k, _d), Tensor.FromArray(Factors, _k, FactorLength));

    /// <summary>The log posterior.</summary>
    public Tensor Value((Tensor Alphas, Tensor Means, Tensor Factors) p)
    {
        var logs = p.Factors[.., .._d];
        var sums = logs.Sum(1);
        var diagonal = logs.Exp();
        var lower = p.Factors[.., _d..];
        var filled = Tensor.Cat([diagonal, lower, Tensor.Zeros([_k, 1], DType.Float64)], 1);
        var q = filled[.., _places].Reshape(_k, _d, _d);

        // Q (x - mu) for all points and components is one matrix product.
        var n = Points.Length / _d;
        var shift = q.Bmm(p.Means.Unsqueeze(2)).Reshape(_k * _d);
        var distances = (_x.MatMul(q.Reshape(_k * _d, _d).T) - shift).Square().Reshape(n, _k, _d).Sum(2);
        var likelihood = (p.Alphas + sums - (0.5 * distances)).LogSumExp(1).Sum() - (n * p.Alphas.LogSumExp(0));
        var prior = (0.5 * _gamma * _gamma * (diagonal.Square().Sum() + lower.Square().Sum())) - (_m * sums.Sum());
        return likelihood + (_isCorrected ? -prior : prior) + Constant(n);
    }

    /// <summary>The objective's constant.</summary>
    public double Constant(int n)
    {
        var dof = _d + _m + 1;
        var wishart = (dof * _d * (Math.Log(_gamma) - (0.5 * Math.Log(2)))) - LogGammaOf(0.5 * dof);
        return (-n * _d * 0.5 * Math.Log(2 * Pi)) - (_k * (_isCorrected ? -wishart : wishart));
    }

    /// <summary>Where each element of the factors lies among [diagonal, lower triangle, zero].</summary>
    public int[] Places()
    {
        var places = new int[_d * _d];
        Array.Fill(places, FactorLength);
        var next = _d;
        for (var column = 0; column < _d; column++)
        {
            places[(column * _d) + column] = column;
            for (var row = column + 1; row < _d; row++)
            {
                places[(row * _d) + column] = next++;
            }
        }

        return places;
    }

    private double LogGammaOf(double a)
    {
        var sum = 0.25 * _d * (_d - 1) * Math.Log(Pi);
        for (var j = 1; j <= _d; j++)
        {
            sum += LogGamma(a + (0.5 * (1 - j)));
        }

        return sum;
    }

    /// <summary>The logarithm of the gamma function of a whole or half number.</summary>
    private static double LogGamma(double a)
    {
        var sum = a == Math.Floor(a) ? 0 : 0.5 * Math.Log(Math.PI);
        for (var factor = a - 1; factor > 0; factor--)
        {
            sum += Math.Log(factor);
        }

        return sum;
    }
}
