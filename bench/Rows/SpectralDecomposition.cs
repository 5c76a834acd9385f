namespace Adjoint.Bench.Rows;

/// <summary>What a row of decompositions computes.</summary>
public enum SpectralTask
{
    /// <summary>Eigenvalues and eigenvectors of a symmetric matrix.</summary>
    Eigh,

    /// <summary>Singular values and vectors.</summary>
    Svd,
}

/// <summary>
/// A decomposition in float64 with the gradient of its matrix. The loss is a sum of squares of vectors, weighted, and of values, so that signs of
/// vectors do not matter.
/// </summary>
[Row("eigh-64", SpectralTask.Eigh, 1, 64, 64)]
[Row("svd-64x32", SpectralTask.Svd, 1, 64, 32)]
[Row("eigh-1000x3x3", SpectralTask.Eigh, 1000, 3, 3)]
public sealed class SpectralDecomposition : Row
{
    private readonly Tensor _a;
    private readonly Tensor _weights;

    public SpectralDecomposition(SpectralTask task, int batch, int m, int n)
    {
        (Task, Sizes) = (task, [batch, m, n]);
        A = Inputs.Uniform(1, batch * m * n);
        for (var i = 0; i < A.Length && task == SpectralTask.Eigh; i++)
        {
            // Symmetric, with eigenvalues apart from each other.
            var (member, row, column) = (i / (n * n), i / n % n, i % n);
            if (row < column)
            {
                A[(member * n * n) + (column * n) + row] = A[i];
            }

            A[i] += row == column ? 2 * row : 0;
        }

        Weights = Inputs.Uniform(2, m * n);
        _a = Inputs.Tensor(A, DType.Float64, Sizes);
        _a.RequiresGrad = true;
        _weights = Inputs.Tensor(Weights, DType.Float64, [m, n]);
    }

    public SpectralTask Task { get; }

    public int[] Sizes { get; }

    public double[] A { get; }

    public double[] Weights { get; }

    public override DType Element => DType.Float64;

    public override string Unit => "us/call";

    public override double Tolerance => 1e-7;

    public override void Ours() => Run();

    public override double[][] Results() => [Inputs.Of(Run()), Inputs.Of(_a.Grad!)];

    private Tensor Run()
    {
        _a.Grad = null;
        Tensor values, vectors;
        if (Task == SpectralTask.Eigh)
        {
            (values, vectors) = Linalg.Eigh(_a);
        }
        else
        {
            (vectors, values, _) = Linalg.Svd(_a, fullMatrices: false);
        }

        ((vectors.Square() * _weights).Sum() + values.Square().Sum()).Backward();
        return values;
    }
}
