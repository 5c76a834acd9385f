namespace Adjoint.NN;

/// <content>First values that do not depend on how many connections a weight has.</content>
public static partial class Init
{
    /// <summary>Uniform numbers between two bounds (<c>uniform_</c>).</summary>
    /// <param name="tensor">What is filled.</param>
    /// <param name="a">The lower bound.</param>
    /// <param name="b">The upper bound.</param>
    /// <param name="generator">The source of the numbers; <see cref="Generator.Default"/> if null.</param>
    public static Tensor Uniform_(Tensor tensor, double a = 0, double b = 1, Generator? generator = null) =>
        Fill(tensor, () => tensor.Uniform_(a, b, generator));

    /// <summary>Normal numbers (<c>normal_</c>).</summary>
    /// <param name="tensor">What is filled.</param>
    /// <param name="mean">Their mean.</param>
    /// <param name="std">Their deviation.</param>
    /// <param name="generator">The source of the numbers; <see cref="Generator.Default"/> if null.</param>
    public static Tensor Normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) =>
        Fill(tensor, () => tensor.Normal_(mean, std, generator));

    /// <summary>Normal numbers between two bounds, by the inverse of their distribution (<c>trunc_normal_</c>).</summary>
    /// <param name="tensor">What is filled.</param>
    /// <param name="mean">The mean before the bounds.</param>
    /// <param name="std">The deviation before the bounds.</param>
    /// <param name="a">The lower bound.</param>
    /// <param name="b">The upper bound.</param>
    /// <param name="generator">The source of the numbers; <see cref="Generator.Default"/> if null.</param>
    public static Tensor TruncNormal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator? generator = null)
    {
        if (mean < a - (2 * std) || mean > b + (2 * std))
        {
            Autograd.Warn(
                "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of values may be incorrect.");
        }

        return Fill(tensor, () =>
        {
            tensor.Uniform_(Spread((a - mean) / std), Spread((b - mean) / std), generator);
            var quantile = InverseErf(tensor.To(DType.Float64)) * (std * Math.Sqrt(2)) + mean;
            tensor.Copy_(quantile.Clamp(a, b));
        });

        static double Spread(double bound) => Tensor.Scalar(bound / Math.Sqrt(2)).Erf().Item();
    }

    /// <summary>One number everywhere (<c>constant_</c>).</summary>
    /// <param name="tensor">What is filled.</param>
    /// <param name="val">The number.</param>
    public static Tensor Constant_(Tensor tensor, double val) => Fill(tensor, () => tensor.Fill_(val));

    /// <summary>Ones (<c>ones_</c>).</summary>
    /// <param name="tensor">What is filled.</param>
    public static Tensor Ones_(Tensor tensor) => Constant_(tensor, 1);

    /// <summary>Zeros (<c>zeros_</c>).</summary>
    /// <param name="tensor">What is filled.</param>
    public static Tensor Zeros_(Tensor tensor) => Constant_(tensor, 0);

    /// <summary>Ones on the diagonal of a matrix, so that a linear layer passes on as many inputs as it can (<c>eye_</c>).</summary>
    /// <param name="tensor">A matrix.</param>
    /// <exception cref="ArgumentException">It is no matrix.</exception>
    public static Tensor Eye_(Tensor tensor) => OfRank(tensor, 2, 2, "Only tensors with 2 dimensions are supported", () =>
        tensor.Copy_(Tensor.Eye(tensor.Shape[0], tensor.Shape[1], tensor.DType)));

    /// <summary>Kernels of a convolution that pass on as many channels as they can (<c>dirac_</c>).</summary>
    /// <param name="tensor">A weight of three to five dimensions.</param>
    /// <param name="groups">The groups of the convolution.</param>
    /// <exception cref="ArgumentException">It has other dimensions, or the groups do not divide the channels.</exception>
    public static Tensor Dirac_(Tensor tensor, int groups = 1) =>
        OfRank(tensor, 3, 5, "Only tensors with 3, 4, or 5 dimensions are supported", () =>
        {
            if (groups < 1 || tensor.Shape[0] % groups != 0)
            {
                throw new ArgumentException("dim 0 must be divisible by groups");
            }

            var share = tensor.Shape[0] / groups;
            tensor.Zero_();
            for (var channel = 0; channel < groups * Math.Min(share, tensor.Shape[1]); channel++)
            {
                var (group, place) = (channel / Math.Min(share, tensor.Shape[1]), channel % Math.Min(share, tensor.Shape[1]));
                var kernel = tensor[(group * share) + place][place];
                while (kernel.Rank > 0)
                {
                    kernel = kernel[kernel.Shape[0] / 2];
                }

                kernel.Fill_(1);
            }
        });

    /// <summary>
    /// A matrix with orthogonal rows or columns, whichever are fewer (Saxe and others, "Exact solutions to the nonlinear dynamics of learning in
    /// deep linear
    /// neural networks", 2014; <c>orthogonal_</c>). More dimensions count as columns.
    /// </summary>
    /// <param name="tensor">A weight of at least two dimensions.</param>
    /// <param name="gain">A factor.</param>
    /// <param name="generator">The source of the numbers; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentException">It has fewer than two dimensions.</exception>
    public static Tensor Orthogonal_(Tensor tensor, double gain = 1, Generator? generator = null) =>
        OfRank(tensor, 2, int.MaxValue, "Only tensors with 2 or more dimensions are supported", () =>
        {
            if (tensor.Count == 0)
            {
                return;
            }

            var rows = tensor.Shape[0];
            var flat = Tensor.Empty([rows, checked((int)(tensor.Count / rows))], tensor.DType).Normal_(0, 1, generator);
            var isWide = rows < flat.Shape[1];
            var (q, r) = Linalg.Qr(isWide ? flat.T : flat);

            // The decomposition is unique with a positive diagonal, and then the result is uniform.
            q *= r.Diagonal().Sign();
            tensor.Copy_((isWide ? q.T : q).Reshape(tensor.Shape) * gain);
        });

    /// <summary>
    /// Normal numbers with some of each column zero (Martens, "Deep learning via Hessian-free optimization", 2010; <c>sparse_</c>).
    /// </summary>
    /// <param name="tensor">A matrix.</param>
    /// <param name="sparsity">Which part of a column is zero.</param>
    /// <param name="std">The deviation of the rest.</param>
    /// <param name="generator">The source of the numbers; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentException">It is no matrix.</exception>
    public static Tensor Sparse_(Tensor tensor, double sparsity, double std = 0.01, Generator? generator = null) =>
        OfRank(tensor, 2, 2, "Only tensors with 2 dimensions are supported", () =>
        {
            var (rows, columns) = (tensor.Shape[0], tensor.Shape[1]);
            var zeros = (int)Math.Ceiling(sparsity * rows);
            tensor.Normal_(0, std, generator);
            for (var column = 0; column < columns; column++)
            {
                foreach (var row in Tensor.Randperm(rows, generator).ToArray<long>().Take(zeros))
                {
                    tensor[(int)row][column].Zero_();
                }
            }
        });

    /// <summary>Fills a tensor that may be a leaf; PyTorch does so under no_grad as well, and counts the change.</summary>
    private static Tensor Fill(Tensor tensor, Action fill)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Autograd.NoGrad(fill);
        return tensor;
    }

    private static Tensor OfRank(Tensor tensor, int least, int most, string message, Action fill)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.Rank >= least && tensor.Rank <= most ? Fill(tensor, fill) : throw new ArgumentException(message, nameof(tensor));
    }

    /// <summary>
    /// The inverse of the error function, of float64: the first guess is Winitzki's ("A handy approximation for the error function and its inverse",
    /// 2008),
    /// good to 2e-3; each of Halley's steps triples the digits.
    /// </summary>
    private static Tensor InverseErf(Tensor y)
    {
        const double A = 0.147;
        var log = (1 - y.Square()).Log().Clamp(min: -700);
        var half = (log * 0.5) + (2 / (Math.PI * A));
        var x = y.Sign() * ((half.Square() - (log / A)).Sqrt() - half).Clamp(min: 0).Sqrt();
        for (var i = 0; i < 4; i++)
        {
            var newton = (x.Erf() - y) / ((2 / Math.Sqrt(Math.PI)) * (-x.Square()).Exp());
            x -= newton / (1 + (x * newton));
        }

        return x;
    }
}
