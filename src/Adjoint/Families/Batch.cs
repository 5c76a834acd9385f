using Adjoint.Gate;
using Adjoint.Interpreters;

namespace Adjoint.Families;

/// <summary>
/// A transform that follows batches, as the batching rules of families see it: every stand-in holds the values of all samples along a first dimension
/// that the function does not see.
/// </summary>
internal abstract class Batch(int size) : Interpreter
{
    /// <summary>How many samples there are.</summary>
    public int Size => size;

    public override Tensor[] Apply(CustomCall call, Tensor[] inputs) => call.Batch(this, inputs);

    /// <summary>A stand-in for all samples, whose first dimension is the batch.</summary>
    public Tensor Wrap(Tensor values)
    {
        values.IsTemporary = false;
        return new Tensor(new Tracer(this, values, null), Layout.Dense(values.Layout.Sizes.AsSpan(1)), values.DType);
    }

    /// <summary>All samples of what this transform follows; null for anything else, which is the same for all.</summary>
    public Tensor? Of(Tensor x) => x.Tracer is { } tracer && ReferenceEquals(tracer.Owner, this) ? tracer.Value : null;

    /// <summary>All samples, also where they are the same for all.</summary>
    public Tensor Spread(Tensor x) => Of(x) ?? x.Expand([size, .. x.Layout.Sizes]);

    /// <summary>All samples of operands that broadcast, each with as many dimensions as the others have,
    /// in the dtype that the samples' shapes ask for.</summary>
    public Tensor[] Align(Tensor[] inputs)
    {
        var dtype = Promotion.ResultType(inputs);
        var rank = 0;
        foreach (var input in inputs)
        {
            rank = Math.Max(rank, input.Rank);
        }

        // Promotion looks at ranks, and a batch of scalars is no scalar any more.
        return Array.ConvertAll(inputs, x => Align(x.IsNumber || x.DType == dtype ? x : x.To(dtype), rank)!);
    }

    /// <summary>All samples of a tensor with as many dimensions as the others have; null where there is none.</summary>
    public Tensor? Align(Tensor? x, int rank)
    {
        if (x is null || Of(x) is not { } batch || x.Rank == rank)
        {
            return x is null ? null : Of(x) ?? x;
        }

        var ones = new int[rank - x.Rank];
        Array.Fill(ones, 1);
        return batch.Reshape([size, .. ones, .. x.Layout.Sizes]);
    }
}
