using System.Globalization;
using Adjoint.Interpreters;
using Adjoint.Kernels;

namespace Adjoint;

/// <content>Overwriting elements with numbers from less common distributions.</content>
public sealed partial class Tensor
{
    /// <summary>Overwrites all elements with numbers from Cauchy's distribution (<c>torch.Tensor.cauchy_</c>).</summary>
    /// <param name="median">The median.</param>
    /// <param name="sigma">Half the distance of the quartiles.</param>
    /// <param name="generator">Where the numbers come from; the default generator if null.</param>
    /// <exception cref="TensorException">Sigma is not positive.</exception>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Cauchy_(double median = 0, double sigma = 1, Generator? generator = null) => sigma > 0
        ? Overwritten("cauchy_", OverwriteCall.Cauchy, generator, source => Draws.Cauchy(source.Uniform, median, sigma))
        : throw new TensorException(Invariant($"cauchy_ expects sigma > 0.0, but found sigma={sigma}. It is half the distance of the quartiles."));

    /// <summary>Overwrites all elements with numbers whose logarithms are normal (<c>torch.Tensor.log_normal_</c>).</summary>
    /// <param name="mean">The mean of the logarithms.</param>
    /// <param name="std">The standard deviation of the logarithms.</param>
    /// <param name="generator">Where the numbers come from; the default generator if null.</param>
    /// <exception cref="TensorException">The standard deviation is not positive.</exception>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor LogNormal_(double mean = 1, double std = 2, Generator? generator = null) => std > 0
        ? Overwritten(
            "log_normal_", OverwriteCall.LogNormal, generator, source => Math.Exp(Math.FusedMultiplyAdd(source.Normal, std, mean)))
        : throw new TensorException(Invariant($"log_normal_ expects std > 0.0, but found std={std}. It is that of the logarithms."));

    /// <summary>
    /// Overwrites all elements with numbers from the geometric distribution, the trials until the first success (<c>torch.Tensor.geometric_</c>).
    /// </summary>
    /// <param name="p">The probability of a success.</param>
    /// <param name="generator">Where the numbers come from; the default generator if null.</param>
    /// <exception cref="TensorException">The probability is not between 0 and 1.</exception>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Geometric_(double p, Generator? generator = null) => p is > 0 and < 1
        ? Overwritten("geometric_", OverwriteCall.Geometric, generator, source => Draws.Geometric(source.Uniform, p))
        : throw new TensorException(Invariant($"geometric_ expects p to be in (0, 1), but got p={p}. It is the probability of a success."));

    /// <summary>Overwrites all elements with 1, with the probability that <paramref name="p"/> has for each, or 0.</summary>
    /// <param name="p">The probabilities, which broadcast to this shape.</param>
    /// <param name="generator">Where the numbers come from; the default generator if null.</param>
    /// <exception cref="TensorException">A probability is not from 0 to 1.</exception>
    /// <exception cref="ShapeException">The probabilities do not broadcast to this shape.</exception>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Bernoulli_(Tensor p, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(p);
        if (RandomFill.IsFollowed(this, "bernoulli_") || p.IsStandIn)
        {
            return Copy_(Bernoulli(p.Detach().To(p.DType == DType.Float64 ? DType.Float64 : DType.Float32).Expand(Layout.Sizes), generator));
        }

        var odds = p.Detach().To(p.DType == DType.Float64 ? DType.Float64 : DType.Float32).Expand(Layout.Sizes);
        var source = generator ?? Generator.Default;
        if (odds.DType == DType.Float64)
        {
            ReadOnlySpan<double> Each() => odds.ToArray<double>();
            return RandomFill.Draw(
                this,
                "bernoulli_",
                OverwriteCall.BernoulliTensor,
                tensor => Draws.Bernoulli(source, RandomFill.Span<float>(tensor), Each()),
                tensor => Draws.Bernoulli(source, RandomFill.Span<double>(tensor), Each()));
        }

        ReadOnlySpan<float> EachSingle() => odds.ToArray<float>();
        return RandomFill.Draw(
            this,
            "bernoulli_",
            OverwriteCall.BernoulliTensor,
            tensor => Draws.Bernoulli(source, RandomFill.Span<float>(tensor), EachSingle()),
            tensor => Draws.Bernoulli(source, RandomFill.Span<double>(tensor), EachSingle()));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private Tensor Overwritten(string name, OverwriteCall call, Generator? generator, Func<Draws.Source, double> recipe)
    {
        return RandomFill.IsFollowed(this, name) ? RandomFill.Beside(this, Drawn) : Drawn(this);

        Tensor Drawn(Tensor x) => RandomFill.Draw(
            x,
            name,
            call,
            tensor =>
            {
                var values = Values(tensor);
                var into = RandomFill.Span<float>(tensor);
                for (var i = 0; i < values.Length; i++)
                {
                    into[i] = (float)values[i];
                }
            },
            tensor => Values(tensor).CopyTo(RandomFill.Span<double>(tensor)));

        double[] Values(Tensor tensor)
        {
            var values = new double[tensor.Layout.Count];
            Draws.Each(generator ?? Generator.Default, values, (source, _) => recipe(source));
            return values;
        }
    }
}
