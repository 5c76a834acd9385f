namespace Adjoint.Bench.Rows;

/// <summary>What a row of linear algebra computes.</summary>
public enum LinearTask
{
    /// <summary>The solution of a system.</summary>
    Solve,

    /// <summary>The Cholesky factor.</summary>
    Cholesky,

    /// <summary>Q and R.</summary>
    Qr,

    /// <summary>The inverse.</summary>
    Inverse,

    /// <summary>The best solution of a system with more equations than unknowns.</summary>
    LeastSquares,
}

/// <summary>A factorisation or a system of equations in float64, with the gradients of all inputs from gradients of ones.</summary>
[Row("solve-64", LinearTask.Solve, 1, 64, 64, 1)]
[Row("cholesky-256", LinearTask.Cholesky, 1, 256, 256, 0)]
[Row("qr-256", LinearTask.Qr, 1, 256, 256, 0)]
[Row("inv-512", LinearTask.Inverse, 1, 512, 512, 0)]
[Row("lstsq-200x50", LinearTask.LeastSquares, 1, 200, 50, 1)]
[Row("solve-1000x8x8", LinearTask.Solve, 1000, 8, 8, 1)]
[Row("cholesky-1000x8x8", LinearTask.Cholesky, 1000, 8, 8, 0)]
public sealed class LinearSystem : Row
{
    private readonly Tensor _a;
    private readonly Tensor? _b;

    public LinearSystem(LinearTask task, int batch, int m, int n, int columns)
    {
        (Task, SizesA, SizesB) = (task, [batch, m, n], [batch, m, columns]);
        var random = Inputs.Uniform(1, batch * m * n);
        A = random;
        if (m == n)
        {
            // Symmetric and far from singular, so that all tasks can be done with it and results have all their digits.
            A = new double[random.Length];
            for (var i = 0; i < random.Length; i++)
            {
                var (member, row, column) = (i / (n * n), i / n % n, i % n);
                A[i] = ((random[i] + random[(member * n * n) + (column * n) + row]) / n) + (row == column ? 4 : 0);
            }
        }

        B = Inputs.Uniform(2, batch * m * columns);
        _a = Inputs.Tensor(A, DType.Float64, SizesA);
        _a.RequiresGrad = true;
        if (columns > 0)
        {
            _b = Inputs.Tensor(B, DType.Float64, SizesB);
            _b.RequiresGrad = true;
        }
    }

    public LinearTask Task { get; }

    public int[] SizesA { get; }

    public int[] SizesB { get; }

    public double[] A { get; }

    public double[] B { get; }

    public override DType Element => DType.Float64;

    public override string Unit => "us/call";

    public override double Tolerance => 1e-8;

    public override void Ours() => Run();

    public override double[][] Results()
    {
        var values = Run();
        double[][] results = [.. values.Select(Inputs.Of), Inputs.Of(_a.Grad!)];
        return _b is null ? results : [.. results, Inputs.Of(_b.Grad!)];
    }

    private Tensor[] Run()
    {
        _a.Grad = null;
        if (_b is not null)
        {
            _b.Grad = null;
        }

        Tensor[] values = Task switch
        {
            LinearTask.Solve => [Linalg.Solve(_a, _b!)],
            LinearTask.Cholesky => [Linalg.Cholesky(_a)],
            LinearTask.Qr => Linalg.Qr(_a) is var (q, r) ? [q, r] : [],
            LinearTask.Inverse => [Linalg.Inv(_a)],
            _ => [Linalg.LstSq(_a, _b!).Solution],
        };
        var loss = values[0].Sum();
        for (var i = 1; i < values.Length; i++)
        {
            loss += values[i].Sum();
        }

        loss.Backward();
        return values;
    }
}
