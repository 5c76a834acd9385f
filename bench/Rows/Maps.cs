namespace Adjoint.Bench.Rows;

/// <summary>One pointwise operator on a contiguous tensor, or two of one shape. Nothing requires grad.</summary>
[Row("add-1e4-f32", "add", 10_000, nameof(DType.Float32))]
[Row("add-1e4-f64", "add", 10_000, nameof(DType.Float64))]
[Row("add-1e6-f32", "add", 1_000_000, nameof(DType.Float32))]
[Row("add-1e6-f64", "add", 1_000_000, nameof(DType.Float64))]
[Row("mul-14-f64", "mul", 14, nameof(DType.Float64))]
[Row("mul-1e6-f32", "mul", 1_000_000, nameof(DType.Float32))]
[Row("exp-1e6-f32", "exp", 1_000_000, nameof(DType.Float32))]
[Row("exp-1e6-f64", "exp", 1_000_000, nameof(DType.Float64))]
[Row("log-1e6-f32", "log", 1_000_000, nameof(DType.Float32))]
[Row("log-1e6-f64", "log", 1_000_000, nameof(DType.Float64))]
[Row("tanh-100-f32", "tanh", 100, nameof(DType.Float32))]
[Row("tanh-1e6-f32", "tanh", 1_000_000, nameof(DType.Float32))]
[Row("tanh-1e6-f64", "tanh", 1_000_000, nameof(DType.Float64))]
[Row("sigmoid-1e6-f32", "sigmoid", 1_000_000, nameof(DType.Float32))]
[Row("sigmoid-1e6-f64", "sigmoid", 1_000_000, nameof(DType.Float64))]
[Row("sin-1e6-f32", "sin", 1_000_000, nameof(DType.Float32))]
[Row("sin-1e6-f64", "sin", 1_000_000, nameof(DType.Float64))]
[Row("pow-1e6-f32", "pow", 1_000_000, nameof(DType.Float32))]
[Row("pow-1e6-f64", "pow", 1_000_000, nameof(DType.Float64))]
[Row("gelu-1e6-f32", "gelu", 1_000_000, nameof(DType.Float32))]
[Row("gelu-1e6-f64", "gelu", 1_000_000, nameof(DType.Float64))]
public sealed class Maps : Row
{
    private readonly Tensor _x;
    private readonly Tensor _y;

    public Maps(string operation, int count, string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        (Operation, Element) = (operation, dtype);
        var isPositive = operation is "log" or "pow";
        X = Inputs.Uniform(1, count, isPositive ? 0.01 : -4, 4);
        Y = Inputs.Uniform(2, count, -4, 4);
        _x = Inputs.Tensor(X, dtype, count);
        _y = Inputs.Tensor(Y, dtype, count);
    }

    public string Operation { get; }

    public override DType Element { get; }

    /// <summary>The elements of the first input.</summary>
    public double[] X { get; }

    /// <summary>The elements of the second input, for operators of two.</summary>
    public double[] Y { get; }

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
        "add" => _x + _y,
        "mul" => _x * _y,
        "exp" => _x.Exp(),
        "log" => _x.Log(),
        "tanh" => _x.Tanh(),
        "sigmoid" => _x.Sigmoid(),
        "sin" => _x.Sin(),
        "pow" => _x.Pow(_y),
        _ => _x.Gelu(),
    };
}
