namespace Adjoint.Bench.Rows;

/// <summary>The product of a thousand rows with one that is broadcast, and both gradients from a given one.</summary>
[Row("broadcast-mul-gradient-f32", nameof(DType.Float32))]
[Row("broadcast-mul-gradient-f64", nameof(DType.Float64))]
public sealed class BroadcastMul : Row
{
    public const int Rows = 1000;
    public const int Columns = 1000;

    private readonly Tensor _x;
    private readonly Tensor _w;
    private readonly Tensor _seed;

    public BroadcastMul(string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        Element = dtype;
        X = Inputs.Uniform(1, Rows * Columns);
        W = Inputs.Uniform(2, Columns);
        Seed = Inputs.Uniform(3, Rows * Columns);
        _x = Inputs.Tensor(X, dtype, Rows, Columns);
        _w = Inputs.Tensor(W, dtype, Columns);
        _seed = Inputs.Tensor(Seed, dtype, Rows, Columns);
        _x.RequiresGrad = _w.RequiresGrad = true;
    }

    public override DType Element { get; }

    public double[] X { get; }

    public double[] W { get; }

    public double[] Seed { get; }

    public override string Unit => "us/call";

    public override void Ours() => Run();

    public override double[][] Results()
    {
        var value = Inputs.Of(Run());
        return [value, Inputs.Of(_x.Grad!), Inputs.Of(_w.Grad!)];
    }

    private Tensor Run()
    {
        var y = _x * _w;
        _x.Grad = _w.Grad = null;
        y.Backward(_seed);
        return y;
    }
}
