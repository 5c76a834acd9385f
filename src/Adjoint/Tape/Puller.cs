namespace Adjoint.Tape;

/// <summary>
/// What a node sees of the backward pass that runs it: where to hand gradients, and whether to read formulas with tensors.
/// </summary>
internal abstract class Puller
{
    /// <summary>
    /// Whether formulas are read with tensor operators: gradients are recorded (<c>createGraph</c>), or transforms follow them.
    /// </summary>
    public abstract bool Records { get; }

    /// <summary>
    /// Whether a zero of the gradient that is pulled says that nothing depends on that element, so that it stays 0 times anything, infinity and NaN
    /// included. It begins where a branch of <see cref="Tensor.Where(Tensor, Tensor, Tensor, bool)"/> was not taken, and lasts until another
    /// gradient is added.
    /// </summary>
    public abstract bool ZerosAreStrong { get; }

    /// <summary>Whether the gradient of an input is wanted at all.</summary>
    public abstract bool Wants(Edge edge);

    /// <summary>Hands on the gradient for an input. The engine sums it to the input's shape and casts it to its dtype.</summary>
    public abstract void Give(Edge edge, Tensor gradient);

    /// <summary>
    /// Hands on a gradient that tensor operators made. If it has memory of its own, nobody else can name it. If it lies in the memory of the output's
    /// gradient, it takes that one's place where it is all of it in another shape; otherwise that one has a second name now.
    /// </summary>
    /// <param name="edge">Where to.</param>
    /// <param name="made">The gradient for the input.</param>
    /// <param name="from">The gradient of the output.</param>
    /// <param name="isLast">That one is not read again.</param>
    public void GiveMade(Edge edge, Tensor made, Tensor from, bool isLast = false)
    {
        if (!Records)
        {
            if (ReferenceEquals(made.Storage, from.Storage))
            {
                if (isLast && from.IsTemporary && made.Layout.IsDense && from.Layout.IsDense && made.Count == from.Count)
                {
                    made = from.HandOver(made.Layout);
                }

                from.IsTemporary = false;
            }
            else
            {
                made.IsTemporary = made.Base is null;
            }
        }

        Give(edge, made);
    }
}
