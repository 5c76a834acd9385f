using Adjoint.Interpreters;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>
/// An operator with a kernel of its own whose result is whole numbers or truth values: positions, tests. Nothing flows through it, in either
/// direction.
/// </summary>
/// <example>
/// <code>
/// var signs = Op.Whole(default(Sign), x);
///
/// readonly record struct Sign : IWhole
/// {
///     public TensorType Infer(TensorType x) => x.To(DType.Int64);
///     public Tensor Apply(Tensor x) =>
///         Tensor.FromArray(Array.ConvertAll(x.ToArray&lt;double>(), value => (long)Math.Sign(value))).Reshape(x.Shape.AsSpan());
///     public Tensor? Batch(Tensor x) => Op.Whole(this, x);
/// }
/// </code>
/// </example>
public interface IWhole : IOperator
{
    /// <summary>The shape and dtype of the result.</summary>
    TensorType Infer(TensorType x);

    /// <summary>The result.</summary>
    Tensor Apply(Tensor x);

    /// <summary>The operator on each of a batch along a new first dimension, in tensor operators; null if it cannot be written so.</summary>
    Tensor? Batch(Tensor x) => null;
}

/// <summary>An <see cref="IWhole"/> as transforms see it.</summary>
internal sealed class WholeOperation<O>(O op) : Operation<O>(op)
    where O : struct, IWhole
{
    internal override bool IsRecorded => false;

    internal override TensorType[] Infer(TensorType[] inputs) => [Operator.Infer(inputs[0])];

    internal override Tensor[] Run(Tensor[] inputs) => [Op.Whole(Operator, inputs[0])];

    internal override Tensor?[] Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [null];

    internal override Tensor[]? Batch(Batch batch, Tensor[] inputs) =>
        Operator.Batch(batch.Of(inputs[0])!) is { } y ? [Samples(batch, y, inputs)] : null;
}

public static partial class Op
{
    /// <summary>Applies an operator that nothing flows through.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="x">Its input.</param>
    /// <exception cref="AutogradException">The operator is not the library's own, and gives what its shape rule does not say.</exception>
    public static Tensor Whole<O>(O op, Tensor x)
        where O : struct, IWhole
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.IsStandIn)
        {
            return Traced.Apply(new WholeOperation<O>(op), x);
        }

        // What is stored in fewer bits is computed, and compared, in more.
        var y = Guest<O>.Is ? GuestWhole(op, Wide(x)) : op.Apply(Wide(x));
        if (Observation.IsOn)
        {
            Observation.Unrecorded(typeof(O), y, x);
        }

        return y;
    }

    private static Tensor GuestWhole<O>(O op, Tensor x)
        where O : struct, IWhole => Guest<O>.Make(() => op.Apply(Guest<O>.Given(x)), op.Infer(TensorType.Of(x)), x);
}
