using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>
/// A composite of tensors that also has loops of its own for its result and its gradients: layer norm, attention. Transforms follow the composite;
/// the loops serve where nobody looks inside.
/// </summary>
internal interface IFused : IPulled
{
    /// <summary>The result in recorded tensor operators: what the operator means.</summary>
    /// <param name="inputs">The inputs; null for one that is absent.</param>
    Tensor Compose(Tensor?[] inputs);

    /// <summary>The result in loops of its own, not recorded.</summary>
    /// <param name="inputs">The inputs; null for one that is absent.</param>
    /// <param name="made">What its pulls may read besides the inputs and the result.</param>
    Tensor Apply(Tensor?[] inputs, out Tensor?[] made);
}

public static partial class Op
{
    /// <inheritdoc cref="Fused{O}(O, Tensor?[], out Tensor?[])"/>
    internal static Tensor Fused<O>(O op, params Tensor?[] inputs)
        where O : struct, IFused => Fused(op, inputs, out _);

    /// <summary>Applies a fused composite, recording it if an input that has a gradient requires grad.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">The inputs; null for one that is absent.</param>
    /// <param name="made">What the operator made on the way; null where its composite ran.</param>
    internal static Tensor Fused<O>(O op, Tensor?[] inputs, out Tensor?[]? made)
        where O : struct, IFused
    {
        if (inputs[0]!.DType is { IsNarrow: true } stored)
        {
            // Computed from end to end in more bits, and rounded once.
            return Fused(op, Array.ConvertAll(inputs, input => input?.DType == stored ? input.To(stored.Compute) : input), out made).To(stored);
        }

        made = null;
        foreach (var input in inputs)
        {
            if (input is { IsStandIn: true })
            {
                return op.Compose(inputs);
            }
        }

        var result = op.Apply(inputs, out made);
        if (Recording.IsOn && EdgesOf(inputs.AsSpan(0, op.Differentiable)) is { } edges)
        {
            _ = new PulledNode<O>(op, edges, inputs, result, made);
        }
        else if (Observation.IsOn)
        {
            Observation.Unrecorded(typeof(O).Name, result, inputs);
        }

        return result;
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
}
