namespace Adjoint.Bench.Rows;

/// <summary>
/// Orders, scans and products of a million elements: all in order, the ten largest of each row, sums so far, the product of each row.
/// </summary>
[Row("sort-1e6-f32", "sort", nameof(DType.Float32))]
[Row("sort-1e6-f64", "sort", nameof(DType.Float64))]
[Row("topk-1000x1000-f32", "topk", nameof(DType.Float32))]
[Row("topk-1000x1000-f64", "topk", nameof(DType.Float64))]
[Row("cumsum-1e6-f32", "cumsum", nameof(DType.Float32))]
[Row("cumsum-1e6-f64", "cumsum", nameof(DType.Float64))]
[Row("prod-rows-1000x1000-f32", "prod-rows", nameof(DType.Float32))]
[Row("prod-rows-1000x1000-f64", "prod-rows", nameof(DType.Float64))]
[Row("prod-rows-1000x1000-gradient-f32", "prod-rows-gradient", nameof(DType.Float32))]
[Row("prod-rows-1000x1000-gradient-f64", "prod-rows-gradient", nameof(DType.Float64))]
public sealed class Orders : Row
{
    public const int Rows = 1000;
    public const int Columns = 1000;

    /// <summary>How many of each row.</summary>
    public const int Best = 10;

    private readonly Tensor _x;

    public Orders(string operation, string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        (Operation, Element) = (operation, dtype);

        // Products of a thousand numbers near 1 stay numbers.
        var isProduct = operation.StartsWith("prod", StringComparison.Ordinal);
        X = Inputs.Uniform(1, Rows * Columns, isProduct ? 0.9 : -1, isProduct ? 1.1 : 2);
        _x = IsLine ? Inputs.Tensor(X, dtype, Rows * Columns) : Inputs.Tensor(X, dtype, Rows, Columns);
        if (operation == "prod-rows-gradient")
        {
            _x.RequiresGrad = true;
        }
    }

    public string Operation { get; }

    public override DType Element { get; }

    /// <summary>The elements, row by row.</summary>
    public double[] X { get; }

    /// <summary>Whether they are one line.</summary>
    public bool IsLine => Operation is "sort" or "cumsum";

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
        var results = Run();
        return Operation == "prod-rows-gradient" ? [Inputs.Of(results), Inputs.Of(_x.Grad!)] : [Inputs.Of(results)];
    }

    private Tensor Run()
    {
        switch (Operation)
        {
            case "sort":
                return _x.Sort().Values;
            case "topk":
                return _x.TopK(Best).Values;
            case "cumsum":
                return _x.CumSum(0);
            case "prod-rows":
                return _x.Prod(1);
            default:
                _x.Grad = null;
                var products = _x.Prod(1);
                products.Sum().Backward();
                return products;
        }
    }
}
