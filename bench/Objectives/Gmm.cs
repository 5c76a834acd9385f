namespace Adjoint.Bench.Objectives;

/// <summary>
/// ADBench's Gaussian mixture: the log posterior of weights, means and inverse covariance factors under a Wishart prior. Its quirks (the sign of the
/// likelihood, transposed factors) are kept, so that numbers can be compared.
/// </summary>
public sealed class Gmm
{
    private readonly int _d;
    private readonly int _k;
    private readonly double _gamma;
    private readonly int _m;
    private readonly Tensor _x;
    private readonly Tensor _places;

    public Gmm(string file)
    {
        var numbers = AdBench.Numbers(file);
        (_d, _k) = ((int)numbers.Dequeue(), (int)numbers.Dequeue());
        var n = (int)numbers.Dequeue();
        Alphas = numbers.Take(_k);
        Means = numbers.Take(_k * _d);
        Factors = numbers.Take(_k * FactorLength);
        Points = numbers.Take(n * _d);
        _gamma = numbers.Dequeue();
        _m = (int)numbers.Dequeue();
        _x = Tensor.FromArray(Points, n, _d);
        _places = Tensor.FromArray(Array.ConvertAll(Places(), place => (long)place));
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
        return likelihood + prior + Constant(n);
    }

    /// <summary>The objective's constant.</summary>
    public double Constant(int n)
    {
        var dof = _d + _m + 1;
        var wishart = (dof * _d * (Math.Log(_gamma) - (0.5 * Math.Log(2)))) - LogGammaOf(0.5 * dof);
        return (-n * _d * 0.5 * Math.Log(2 * 3.14159265359)) - (_k * wishart);
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
        var sum = 0.25 * _d * (_d - 1) * Math.Log(3.14159265359);
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
