namespace Adjoint.Bench.Rows;

/// <summary>Pointwise operators whose operands do not simply lie beside each other, and casts. Nothing requires grad.</summary>
[Row("add-row-1000x1000-f32", "row", nameof(DType.Float32))]
[Row("add-column-1000x1000-f32", "column", nameof(DType.Float32))]
[Row("add-transposed-1000x1000-f32", "transposed", nameof(DType.Float32))]
[Row("add-transposed-1000x1000-f64", "transposed", nameof(DType.Float64))]
[Row("copy-transposed-1000x1000-f32", "copy", nameof(DType.Float32))]
[Row("add-scalar-1e6-f32", "scalar", nameof(DType.Float32))]
[Row("add-in-place-1e6-f32", "in place", nameof(DType.Float32))]
[Row("cast-1e6-f32", "cast", nameof(DType.Float32))]
[Row("cast-1e6-f64", "cast", nameof(DType.Float64))]
public sealed class Layouts : Row
{
    public const int Size = 1000;

    private readonly Tensor _x;
    private readonly Tensor _y;
    private readonly Tensor _row;
    private readonly Tensor _column;

    public Layouts(string operation, string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        (Operation, Element) = (operation, dtype);
        X = Inputs.Uniform(1, Size * Size);

        // Adding zeros in place leaves the same numbers after any number of calls.
        Y = operation == "in place" ? new double[Size * Size] : Inputs.Uniform(2, Size * Size);
        _x = Inputs.Tensor(X, dtype, Size, Size);
        _y = Inputs.Tensor(Y, dtype, Size, Size);
        _row = Inputs.Tensor(Y[..Size], dtype, Size);
        _column = Inputs.Tensor(Y[..Size], dtype, Size, 1);
    }

    public string Operation { get; }

    public override DType Element { get; }

    /// <summary>The elements of the first input, row by row.</summary>
    public double[] X { get; }

    /// <summary>The elements of the second input; its first row is what is broadcast.</summary>
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
        "row" => _x + _row,
        "column" => _x + _column,
        "transposed" => _x + _y.T,
        "copy" => _x.T.Contiguous(),
        "scalar" => _x + 1.5,
        "in place" => _x.Add_(_y),
        _ => _x.To(Element == DType.Float32 ? DType.Float64 : DType.Float32),
    };
}
