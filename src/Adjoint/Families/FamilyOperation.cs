using Adjoint.Interpreters;

namespace Adjoint.Families;

/// <summary>
/// An operator of a family as transforms see it, who follow tensors through operators without knowing families: what a family has to say of its
/// operators, all in the family's file. Tensors that nobody follows never meet one.
/// </summary>
internal abstract class FamilyOperation : Operation
{
    /// <summary>Whether tapes record it.</summary>
    internal virtual bool IsRecorded => true;

    /// <summary>Makes the results' history.</summary>
    /// <param name="edges">Where the gradients of the inputs go.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="results">The results.</param>
    internal virtual void Record(Edge[] edges, Tensor[] inputs, Tensor[] results) => throw new NotSupportedException($"{Name} is not recorded.");

    /// <summary>
    /// The tangents of the results from those of the inputs, null for zero, in operators that others may follow;
    /// null as a whole where they have to be found by pulling <see cref="Pull"/>.
    /// </summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="tangents">Their tangents, at least one of them.</param>
    /// <param name="results">The results.</param>
    internal abstract Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results);

    /// <summary>The gradients of the inputs from those of the results, in operators that others may follow; what is not wanted may be null.</summary>
    /// <param name="gradients">The gradients of the results.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="results">The results.</param>
    /// <param name="wanted">Which inputs want a gradient.</param>
    internal virtual Tensor?[] Pull(Tensor[] gradients, Tensor[] inputs, Tensor[] results, bool[] wanted) =>
        throw new NotSupportedException($"{Name} is pushed by a rule of its own.");

    /// <summary>What a composite is in other operators, which a transform may follow in its place; null for one that is no composite.</summary>
    /// <param name="inputs">The inputs.</param>
    internal virtual Tensor[]? Compose(Tensor[] inputs) => null;

    /// <summary>Whether a result is a view of the input, whatever the tensors are that hold their values.</summary>
    /// <param name="input">The only input.</param>
    /// <param name="result">One of the results.</param>
    internal virtual bool SharesMemory(Tensor input, Tensor result) => Rewrite.ShareMemory(input, result);

    /// <summary>Where a linear operator of one input puts what belongs to one of its results, zero elsewhere; null where that is not known.</summary>
    /// <param name="g">Of a result's shape.</param>
    /// <param name="input">The input, whose values are not looked at.</param>
    /// <param name="index">Which of the results it is.</param>
    internal virtual Tensor? Transpose(Tensor g, Tensor input, int index) => null;

    internal override Tensor[]? Decomposed(Tensor[] inputs) => Compose(inputs);

    /// <summary>Runs it for all samples of a batch at once; null where it has to run once for each.</summary>
    /// <param name="batch">The batch, which follows at least one input.</param>
    /// <param name="inputs">The inputs.</param>
    /// <returns>Results that the batch follows.</returns>
    internal abstract Tensor[]? Batch(Batch batch, Tensor[] inputs);
}

/// <summary>An operator of a family that is an operator value and nothing else.</summary>
internal abstract class Operation<O>(O op) : FamilyOperation, IEquatable<Operation<O>>
    where O : struct, IOperator
{
    public override string Name => OperatorName<O>.Text;

    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => Parameter.Of(op);

    /// <summary>The operator.</summary>
    internal O Operator => op;

    public virtual bool Equals(Operation<O>? other) => other is not null && other.GetType() == GetType() && op.Equals(other.Operator);

    /// <summary>All samples of the one result, as a rule for batches gave them.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="made">All samples.</param>
    /// <param name="inputs">The inputs of one.</param>
    /// <param name="index">Which of the results it is.</param>
    protected Tensor Samples(Batch batch, Tensor made, Tensor[] inputs, int index = 0) => batch.Wrap(
        Guest<O>.Is ? Guest<O>.Samples(made, batch.Size, Infer(Array.ConvertAll(inputs, TensorType.Of))[index]) : made);

    public sealed override bool Equals(object? obj) => obj is Operation<O> other && Equals(other);

    public override int GetHashCode() => op.GetHashCode();
}

/// <summary>A derivative formula in one pass over memory, g * D(x, y, z), which nothing records.</summary>
internal abstract class FusedPull
{
    /// <summary>The pass; what the formula does not read is null.</summary>
    public abstract Tensor Run(Tensor g, Tensor? x, Tensor? y, Tensor? z);

    /// <summary>The same for all samples of a batch; null where whoever follows the batch wants the formula read.</summary>
    public virtual Tensor? Batch(Batch batch, Tensor g, Tensor? x, Tensor? y, Tensor? z) =>
        Traced.Pull(this, batch.Spread(g), batch.Align(x, g.Rank), batch.Align(y, g.Rank), batch.Align(z, g.Rank));
}
