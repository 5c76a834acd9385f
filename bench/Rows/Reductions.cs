namespace Adjoint.Bench.Rows;

/// <summary>One reduction of a contiguous tensor, or softmax over its rows. Nothing requires grad.</summary>
[Row("sum-1e6-f32", "sum", nameof(DType.Float32))]
[Row("sum-1e6-f64", "sum", nameof(DType.Float64))]
[Row("sum-rows-1000x1000-f32", "sum-rows", nameof(DType.Float32))]
[Row("sum-rows-1000x1000-f64", "sum-rows", nameof(DType.Float64))]
[Row("sum-columns-1000x1000-f32", "sum-columns", nameof(DType.Float32))]
[Row("sum-columns-1000x1000-f64", "sum-columns", nameof(DType.Float64))]
[Row("max-rows-1000x1000-f32", "max-rows", nameof(DType.Float32))]
[Row("argmax-rows-1000x1000-f32", "argmax-rows", nameof(DType.Float32))]
[Row("logsumexp-rows-1000x1000-f32", "logsumexp-rows", nameof(DType.Float32))]
[Row("var-rows-1000x1000-f32", "var-rows", nameof(DType.Float32))]
[Row("var-rows-1000x1000-f64", "var-rows", nameof(DType.Float64))]
[Row("norm-1e6-f32", "norm", nameof(DType.Float32))]
[Row("softmax-1000x1000-f32", "softmax", nameof(DType.Float32))]
[Row("softmax-1000x1000-f64", "softmax", nameof(DType.Float64))]
public sealed class Reductions : Row
{
    public const int Rows = 1000;
    public const int Columns = 1000;

    private readonly Tensor _x;

    public Reductions(string operation, string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        (Operation, Element) = (operation, dtype);
        X = Inputs.Uniform(1, Rows * Columns, -1, 2);
        _x = Inputs.Tensor(X, dtype, Rows, Columns);
    }

    public string Operation { get; }

    public override DType Element { get; }

    /// <summary>The elements, row by row.</summary>
    public double[] X { get; }

    public override string Unit => "us/call";

    public override void Ours()
    {
        using (new TensorScope())
        {
            Run();
        }
    }

    public override double[][] Results() => [Inputs.Of(Run())];

    private Tensor Run() => Operation switch
    {
        "sum" => _x.Sum(),
        "sum-rows" => _x.Sum(1),
        "sum-columns" => _x.Sum(0),
        "max-rows" => _x.Amax([1]),
        "argmax-rows" => _x.Argmax(1),
        "logsumexp-rows" => _x.LogSumExp(1),
        "var-rows" => _x.Var(1),
        "norm" => _x.Norm(),
        _ => _x.Softmax(1),
    };
}
