using Adjoint.Interpreters;
using Adjoint.Tape;

namespace Adjoint.Families;

/// <summary>An <see cref="IPulled"/> as transforms see it, who get the inputs that are not absent.</summary>
internal sealed class PulledOperation<O>(O op, Places present, int count) : Operation<O>(op)
    where O : struct, IPulled
{
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => present.Count == count
        ? base.Attributes
        : [.. base.Attributes, new("absent", Enumerable.Range(0, count).Where(input => !present[input]).ToArray())];

    private Places Present => present;

    /// <summary>The gradients of the first inputs; those of an operator that is not the library's own are checked.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="g">The gradient of the result.</param>
    /// <param name="saved">What the pull may read.</param>
    /// <param name="count">How many inputs have a gradient.</param>
    /// <param name="isFused">Whether to run the operator's own loops.</param>
    public static Tensor?[] Pull(O op, Tensor g, in Remembered saved, int count, bool isFused)
    {
        var pulled = isFused ? op.PullFused(g, saved) : op.Pull(g, saved);
        if (!Guest<O>.Is)
        {
            return pulled;
        }

        if (pulled?.Length != count)
        {
            throw new AutogradException(
                $"function {OperatorName<O>.Text} returned an incorrect number of gradients (expected {count}, got {pulled?.Length ?? 0}).");
        }

        for (var i = 0; i < count; i++)
        {
            pulled[i] = pulled[i] is { } made && saved.Layouts[i] is { } layout ? Guest<O>.Gradient(made, layout, i) : null;
        }

        return pulled;
    }

    public override bool Equals(Operation<O>? other) => base.Equals(other) && other is PulledOperation<O> same && same.Present == present;

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

    internal override Tensor[] Run(Tensor[] inputs) => [Op.Pulled(Operator, All(inputs), out _)];

    internal override Tensor[]? Compose(Tensor[] inputs) => Operator is IFused fused ? [fused.Compose(All(inputs))] : null;

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

        var saved = new Remembered(Array.ConvertAll(all, input => input?.Layout), all, results[0], new Places(places));
        var pulled = Pull(Operator, gradients[0], saved, Operator.Differentiable, isFused: false);
        return [.. Enumerable.Range(0, count).Where(i => present[i]).Select(i => i < pulled.Length ? pulled[i] : null)];
    }

    internal override Tensor[]? Batch(Batch batch, Tensor[] inputs)
    {
        if (Recording.IsOn
            && Array.Exists(inputs, input => Traced.EdgeOf(batch, input).Node is not null)
            && Compose(inputs) is { } composed)
        {
            // What the parts of the composite keep, a pull in operators would compute again.
            return composed;
        }

        var all = All(inputs);
        ulong batched = 0;
        for (var i = 0; i < count; i++)
        {
            batched |= all[i] is { } input && batch.Of(input) is not null ? 1UL << i : 0;
        }

        return Operator.Batch(Array.ConvertAll(all, input => input is null ? null : batch.Of(input) ?? input), new Places(batched)) is { } y
            ? [Samples(batch, y, inputs)]
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
