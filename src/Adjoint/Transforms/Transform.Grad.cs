using Adjoint.Transforms;

namespace Adjoint;

/// <summary>
/// Transforms of functions: each takes a function of tensors and gives another, and they nest in any order (JAX's <c>grad</c>, <c>jvp</c>,
/// <c>vmap</c>; <c>torch.func</c>). Arguments are tensors or structures of tensors; see <see cref="ITree"/>. Nothing is written into
/// <see cref="Tensor.Grad"/>, and no tensor needs <see cref="Tensor.RequiresGrad"/>.
/// </summary>
/// <example>
/// <code>
/// using static Adjoint.Transform;
/// var slope = Grad((Tensor x) => x.Sin());
/// var curvature = Grad(slope);
/// Console.WriteLine(curvature(Tensor.Scalar(1.0)));   // tensor(-0.8415, dtype=torch.float64)
/// </code>
/// </example>
public static partial class Transform
{
    /// <summary>The gradient of a function with a scalar result.</summary>
    /// <param name="function">The function.</param>
    /// <returns>A function that gives the gradient, in the structure of its argument.</returns>
    /// <exception cref="AutogradException">Thrown by the returned function: the result is not a scalar.</exception>
    /// <example><code>var (byW, byB) = Grad(((Tensor W, Tensor B) p) => Loss(x.Linear(p.W, p.B), y))((w, b));</code></example>
    public static Func<A, A> Grad<A>(Func<A, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return x => Differentiate(x, a => (function(a), 0)).Gradient;
    }

    /// <summary>The gradient by the first of two arguments.</summary>
    /// <inheritdoc cref="Grad{A}(Func{A, Tensor})"/>
    public static Func<A, B, A> Grad<A, B>(Func<A, B, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return (x, y) => Differentiate(x, a => (function(a, y), 0)).Gradient;
    }

    /// <summary>The gradient by the first of three arguments.</summary>
    /// <inheritdoc cref="Grad{A}(Func{A, Tensor})"/>
    public static Func<A, B, C, A> Grad<A, B, C>(Func<A, B, C, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return (x, y, z) => Differentiate(x, a => (function(a, y, z), 0)).Gradient;
    }

    /// <summary>The gradient by one of two arguments.</summary>
    /// <param name="function">The function.</param>
    /// <param name="argument">0 or 1; -1 and -2 count from the last.</param>
    /// <example><code>var vega = Grad(Price, 1)(spot, volatility);</code></example>
    /// <exception cref="ArgumentOutOfRangeException">There is no such argument.</exception>
    public static Func<Tensor, Tensor, Tensor> Grad(Func<Tensor, Tensor, Tensor> function, int argument)
    {
        ArgumentNullException.ThrowIfNull(function);
        var each = Grad(function, [argument]);
        return (x, y) => each(x, y)[0];
    }

    /// <summary>The gradient by one of three arguments.</summary>
    /// <param name="function">The function.</param>
    /// <param name="argument">0, 1 or 2; -1 to -3 count from the last.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such argument.</exception>
    public static Func<Tensor, Tensor, Tensor, Tensor> Grad(Func<Tensor, Tensor, Tensor, Tensor> function, int argument)
    {
        ArgumentNullException.ThrowIfNull(function);
        var each = Grad(function, [argument]);
        return (x, y, z) => each(x, y, z)[0];
    }

    /// <summary>The gradients by some of two arguments, in the order of their numbers.</summary>
    /// <param name="function">The function.</param>
    /// <param name="arguments">Numbers from 0; negative ones count from the last.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such argument.</exception>
    /// <exception cref="ArgumentException">An argument is named twice, or none is.</exception>
    /// <example><code>var greeks = Grad(Price, [1, 0])(spot, volatility);   // vega, then delta</code></example>
    public static Func<Tensor, Tensor, Tensor[]> Grad(Func<Tensor, Tensor, Tensor> function, int[] arguments)
    {
        ArgumentNullException.ThrowIfNull(function);
        var places = Places(arguments, 2);
        return (x, y) => BySome([x, y], places, all => function(all[0], all[1]));
    }

    /// <summary>The gradients by some of three arguments, in the order of their numbers.</summary>
    /// <inheritdoc cref="Grad(Func{Tensor, Tensor, Tensor}, int[])"/>
    public static Func<Tensor, Tensor, Tensor, Tensor[]> Grad(Func<Tensor, Tensor, Tensor, Tensor> function, int[] arguments)
    {
        ArgumentNullException.ThrowIfNull(function);
        var places = Places(arguments, 3);
        return (x, y, z) => BySome([x, y, z], places, all => function(all[0], all[1], all[2]));
    }

    /// <summary>The gradient of the first of two results, and the second as it is (JAX's <c>has_aux</c>).</summary>
    /// <param name="function">Gives the scalar to differentiate, and anything else.</param>
    public static Func<A, (A Gradient, X Auxiliary)> Grad<A, X>(Func<A, (Tensor Value, X Auxiliary)> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return x =>
        {
            var (_, gradient, auxiliary) = Differentiate(x, function);
            return (gradient, auxiliary);
        };
    }

    /// <summary>The value and the gradient of a function with a scalar result.</summary>
    /// <param name="function">The function.</param>
    /// <exception cref="AutogradException">Thrown by the returned function: the result is not a scalar.</exception>
    public static Func<A, (Tensor Value, A Gradient)> ValueAndGrad<A>(Func<A, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return x => First(Differentiate(x, a => (function(a), 0)));
    }

    /// <summary>The value, and the gradient by the first of two arguments.</summary>
    /// <inheritdoc cref="ValueAndGrad{A}(Func{A, Tensor})"/>
    public static Func<A, B, (Tensor Value, A Gradient)> ValueAndGrad<A, B>(Func<A, B, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return (x, y) => First(Differentiate(x, a => (function(a, y), 0)));
    }

    /// <summary>The value, and the gradient by the first of three arguments.</summary>
    /// <inheritdoc cref="ValueAndGrad{A}(Func{A, Tensor})"/>
    public static Func<A, B, C, (Tensor Value, A Gradient)> ValueAndGrad<A, B, C>(Func<A, B, C, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return (x, y, z) => First(Differentiate(x, a => (function(a, y, z), 0)));
    }

    /// <summary>The value, the gradient, and what else the function gives.</summary>
    /// <param name="function">Gives the scalar to differentiate, and anything else.</param>
    public static Func<A, (Tensor Value, A Gradient, X Auxiliary)> ValueAndGrad<A, X>(Func<A, (Tensor Value, X Auxiliary)> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return x => Differentiate(x, function);
    }

    /// <summary>
    /// The value of a function at a point, and the pullback there: it takes a
    /// gradient of the result and gives that of the argument, as often as wanted.
    /// </summary>
    /// <param name="function">The function; its result may be of any shape and structure.</param>
    /// <param name="x">The point.</param>
    /// <example><code>var (value, pullback) = Vjp((Tensor a) => w.Mv(a), x); var gradient = pullback(Tensor.OnesLike(value));</code></example>
    public static (Y Value, Func<Y, A> Pullback) Vjp<A, Y>(Func<A, Y> function, A x)
    {
        ArgumentNullException.ThrowIfNull(function);
        var (value, pullback, _) = Pulled(x, a => (function(a), 0));
        return (value, pullback);
    }

    private static (Tensor Value, A Gradient, X Auxiliary) Differentiate<A, X>(A x, Func<A, (Tensor Value, X Auxiliary)> function)
    {
        var leaves = Tree.Leaves(x);
        foreach (var leaf in leaves)
        {
            if (!leaf.DType.IsFloatingPoint)
            {
                throw new DTypeException(
                    $"grad requires real-valued inputs, but got {leaf.DType.TorchName}. Convert it with To(DType.Float32), or pass it as another " +
                    "argument, which is not differentiated.");
            }
        }

        var run = ReverseMode.Record(leaves, aliases => function(Tree.Rebuild(x, aliases)));
        var (value, auxiliary) = run.Value;
        ThrowIfNull(value);
        if (value.Rank != 0)
        {
            throw new AutogradException(
                $"grad_and_value(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor with {value.Rank} dims. Maybe you wanted to " +
                $"use the vjp or jacrev APIs instead? The result has shape {Shape.Text(value.Layout.Sizes)}: reduce it with Sum(), or use " +
                "Transform.Vjp or Transform.JacRev.");
        }

        var gradients = run.Pull([value], [Tensor.OnesLike(value)]);
        return (run.Outside(value), Tree.Rebuild(x, gradients), Released(auxiliary, run.Outside));
    }

    private static void ThrowIfNull([System.Diagnostics.CodeAnalysis.NotNull] object? result)
    {
        if (result is null)
        {
            throw new AutogradException("the function that is transformed returned null. It has to return a tensor that depends on its arguments.");
        }
    }

    private static (Tensor Value, A Gradient) First<A, X>((Tensor Value, A Gradient, X Auxiliary) all) => (all.Value, all.Gradient);

    private static Tensor[] BySome(Tensor[] all, int[] places, Func<Tensor[], Tensor> function) => Differentiate(
        Array.ConvertAll(places, place => all[place]),
        some =>
        {
            var mixed = (Tensor[])all.Clone();
            for (var i = 0; i < places.Length; i++)
            {
                mixed[places[i]] = some[i];
            }

            return (function(mixed), 0);
        }).Gradient;

    /// <summary>Checks argument numbers, and counts negative ones from the end.</summary>
    private static int[] Places(int[] arguments, int count)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var places = Array.ConvertAll(arguments, argument => argument >= -count && argument < count
            ? (argument + count) % count
            : throw new ArgumentOutOfRangeException(
                nameof(arguments), $"Got argnum={argument}, but only {count} positional inputs. They are numbered from 0 to {count - 1}."));
        if (places.Length == 0)
        {
            throw new ArgumentException("argnums must be non-empty", nameof(arguments));
        }

        return places.Distinct().Count() == places.Length
            ? places
            : throw new ArgumentException($"argnums elements must be unique, got ({Limits.Joined(", ", arguments)})", nameof(arguments));
    }

    /// <summary>Tangents and gradients have the structure, shapes and dtypes of what they belong to.</summary>
    private static void Fits(Tensor[] values, Tensor[] given, string name, string what)
    {
        if (values.Length != given.Length)
        {
            throw new AutogradException($"{name}: got {values.Length} tensors and {given.Length} {what}s");
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (!values[i].Layout.SameSizes(given[i].Layout))
            {
                throw new ShapeException(
                    $"{name}: the {what} of tensor {i} has shape {Shape.Text(given[i].Layout.Sizes)}, but the tensor has shape " +
                    $"{Shape.Text(values[i].Layout.Sizes)}.");
            }

            if (values[i].DType != given[i].DType)
            {
                throw new DTypeException(
                    $"{name}: the {what} of tensor {i} is {given[i].DType.TorchName}, but the tensor is {values[i].DType.TorchName}. " +
                    "Convert it with To(DType).");
            }
        }
    }
}
