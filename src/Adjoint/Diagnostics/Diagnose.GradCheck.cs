using Adjoint.Diagnostics;

namespace Adjoint;

/// <summary>
/// Tools to find out why a derivative is wrong, missing, slow or not finite. All
/// are off until a scope is opened or a method is called, and cost nothing then.
/// </summary>
public static partial class Diagnose
{
    /// <summary>
    /// Compares the derivatives of a function with differences of its values (<c>torch.autograd.gradcheck</c>), by every input that requires grad.
    /// Differences are taken in float64, whatever the inputs are: a float32 derivative is compared with the same function in float64.
    /// </summary>
    /// <param name="function">The function; it must give the same each time. Its result may be of any structure of tensors.</param>
    /// <param name="at">The point: a tensor or a structure of tensors, kept away from kinks of the function.</param>
    /// <param name="options">What to compare, and how closely.</param>
    /// <returns>Whether all derivatives agree.</returns>
    /// <exception cref="AutogradException">They do not, or no input requires grad.</exception>
    /// <example><code>Diagnose.GradCheck(x => x.Sin() * x, Tensor.Rand([3], DType.Float64).RequiresGrad_());</code></example>
    public static bool GradCheck<A, Y>(Func<A, Y> function, A at, GradCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(at);
        return JacobianCheck.Run(x => Tree.Leaves(function(Tree.Rebuild(at, x))), Tree.Leaves(at), options ?? new());
    }

    /// <summary>Compares the derivatives of a function of two tensors with differences of its values; see the general form.</summary>
    /// <exception cref="AutogradException">They do not agree, or no input requires grad.</exception>
    public static bool GradCheck(Func<Tensor, Tensor, Tensor> function, Tensor x, Tensor y, GradCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return GradCheck(both => function(both.x, both.y), (x, y), options);
    }

    /// <summary>
    /// Compares second derivatives with differences of first ones (<c>torch.autograd.gradgradcheck</c>): checks the function that gives the
    /// gradients, by the inputs and by the gradient of the result, for which random numbers are taken.
    /// </summary>
    /// <param name="function">The function; it must give the same each time.</param>
    /// <param name="at">The point: a tensor or a structure of tensors, kept away from kinks of the derivative.</param>
    /// <param name="options">What to compare, and how closely.</param>
    /// <returns>Whether all derivatives agree.</returns>
    /// <exception cref="AutogradException">They do not, or no input requires grad.</exception>
    public static bool GradGradCheck<A, Y>(Func<A, Y> function, A at, GradCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(at);
        options ??= new();
        var inputs = Tree.Leaves(at);
        var used = JacobianCheck.Differentiable(inputs);
        Tensor[] Run(Tensor[] x) => Tree.Leaves(function(Tree.Rebuild(at, x)));
        Tensor[] seeds;
        using (Autograd.NoGrad())
        {
            var random = new Random(options.Seed + 1);
            seeds = Array.ConvertAll(
                Array.FindAll(Run(inputs), output => output.DType.IsFloatingPoint),
                output => JacobianCheck.Draw(random, output, signed: true).RequiresGrad_());
        }

        return JacobianCheck.Run(
            all =>
            {
                var x = all[..inputs.Length];
                var (_, pullback) = Transform.Vjp(
                    (Tensor[] moved) => Array.FindAll(Run(JacobianCheck.Replaced(x, used, moved)), output => output.DType.IsFloatingPoint),
                    Array.ConvertAll(used, i => x[i]));
                return pullback(all[inputs.Length..]);
            },
            [.. inputs, .. seeds],
            options);
    }

    /// <summary>Compares second derivatives of a function of two tensors with differences of first ones; see the general form.</summary>
    /// <exception cref="AutogradException">They do not agree, or no input requires grad.</exception>
    public static bool GradGradCheck(Func<Tensor, Tensor, Tensor> function, Tensor x, Tensor y, GradCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return GradGradCheck(both => function(both.x, both.y), (x, y), options);
    }
}
