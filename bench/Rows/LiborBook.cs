using Finance;

namespace Adjoint.Bench.Rows;

/// <summary>
/// A book of 15 swaptions in the LIBOR market model, 8,000 paths: the price and 161 sensitivities, operator by operator, 500 paths at a time.
/// </summary>
[Row("libor")]
public sealed unsafe class LiborBook : Row
{
    public const int Paths = 8000;
    private const int Together = 500;

    private readonly Func<Tensor, (Tensor Value, (Tensor, Tensor, Tensor) Gradient)> _gradient;
    private readonly Tensor[] _draws;
    private readonly double[] _byPaths = new double[Paths * Libor.Steps];

    public LiborBook()
    {
        var normals = new Normals(91672912);
        _draws = [.. Enumerable.Range(0, Paths / Together).Select(_ => normals.Paths(Libor.Steps, Together))];
        for (var i = 0; i < _draws.Length; i++)
        {
            _draws[i].T.Contiguous().ToArray<double>().CopyTo(_byPaths, i * Together * Libor.Steps);
        }

        var book = (Tensor.Scalar(0.05), Tensor.Full([Libor.Rates], 0.2, DType.Float64), Tensor.Full([Libor.Rates], 0.05, DType.Float64));
        _gradient = z => Transform.ValueAndGrad<(Tensor, Tensor, Tensor)>(p => Libor.Price(p, z).Sum() / (double)Paths)(book);
    }

    public override string Unit => "us/path";

    public override int UnitsPerCall => Paths;

    public override string? Alone => "Its peer is a program in C++: --peer native.";

    public override void Ours() => Sensitivities();

    public override double[][] Results()
    {
        var (price, period, volatilities, forwards) = Sensitivities();
        return [[price], [period], [volatilities.Sum()], [forwards.Sum()]];
    }

    public override double Tolerance => 1e-7;

    /// <summary>From a program in C++ with another adjoint, for the same paths.</summary>
    public override double[][] Expected() => [[7.609890057], [200.83455], [34.641055], [712.28702]];

    public override PeerRow InNative(NativePeer peer)
    {
        var (rates, volatilities, results) = (new double[Libor.Rates], new double[Libor.Rates], new double[2 + (2 * Libor.Rates)]);
        Array.Fill(rates, 0.05);
        Array.Fill(volatilities, 0.2);
        return new NativeRow(
            RunNative,
            () => [[results[0]], [results[1]], [results[2..(2 + Libor.Rates)].Sum()], [results[(2 + Libor.Rates)..].Sum()]]);
        void RunNative()
        {
            fixed (double* rate = rates, volatility = volatilities, z = _byPaths, to = results)
            {
                peer.Libor(Paths, 0.05, rate, volatility, z, to);
            }
        }
    }

    private (double Price, double Period, double[] Volatilities, double[] Forwards) Sensitivities()
    {
        var (price, period, volatilities, forwards) = (0.0, 0.0, new double[Libor.Rates], new double[Libor.Rates]);
        foreach (var z in _draws)
        {
            var (value, (byPeriod, byVolatilities, byForwards)) = _gradient(z);
            price += value.Item();
            period += byPeriod.Item();
            volatilities = [.. volatilities.Zip(byVolatilities.ToArray<double>(), (a, b) => a + b)];
            forwards = [.. forwards.Zip(byForwards.ToArray<double>(), (a, b) => a + b)];
        }

        return (price, period, volatilities, forwards);
    }
}
