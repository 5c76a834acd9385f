namespace Adjoint.Families;

/// <summary>
/// A composite of tensors that also has loops of its own for its result and its gradients: layer norm, attention. Transforms that know one operator
/// from another follow the composite; the loops serve where nobody looks inside. A graph has one instruction for it, which runs the loops.
/// </summary>
/// <example>
/// <code>
/// var y = Op.Fused(default(Gated), x, Tensor.ZerosLike(x));
///
/// readonly record struct Gated : IFused
/// {
///     public int Differentiable => 2;
///     public Reads Reads(Places wanted) => new(Places.Of(0, 1));
///     public TensorType Infer(TensorType?[] inputs) => inputs[0]!.Value;
///     public Tensor Compose(Tensor?[] inputs) => inputs[0]! * inputs[1]!.Sigmoid();
///     public Tensor?[] Pull(Tensor g, in Remembered saved)
///     {
///         var (x, open) = (saved.Inputs[0]!, saved.Inputs[1]!.Sigmoid());
///         return [g * open, g * x * open * (1 - open)];
///     }
/// }
/// </code>
/// </example>
public interface IFused : IPulled
{
    /// <summary>The result in recorded tensor operators: what the operator means.</summary>
    /// <param name="inputs">The inputs; null for one that is absent.</param>
    Tensor Compose(Tensor?[] inputs);

    /// <summary>What runs where an operator has no loops of its own: the composite.</summary>
    Tensor IPulled.Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        made = [];
        return Compose(inputs);
    }
}

public static partial class Op
{
    /// <summary>Applies a fused composite, recording it if an input that has a gradient requires grad.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">The inputs, at most 64; null for one that is absent, which the first is not.</param>
    /// <exception cref="AutogradException">The operator is not the library's own, and gives what its shape rule does not say.</exception>
    public static Tensor Fused<O>(O op, params Tensor?[] inputs)
        where O : struct, IFused => Pulled(op, inputs, out _);

    /// <inheritdoc cref="Pulled{O}(O, Tensor?[], out Tensor?[])"/>
    internal static Tensor Fused<O>(O op, Tensor?[] inputs, out Tensor?[]? made)
        where O : struct, IFused => Pulled(op, inputs, out made);
}
