using Adjoint.Interpreters;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>
/// An operator of any number of inputs, some of which may be absent, with a pull written by hand. Gradients flow to the first inputs; to those after
/// them, such as running statistics, masks, targets, and positions, none does, but a pull may read them, and then they are saved with their version
/// like any other. Its push is the pull of the pull. See <see cref="IFused"/> for one that other operators can say as well.
/// </summary>
/// <example>
/// <code>
/// var loss = Op.Pulled(default(HalfSquares), x, Tensor.OnesLike(x));
///
/// readonly record struct HalfSquares : IPulled
/// {
///     public int Differentiable => 1;
///     public Reads Reads(Places wanted) => new(Places.Of(0, 1));
///     public TensorType Infer(TensorType?[] inputs) => inputs[0]!.Value.With();
///     public Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
///     {
///         made = [];
///         return (inputs[0]! - inputs[1]!).Square().Sum() / 2;
///     }
///
///     public Tensor?[] Pull(Tensor g, in Remembered saved) => [g * (saved.Inputs[0]! - saved.Inputs[1]!)];
/// }
/// </code>
/// </example>
public interface IPulled : IOperator
{
    /// <summary>How many inputs have a gradient: the first.</summary>
    int Differentiable { get; }

    /// <summary>What the pulls read.</summary>
    /// <param name="wanted">The inputs whose gradient is wanted.</param>
    Reads Reads(Places wanted);

    /// <summary>The shape and dtype of the result.</summary>
    /// <param name="inputs">The types of the inputs; null for one that is absent.</param>
    TensorType Infer(TensorType?[] inputs);

    /// <summary>The result, not recorded.</summary>
    /// <param name="inputs">The inputs; null for one that is absent.</param>
    /// <param name="made">What its pulls may read besides the inputs and the result.</param>
    Tensor Apply(Tensor?[] inputs, out Tensor?[] made);

    /// <summary>The gradients of the first inputs in recorded tensor operators; null for what is not wanted.</summary>
    /// <param name="g">The gradient of the result.</param>
    /// <param name="saved">What <see cref="Reads"/> named. What the operator made on the way is not there where a transform followed it.</param>
    Tensor?[] Pull(Tensor g, in Remembered saved);

    /// <summary>The gradients in loops of its own, not recorded.</summary>
    /// <param name="g">The gradient of the result.</param>
    /// <param name="saved">What <see cref="Reads"/> named.</param>
    Tensor?[] PullFused(Tensor g, in Remembered saved) => Pull(g, saved);

    /// <summary>The operator on each of a batch, in recorded tensor operators; null if it cannot be written so.</summary>
    /// <param name="inputs">The inputs, some of them with a new first dimension; null for one that is absent.</param>
    /// <param name="batched">Which of them.</param>
    Tensor? Batch(Tensor?[] inputs, Places batched) => null;
}

public static partial class Op
{
    /// <summary>Applies an operator whose pull is written by hand, recording it if an input that has a gradient requires grad.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">The inputs, at most 64; null for one that is absent, which the first is not.</param>
    /// <exception cref="AutogradException">The operator is not the library's own, and gives what its shape rule does not say.</exception>
    public static Tensor Pulled<O>(O op, params Tensor?[] inputs)
        where O : struct, IPulled => Pulled(op, inputs, out _);

    /// <summary>Applies an operator whose pull is written by hand, recording it if an input that has a gradient requires grad.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">The inputs; null for one that is absent.</param>
    /// <param name="made">What the operator made on the way; null where its composite ran.</param>
    internal static Tensor Pulled<O>(O op, Tensor?[] inputs, out Tensor?[]? made)
        where O : struct, IPulled
    {
        if (Guest<O>.Is)
        {
            ThrowIfMisplaced(op, inputs);
        }

        if (inputs[0]!.DType is { IsNarrow: true, IsFloatingPoint: true } stored)
        {
            // Computed from end to end in more bits, and rounded once.
            return Pulled(op, Array.ConvertAll(inputs, input => input?.DType == stored ? input.To(stored.Compute) : input), out made).To(stored);
        }

        made = null;
        foreach (var input in inputs)
        {
            if (input is { IsStandIn: true })
            {
                return Follow(op, inputs);
            }
        }

        var result = Guest<O>.Is ? GuestPulled(op, inputs, out made) : op.Apply(inputs, out made);
        if (Recording.IsOn && EdgesOf(inputs.AsSpan(0, op.Differentiable)) is { } edges)
        {
            _ = new PulledNode<O>(op, edges, inputs, result, made);
        }
        else if (Observation.IsOn)
        {
            Observation.Unrecorded(OperatorName<O>.Text, result, inputs);
        }

        return result;
    }

    private static Tensor Follow<O>(O op, Tensor?[] inputs)
        where O : struct, IPulled
    {
        ulong present = 0;
        for (var i = 0; i < inputs.Length; i++)
        {
            present |= inputs[i] is null ? 0 : 1UL << i;
        }

        return Traced.Apply(new PulledOperation<O>(op, new Places(present), inputs.Length), Array.FindAll(inputs, input => input is not null)!);
    }

    /// <summary>Where the gradients of inputs go; null if none requires grad.</summary>
    private static Edge[]? EdgesOf(ReadOnlySpan<Tensor?> inputs)
    {
        Edge[]? edges = null;
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is { RequiresGrad: true } input)
            {
                edges ??= new Edge[inputs.Length];
                edges[i] = Edge.To(input);
            }
        }

        return edges;
    }

    private static void ThrowIfMisplaced<O>(O op, Tensor?[] inputs)
        where O : struct, IPulled
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Length is 0 or > Places.Most || inputs[0] is null)
        {
            throw new ArgumentException($"{OperatorName<O>.Text} takes 1 to {Places.Most} inputs, of which the first is there.", nameof(inputs));
        }

        if (op.Differentiable < 0 || op.Differentiable > inputs.Length)
        {
            throw new AutogradException(
                $"{OperatorName<O>.Text} has gradients for {op.Differentiable} inputs (Differentiable), and was given {inputs.Length}.");
        }
    }

    private static Tensor GuestPulled<O>(O op, Tensor?[] inputs, out Tensor?[] made)
        where O : struct, IPulled
    {
        Tensor?[]? kept = null;
        var given = Array.ConvertAll(inputs, input => input is null ? null : Guest<O>.Given(input));
        var result = Guest<O>.Make(
            () => op.Apply(given, out kept),
            op.Infer(Array.ConvertAll(inputs, input => input is null ? (TensorType?)null : TensorType.Of(input))),
            Array.FindAll(inputs, input => input is not null)!);
        if (EdgesOf(inputs.AsSpan(0, op.Differentiable)) is not null)
        {
            Guest<O>.ThrowUnlessReal(result);
        }

        made = kept ?? [];
        return made.Length <= Places.Most
            ? result
            : throw new AutogradException($"{OperatorName<O>.Text} made {made.Length} values on the way, and may make {Places.Most}.");
    }
}
