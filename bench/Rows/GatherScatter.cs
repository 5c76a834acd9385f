namespace Adjoint.Bench.Rows;

/// <summary>A million elements taken at random positions, and added at them to zeros again. Nothing requires grad.</summary>
[Row("gather-scatter-1e6", nameof(DType.Float32))]
public sealed class GatherScatter : Row
{
    public const int Count = 1_000_000;

    private readonly Tensor _x;
    private readonly Tensor _index;
    private readonly Tensor _zeros;

    public GatherScatter(string dtypeName)
    {
        Element = DType.Parse(dtypeName);
        X = Inputs.Uniform(1, Count, -1, 2);
        Index = Array.ConvertAll(Inputs.Uniform(2, Count, 0, Count), position => Math.Min((long)position, Count - 1));
        (_x, _index, _zeros) = (Inputs.Tensor(X, Element, Count), Tensor.FromArray(Index), Tensor.Zeros([Count], Element));
    }

    public override DType Element { get; }

    /// <summary>The elements.</summary>
    public double[] X { get; }

    /// <summary>The positions.</summary>
    public long[] Index { get; }

    public override string Unit => "us/call";

    public override void Ours()
    {
        using (new TensorScope())
        {
            Run();
        }
    }

    public override double[][] Results() => [Inputs.Of(Run())];

    private Tensor Run() => _zeros.ScatterAdd(0, _index, _x.Gather(0, _index));
}
