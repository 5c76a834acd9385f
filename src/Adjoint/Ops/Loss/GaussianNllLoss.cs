using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x, but at least a limit; the gradient passes as if there were none.</summary>
internal readonly record struct RaisedTo(double Least) : IMap
{
    public static Domain Domain => Domain.Positive;

    /// <summary>PyTorch clamps a clone where nothing is recorded.</summary>
    public string GradName => "CloneBackward0";

    public V F<V>(V x)
        where V : struct, IReal<V> => V.Max(x, V.Of(Least));

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One;
}

/// <content>The negative log-likelihood of normal distributions.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The negative log-likelihood of targets with normal distributions, of which this tensor holds the means
    /// (<c>torch.nn.functional.gaussian_nll_loss</c>): (log(v) + (x - y)^2 / v) / 2.
    /// </summary>
    /// <param name="target">The targets, which broadcast with the means.</param>
    /// <param name="var">The variances: of this shape, or one for each row, with the last dimension of size 1 or without it.</param>
    /// <param name="full">Add the constant log(2 pi) / 2.</param>
    /// <param name="eps">The least variance; the gradient passes through this limit.</param>
    /// <param name="reduction">How elements are combined.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="TensorException">A variance is negative.</exception>
    public Tensor GaussianNllLoss(
        Tensor target, Tensor var, bool full = false, double eps = 1e-6, LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(var);
        LossArguments.Check(reduction);
        if (!var.IsStandIn && (var < 0).Any().Item<bool>())
        {
            throw new TensorException("var has negative entry/entries. Variances are squares: deviation.Square().");
        }

        var variance = Op.Map(new RaisedTo(eps), OfEachRow(var));
        var losses = 0.5 * (variance.Log() + ((this - target).Square() / variance));
        return LossArguments.Reduced(full ? losses + (0.5 * Math.Log(2 * Math.PI)) : losses, reduction);
    }

    /// <summary>Variances that broadcast over rows.</summary>
    private Tensor OfEachRow(Tensor var)
    {
        var (sizes, own) = (Layout.Sizes, var.Layout.Sizes);
        if (own.AsSpan().SequenceEqual(sizes) || var.Rank == 0)
        {
            return var;
        }

        if (own.AsSpan().SequenceEqual(sizes.AsSpan(..Math.Max(0, sizes.Length - 1))))
        {
            return var.Unsqueeze(-1);
        }

        return own.Length == sizes.Length && own[^1] == 1 && own.AsSpan(..^1).SequenceEqual(sizes.AsSpan(..^1))
            ? var
            : throw new ShapeException(
                $"var is of incorrect size. It has shape {Shape.Text(own)}; the input has {Shape.Text(sizes)}, and variances have that shape, or " +
                "one for each row.");
    }
}
