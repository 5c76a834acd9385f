using Adjoint.Interpreters;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>
/// A composite of tensors that also has loops of its own for its result and its gradients: layer norm, attention. Transforms that know one operator
/// from another follow the composite; the loops serve where nobody looks inside. A graph has one instruction for it, which runs the loops.
/// </summary>
internal interface IFused : IPulled
{
    /// <summary>The shape and dtype of the result.</summary>
    /// <param name="inputs">The types of the inputs; null for one that is absent.</param>
    TensorType Infer(TensorType?[] inputs);

    /// <summary>The result in recorded tensor operators: what the operator means.</summary>
    /// <param name="inputs">The inputs; null for one that is absent.</param>
    Tensor Compose(Tensor?[] inputs);

    /// <summary>The result in loops of its own, not recorded.</summary>
    /// <param name="inputs">The inputs; null for one that is absent.</param>
    /// <param name="made">What its pulls may read besides the inputs and the result.</param>
    Tensor Apply(Tensor?[] inputs, out Tensor?[] made);

    /// <summary>
    /// The operator on each of a batch, in recorded tensor operators; null if it cannot be written so, and the composite has to be followed.
    /// </summary>
    /// <param name="inputs">The inputs, some of them with a new first dimension; null for one that is absent.</param>
    /// <param name="batched">Which of them.</param>
    Tensor? Batch(Tensor?[] inputs, Places batched) => null;
}

/// <summary>An <see cref="IFused"/> as transforms see it, who get the inputs that are not absent.</summary>
internal sealed class FusedOperation<O>(O op, Places present, int count) : Operation<O>(op)
    where O : struct, IFused
{
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => present.Count == count
        ? base.Attributes
        : [.. base.Attributes, new("absent", Enumerable.Range(0, count).Where(input => !present[input]).ToArray())];

    private Places Present => present;

    public override bool Equals(Operation<O>? other) => base.Equals(other) && other is FusedOperation<O> fused && fused.Present == present;

    public override int GetHashCode() => HashCode.Combine(Operator, present);

    internal override TensorType[] Infer(TensorType[] inputs)
    {
        var next = 0;
        var all = new TensorType?[count];
        for (var i = 0; i < count; i++)
        {
            all[i] = present[i] ? inputs[next++] : null;
        }

        return [Operator.Infer(all)];
    }

    internal override Tensor[] Run(Tensor[] inputs) => [Op.Fused(Operator, All(inputs))];

    internal override Tensor[] Compose(Tensor[] inputs) => [Operator.Compose(All(inputs))];

    internal override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results)
    {
        var next = 0;
        var all = new Edge[Operator.Differentiable];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = present[i] ? edges[next++] : default;
        }

        // A composite that a transform followed in the operator's place has recorded itself.
        if (results[0].OwnGradFn is null && Array.Exists(all, edge => edge.Node is not null))
        {
            _ = new PulledNode<O>(Operator, all, All(inputs), results[0]);
        }
    }

    internal override Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => null;

    internal override Tensor?[] Pull(Tensor[] gradients, Tensor[] inputs, Tensor[] results, bool[] wanted)
    {
        var all = All(inputs);
        ulong places = 0;
        for (int i = 0, next = 0; i < count; i++)
        {
            places |= present[i] && wanted[next++] && i < Operator.Differentiable ? 1UL << i : 0;
        }

        var pulled = Operator.Pull(gradients[0], new(Array.ConvertAll(all, input => input?.Layout), all, [], results[0], new Places(places)));
        return [.. Enumerable.Range(0, count).Where(i => present[i]).Select(i => i < pulled.Length ? pulled[i] : null)];
    }

    internal override Tensor[]? Batch(Batch batch, Tensor[] inputs)
    {
        if (Recording.IsOn && Array.Exists(inputs, input => Traced.EdgeOf(batch, input).Node is not null))
        {
            // What the parts of the composite keep, a pull in operators would compute again.
            return Compose(inputs);
        }

        var all = All(inputs);
        ulong batched = 0;
        for (var i = 0; i < count; i++)
        {
            batched |= all[i] is { } input && batch.Of(input) is not null ? 1UL << i : 0;
        }

        return Operator.Batch(Array.ConvertAll(all, input => input is null ? null : batch.Of(input) ?? input), new Places(batched)) is { } y
            ? [batch.Wrap(y)]
            : Compose(inputs);
    }

    /// <summary>All inputs; null for one that is absent.</summary>
    private Tensor?[] All(Tensor[] inputs)
    {
        var next = 0;
        var all = new Tensor?[count];
        for (var i = 0; i < count; i++)
        {
            all[i] = present[i] ? inputs[next++] : null;
        }

        return all;
    }
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
        if (inputs[0]!.DType is { IsNarrow: true, IsFloatingPoint: true } stored)
        {
            // Computed from end to end in more bits, and rounded once.
            return Fused(op, Array.ConvertAll(inputs, input => input?.DType == stored ? input.To(stored.Compute) : input), out made).To(stored);
        }

        made = null;
        foreach (var input in inputs)
        {
            if (input is { IsStandIn: true })
            {
                return Follow(op, inputs);
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

    private static Tensor Follow<O>(O op, Tensor?[] inputs)
        where O : struct, IFused
    {
        ulong present = 0;
        for (var i = 0; i < inputs.Length; i++)
        {
            present |= inputs[i] is null ? 0 : 1UL << i;
        }

        return Traced.Apply(new FusedOperation<O>(op, new Places(present), inputs.Length), Array.FindAll(inputs, input => input is not null)!);
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
