namespace Adjoint.NN;

/// <summary>
/// A weight divided by its largest singular value, which power iteration follows from step to step (Miyato and others, "Spectral Normalization for
/// Generative Adversarial Networks", 2018; PyTorch's <c>_SpectralNorm</c>). Each reading in training is a step of the iteration.
/// </summary>
internal sealed class SpectralNormParametrization : Layer
{
    private const int FirstIterations = 15;

    private readonly int _iterations;
    private readonly int _dim;
    private readonly double _eps;
    private readonly Tensor? _u;
    private readonly Tensor? _v;

    public SpectralNormParametrization(Tensor weight, int iterations, double eps, int dim, Generator? generator)
    {
        if (dim >= weight.Rank || dim < -weight.Rank)
        {
            throw new TensorIndexException(
                $"Dimension out of range (expected to be in range of [-{weight.Rank}, {weight.Rank - 1}] but got {dim})");
        }

        if (iterations <= 0)
        {
            throw new ArgumentException($"Expected n_power_iterations to be positive, but got n_power_iterations={iterations}", nameof(iterations));
        }

        (_iterations, _eps) = (iterations, eps);
        _dim = dim < 0 ? dim + weight.Rank : dim;
        if (weight.Rank < 2)
        {
            return;
        }

        using (Autograd.NoGrad())
        {
            var matrix = Matrix(weight.Detach());
            var u = Tensor.Empty([matrix.Shape[0]], weight.DType).Normal_(generator: generator);
            var v = Tensor.Empty([matrix.Shape[1]], weight.DType).Normal_(generator: generator);
            _u = Buffer("_u", u.Normalize(dim: 0, eps: eps));
            _v = Buffer("_v", v.Normalize(dim: 0, eps: eps));
            Iterate(matrix, FirstIterations);
        }
    }

    private protected override string PrintedName => "_SpectralNorm";

    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (_u is null || _v is null)
        {
            return x.Normalize(dim: 0, eps: _eps);
        }

        var matrix = Matrix(x);
        if (Training)
        {
            using (Autograd.NoGrad())
            {
                Iterate(matrix.Detach(), _iterations);
            }
        }

        // Copies, because the next reading changes both while a graph holds these.
        var (u, v) = (_u.Clone(), _v.Clone());
        return x / Tensor.Dot(u, matrix.Mv(v));
    }

    private Tensor Matrix(Tensor weight)
    {
        if (_dim != 0)
        {
            weight = weight.Permute([_dim, .. Enumerable.Range(0, weight.Rank).Where(other => other != _dim)]);
        }

        return weight.Flatten(1);
    }

    private void Iterate(Tensor matrix, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _u!.Copy_(matrix.Mv(_v!).Normalize(dim: 0, eps: _eps));
            _v!.Copy_(matrix.T.Mv(_u).Normalize(dim: 0, eps: _eps));
        }
    }
}
