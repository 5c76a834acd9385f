namespace Adjoint.Ops.Families;

/// <summary>
/// An operator of any family as a value, for those who follow tensors through operators without knowing families: what each family has to say of it, all in
/// the family's file. Tensors without followers never see one.
/// </summary>
internal abstract class Operation
{
    /// <summary>The operator's name.</summary>
    public abstract string Name { get; }

    /// <summary>Whether tapes record it.</summary>
    public virtual bool IsRecorded => true;

    /// <summary>Runs it through the family's gate, so that tapes and transforms which follow these inputs see it.</summary>
    /// <param name="inputs">The inputs, of the shapes and dtypes that it was made for; their strides may differ.</param>
    public abstract Tensor[] Run(Tensor[] inputs);

    /// <summary>Makes the results' history.</summary>
    /// <param name="edges">Where the gradients of the inputs go.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="results">The results.</param>
    public abstract void Record(Edge[] edges, Tensor[] inputs, Tensor[] results);

    /// <summary>
    /// The tangents of the results from those of the inputs, null for zero, in operators that others may follow; null as a whole where they have to be found
    /// by pulling <see cref="Pull"/>.
    /// </summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="tangents">Their tangents, at least one of them.</param>
    /// <param name="results">The results.</param>
    public abstract Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results);

    /// <summary>The gradients of the inputs from those of the results, in operators that others may follow; what is not wanted may be null.</summary>
    /// <param name="gradients">The gradients of the results.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="results">The results.</param>
    /// <param name="wanted">Which inputs want a gradient.</param>
    public virtual Tensor?[] Pull(Tensor[] gradients, Tensor[] inputs, Tensor[] results, bool[] wanted) =>
        throw new NotSupportedException($"{Name} is pushed by a rule of its own.");

    /// <summary>Runs it for all samples of a batch at once; null where it has to run once for each.</summary>
    /// <param name="batch">The batch, which follows at least one input.</param>
    /// <param name="inputs">The inputs.</param>
    /// <returns>Results that the batch follows.</returns>
    public abstract Tensor[]? Batch(Batch batch, Tensor[] inputs);
}

/// <summary>What a derivative formula gives in one pass over memory, g * D(x, y, z), which nothing records.</summary>
internal abstract class FusedPull
{
    /// <summary>The pass; what the formula does not read is null.</summary>
    public abstract Tensor Run(Tensor g, Tensor? x, Tensor? y, Tensor? z);

    /// <summary>The same for all samples of a batch; null where whoever follows the batch wants the formula read.</summary>
    public virtual Tensor? Batch(Batch batch, Tensor g, Tensor? x, Tensor? y, Tensor? z) =>
        Traced.Pull(this, batch.Spread(g), batch.Align(x, g.Rank), batch.Align(y, g.Rank), batch.Align(z, g.Rank));
}
