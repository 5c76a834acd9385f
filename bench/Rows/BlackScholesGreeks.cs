using System.Runtime.InteropServices;
using Finance;

namespace Adjoint.Bench.Rows;

/// <summary>The prices of a million European calls and four derivatives of each, operator by operator in one backward pass, float64.</summary>
[Row("black-scholes-1e6")]
public sealed unsafe class BlackScholesGreeks : Row
{
    public const int Count = 1_000_000;

    private readonly (Tensor, Tensor, Tensor, Tensor) _book;
    private readonly Tensor _strikes;

    public BlackScholesGreeks()
    {
        Inputs = [Line(50, 0.1, 1000), Line(0.1, 0.02, 100), Line(0.1, 0.008, 50), Line(0.02, 0, 1), Line(60, 0.1, 777)];
        var tensors = Array.ConvertAll(Inputs, values => Tensor.FromArray(values));
        (_book, _strikes) = ((tensors[0], tensors[1], tensors[2], tensors[3]), tensors[4]);
    }

    /// <summary>Spots, times, volatilities, rates and strikes.</summary>
    public double[][] Inputs { get; }

    public override string Unit => "ms/call";

    public override string? Alone => "Its peer is a program in C++: --peer native.";

    public override void Ours()
    {
        using (new TensorScope())
        {
            Run();
        }
    }

    public override double[][] Results() => Array.ConvertAll(Run(), result => result.ToArray<double>());

    public override double Tolerance => 1e-11;

    /// <summary>The closed forms, one option at a time.</summary>
    public override double[][] Expected()
    {
        var expected = Array.ConvertAll(new int[5], _ => new double[Count]);
        for (var i = 0; i < Count; i++)
        {
            var (price, greeks) = BlackScholes.ClosedForm(Inputs[0][i], Inputs[1][i], Inputs[2][i], Inputs[3][i], Inputs[4][i]);
            expected[0][i] = price;
            for (var greek = 0; greek < 4; greek++)
            {
                expected[greek + 1][i] = greeks[greek];
            }
        }

        return expected;
    }

    public override PeerRow InNative(NativePeer peer)
    {
        var results = Array.ConvertAll(new int[5], _ => new double[Count]);
        return new NativeRow(RunNative, () => results);
        void RunNative()
        {
            double[][] all = [.. Inputs, .. results];
            var handles = Array.ConvertAll(all, array => GCHandle.Alloc(array, GCHandleType.Pinned));
            var addresses = stackalloc double*[10];
            for (var i = 0; i < handles.Length; i++)
            {
                addresses[i] = (double*)handles[i].AddrOfPinnedObject();
            }

            peer.BlackScholes(Count, addresses, addresses + 5);
            Array.ForEach(handles, handle => handle.Free());
        }
    }

    private static double[] Line(double from, double step, int period) =>
        [.. Enumerable.Range(0, Count).Select(i => from + (step * (i % period)))];

    private Tensor[] Run()
    {
        var (price, pullback) = Transform.Vjp<(Tensor, Tensor, Tensor, Tensor), Tensor>(book => BlackScholes.Price(book, _strikes), _book);
        var (spot, time, volatility, rate) = pullback(Tensor.OnesLike(price));
        return [price, spot, time, volatility, rate];
    }
}
