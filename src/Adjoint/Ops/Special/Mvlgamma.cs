using Adjoint.Algebra;
using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The logarithm of the multivariate gamma function of p dimensions.</summary>
internal readonly record struct Mvlgamma(int P) : IMap
{
    public static Domain Domain => new(2.2, 6);

    public V F<V>(V x)
        where V : struct, IReal<V>
    {
        var sum = V.Of(0.28618247146235004 * P * (P - 1)) + V.Call<Lgamma>(x);
        for (var i = 1; i < P; i++)
        {
            sum += V.Call<Lgamma>(x - V.Of(0.5 * i));
        }

        return sum;
    }

    public V D<V>(V x, V y)
        where V : struct, IReal<V>
    {
        var sum = V.Call<Digamma>(x);
        for (var i = 1; i < P; i++)
        {
            sum += V.Call<Digamma>(x - V.Of(0.5 * i));
        }

        return sum;
    }
}

/// <content>The logarithm of the multivariate gamma function, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The logarithm of the multivariate gamma function, element by element (<c>torch.mvlgamma</c>, <c>torch.special.multigammaln</c>):
    /// p (p - 1) / 4 log(π) and the sum of the logarithms of Γ(x - i / 2) for i below p. Elements are to be larger than (p - 1) / 2.
    /// </summary>
    /// <param name="p">The dimensions.</param>
    /// <exception cref="TensorException">p is not positive, or above 65,536.</exception>
    public Tensor Mvlgamma(int p) => Op.Map(new Mvlgamma(CheckedDimensions(p)), this);

    /// <summary>The logarithm of the multivariate gamma function, element by element, in place; see <see cref="Mvlgamma(int)"/>.</summary>
    /// <param name="p">The dimensions.</param>
    /// <exception cref="TensorException">p is not positive, or above 65,536.</exception>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Mvlgamma_(int p) => Op.MapInPlace(new Mvlgamma(CheckedDimensions(p)), this);

    private static int CheckedDimensions(int p)
    {
        // Each dimension is a term of a sum for each element.
        const int most = 1 << 16;
        return p switch
        {
            < 1 => throw new TensorException(
                "p has to be greater than or equal to 1. It counts the dimensions of the multivariate gamma function."),
            > most => throw new TensorException($"p counts the dimensions of the multivariate gamma function: at most {most}."),
            _ => p,
        };
    }
}
