namespace Adjoint.Bench.Rows;

/// <summary>sum(tanh(x) exp(-x^2) + sin x) over a million elements, operator by operator: the value, or the value and the gradient.</summary>
[Row("chain-eager-1e6-value-f32", false, nameof(DType.Float32))]
[Row("chain-eager-1e6-value-f64", false, nameof(DType.Float64))]
[Row("chain-eager-1e6-gradient-f32", true, nameof(DType.Float32))]
[Row("chain-eager-1e6-gradient-f64", true, nameof(DType.Float64))]
public sealed class ChainEager : Row
{
    public const int Count = 1_000_000;

    private readonly Tensor _x;

    public ChainEager(bool withGradient, string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        (WithGradient, Element) = (withGradient, dtype);
        X = Inputs.Uniform(1, Count, -3, 3);
        _x = Inputs.Tensor(X, dtype, Count);
        _x.RequiresGrad = withGradient;
    }

    public bool WithGradient { get; }

    public override DType Element { get; }

    public double[] X { get; }

    public override string Unit => "us/call";

    public override void Ours()
    {
        using (new TensorScope())
        {
            Run();
        }
    }

    public override double[][] Results()
    {
        double[] value = [Run().Detach().Item()];
        return WithGradient ? [value, Inputs.Of(_x.Grad!)] : [value];
    }

    /// <summary>Value and gradient in one pass; the value alone has no program of its own.</summary>
    public override unsafe PeerRow? InNative(NativePeer peer)
    {
        if (!WithGradient)
        {
            return null;
        }

        if (Element == DType.Float32)
        {
            var (x, gradient, value) = (Array.ConvertAll(X, element => (float)element), new float[Count], 0.0);
            return new NativeRow(Run32, () => [[value], Array.ConvertAll(gradient, element => (double)element)]);
            void Run32()
            {
                fixed (float* from = x, to = gradient)
                {
                    value = peer.Chain32(Count, from, to);
                }
            }
        }

        var (result, slopes) = (0.0, new double[Count]);
        return new NativeRow(Run64, () => [[result], slopes]);
        void Run64()
        {
            fixed (double* from = X, to = slopes)
            {
                result = peer.Chain64(Count, from, to);
            }
        }
    }

    private Tensor Run()
    {
        var y = ((_x.Tanh() * (-_x.Square()).Exp()) + _x.Sin()).Sum();
        if (WithGradient)
        {
            _x.Grad = null;
            y.Backward();
        }

        return y;
    }
}
