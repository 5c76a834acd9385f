using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <content>
/// The transforms of functions of tensors alone. C# infers no type from the name of a method or from a lambda without types, so forms that leave
/// nothing to infer stand beside the generic ones: <c>Grad(Price)</c> and <c>Grad(t => t.Sin().Sum())</c> mean these.
/// </content>
public static partial class Transform
{
    /// <summary>The gradient of a function of a tensor with a scalar result.</summary>
    /// <param name="function">The function; the name of a method will do.</param>
    /// <returns>A function that gives the gradient, of the argument's shape.</returns>
    /// <exception cref="AutogradException">Thrown by the returned function: the result is not a scalar.</exception>
    /// <example><code>var gamma = Vmap(Grad(Grad(Price)))(spots);   // where static Tensor Price(Tensor spot) => ...</code></example>
    public static Func<Tensor, Tensor> Grad(Func<Tensor, Tensor> function) => Grad<Tensor>(function);

    /// <summary>The gradient by the first of two tensors.</summary>
    /// <inheritdoc cref="Grad(Func{Tensor, Tensor})"/>
    public static Func<Tensor, Tensor, Tensor> Grad(Func<Tensor, Tensor, Tensor> function) => Grad<Tensor, Tensor>(function);

    /// <summary>The gradient by the first of three tensors.</summary>
    /// <inheritdoc cref="Grad(Func{Tensor, Tensor})"/>
    public static Func<Tensor, Tensor, Tensor, Tensor> Grad(Func<Tensor, Tensor, Tensor, Tensor> function) =>
        Grad<Tensor, Tensor, Tensor>(function);

    /// <summary>The gradient of the first of two results of a function of a tensor, and the second as it is (JAX's <c>has_aux</c>).</summary>
    /// <param name="function">Gives the scalar to differentiate, and anything else.</param>
    public static Func<Tensor, (Tensor Gradient, X Auxiliary)> Grad<X>(Func<Tensor, (Tensor Value, X Auxiliary)> function) =>
        Grad<Tensor, X>(function);

    /// <summary>The value and the gradient of a function of a tensor with a scalar result.</summary>
    /// <param name="function">The function; the name of a method will do.</param>
    /// <exception cref="AutogradException">Thrown by the returned function: the result is not a scalar.</exception>
    public static Func<Tensor, (Tensor Value, Tensor Gradient)> ValueAndGrad(Func<Tensor, Tensor> function) => ValueAndGrad<Tensor>(function);

    /// <summary>The value, and the gradient by the first of two tensors.</summary>
    /// <inheritdoc cref="ValueAndGrad(Func{Tensor, Tensor})"/>
    public static Func<Tensor, Tensor, (Tensor Value, Tensor Gradient)> ValueAndGrad(Func<Tensor, Tensor, Tensor> function) =>
        ValueAndGrad<Tensor, Tensor>(function);

    /// <summary>The value, and the gradient by the first of three tensors.</summary>
    /// <inheritdoc cref="ValueAndGrad(Func{Tensor, Tensor})"/>
    public static Func<Tensor, Tensor, Tensor, (Tensor Value, Tensor Gradient)> ValueAndGrad(Func<Tensor, Tensor, Tensor, Tensor> function) =>
        ValueAndGrad<Tensor, Tensor, Tensor>(function);

    /// <summary>The value, the gradient, and what else a function of a tensor gives.</summary>
    /// <param name="function">Gives the scalar to differentiate, and anything else.</param>
    public static Func<Tensor, (Tensor Value, Tensor Gradient, X Auxiliary)> ValueAndGrad<X>(Func<Tensor, (Tensor Value, X Auxiliary)> function) =>
        ValueAndGrad<Tensor, X>(function);

    /// <inheritdoc cref="Vjp{A, Y}(Func{A, Y}, A)"/>
    public static (Y Value, Func<Y, Tensor> Pullback) Vjp<Y>(Func<Tensor, Y> function, Tensor x) => Vjp<Tensor, Y>(function, Given(x));

    /// <inheritdoc cref="Jvp{A, Y}(Func{A, Y}, A, A)"/>
    public static (Y Value, Y Tangent) Jvp<Y>(Func<Tensor, Y> function, Tensor x, Tensor tangent) =>
        Jvp<Tensor, Y>(function, Given(x), Given(tangent));

    /// <inheritdoc cref="Linearize{A, Y}(Func{A, Y}, A)"/>
    public static (Y Value, Func<Tensor, Y> Pushforward) Linearize<Y>(Func<Tensor, Y> function, Tensor x) => Linearize<Tensor, Y>(function, Given(x));

    /// <inheritdoc cref="JacRev{A}(Func{A, Tensor}, int?)"/>
    public static Func<Tensor, Tensor> JacRev(Func<Tensor, Tensor> function, int? chunkSize = null) => JacRev<Tensor>(function, chunkSize);

    /// <inheritdoc cref="JacFwd{A}(Func{A, Tensor}, int?)"/>
    public static Func<Tensor, Tensor> JacFwd(Func<Tensor, Tensor> function, int? chunkSize = null) => JacFwd<Tensor>(function, chunkSize);

    /// <inheritdoc cref="JacRev{A}(Func{A, Tensor[]}, int?)"/>
    [OverloadResolutionPriority(-1)]
    public static Func<Tensor, Tensor[]> JacRev(Func<Tensor, Tensor[]> function, int? chunkSize = null) => JacRev<Tensor>(function, chunkSize);

    /// <inheritdoc cref="JacFwd{A}(Func{A, Tensor[]}, int?)"/>
    [OverloadResolutionPriority(-1)]
    public static Func<Tensor, Tensor[]> JacFwd(Func<Tensor, Tensor[]> function, int? chunkSize = null) => JacFwd<Tensor>(function, chunkSize);

    /// <inheritdoc cref="Hvp{A}(Func{A, Tensor}, A, A)"/>
    public static (Tensor Value, Tensor Product) Hvp(Func<Tensor, Tensor> function, Tensor x, Tensor vector) =>
        Hvp<Tensor>(function, Given(x), Given(vector));

    /// <inheritdoc cref="Vhp{A}(Func{A, Tensor}, A, A)"/>
    public static (Tensor Value, Tensor Product) Vhp(Func<Tensor, Tensor> function, Tensor x, Tensor vector) =>
        Vhp<Tensor>(function, Given(x), Given(vector));

    /// <inheritdoc cref="DirectionalDerivative{A}(Func{A, Tensor}, A, A, int)"/>
    public static Tensor DirectionalDerivative(Func<Tensor, Tensor> function, Tensor x, Tensor direction, int order = 1) =>
        DirectionalDerivative<Tensor>(function, Given(x), Given(direction), order);

    /// <inheritdoc cref="Jacobian{A}(Func{A, Tensor}, A, long)"/>
    public static Tensor Jacobian(Func<Tensor, Tensor> function, Tensor x, long maxBytes = DefaultBytes) =>
        Jacobian<Tensor>(function, Given(x), maxBytes);

    /// <inheritdoc cref="Jacobian{A}(Func{A, Tensor[]}, A, long)"/>
    [OverloadResolutionPriority(-1)]
    public static Tensor[] Jacobian(Func<Tensor, Tensor[]> function, Tensor x, long maxBytes = DefaultBytes) =>
        Jacobian<Tensor>(function, Given(x), maxBytes);

    /// <inheritdoc cref="PlanJacobian{A}(Func{A, Tensor}, A, long)"/>
    public static JacobianPlan PlanJacobian(Func<Tensor, Tensor> function, Tensor x, long maxBytes = DefaultBytes) =>
        PlanJacobian<Tensor>(function, Given(x), maxBytes);

    /// <summary>A function of one tensor with one tensor as result made into a function of a batch.</summary>
    /// <inheritdoc cref="Vmap{A, Y}"/>
    public static Func<Tensor, Tensor> Vmap(
        Func<Tensor, Tensor> function,
        Axes inAxes = default,
        Axes outAxis = default,
        Randomness randomness = Randomness.Error,
        int? chunkSize = null,
        long? maxBytes = null) => Vmap<Tensor, Tensor>(function, inAxes, outAxis, randomness, chunkSize, maxBytes);

    /// <summary>A function of two tensors with one tensor as result made into a function of batches.</summary>
    /// <inheritdoc cref="Vmap{A, B, Y}"/>
    public static Func<Tensor, Tensor, Tensor> Vmap(
        Func<Tensor, Tensor, Tensor> function,
        (Axes, Axes) inAxes = default,
        Axes outAxis = default,
        Randomness randomness = Randomness.Error,
        int? chunkSize = null,
        long? maxBytes = null) => Vmap<Tensor, Tensor, Tensor>(function, inAxes, outAxis, randomness, chunkSize, maxBytes);

    /// <summary>A function of one tensor made into a function of a batch; see <see cref="Vmap{A, Y}"/>.</summary>
    /// <inheritdoc cref="Vmap{A, Y}"/>
    public static Func<Tensor, Y> Vmap<Y>(
        Func<Tensor, Y> function,
        Axes inAxes = default,
        Axes outAxis = default,
        Randomness randomness = Randomness.Error,
        int? chunkSize = null,
        long? maxBytes = null) => Vmap<Tensor, Y>(function, inAxes, outAxis, randomness, chunkSize, maxBytes);

    /// <summary>A function of two tensors made into a function of batches.</summary>
    /// <inheritdoc cref="Vmap{A, B, Y}"/>
    public static Func<Tensor, Tensor, Y> Vmap<Y>(
        Func<Tensor, Tensor, Y> function,
        (Axes, Axes) inAxes = default,
        Axes outAxis = default,
        Randomness randomness = Randomness.Error,
        int? chunkSize = null,
        long? maxBytes = null) => Vmap<Tensor, Tensor, Y>(function, inAxes, outAxis, randomness, chunkSize, maxBytes);

    /// <summary>A function of three tensors made into a function of batches.</summary>
    /// <inheritdoc cref="Vmap{A, B, C, Y}"/>
    public static Func<Tensor, Tensor, Tensor, Y> Vmap<Y>(
        Func<Tensor, Tensor, Tensor, Y> function,
        (Axes, Axes, Axes) inAxes = default,
        Axes outAxis = default,
        Randomness randomness = Randomness.Error,
        int? chunkSize = null,
        long? maxBytes = null) => Vmap<Tensor, Tensor, Tensor, Y>(function, inAxes, outAxis, randomness, chunkSize, maxBytes);

    private static T Given<T>([NotNull] T? argument, [CallerArgumentExpression(nameof(argument))] string name = "") =>
        argument ?? throw new ArgumentNullException(name);
}
