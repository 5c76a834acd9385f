using Adjoint.Families;
using Adjoint.Tape;

namespace Adjoint.Interpreters;

/// <summary>
/// How a stand-in shows a part of another one's values: the operator that made it, which is run again after a change, and whose transpose says where
/// a change of the part belongs.
/// </summary>
/// <param name="Source">What it was made of; itself a view, or the tensor that all of them are views of.</param>
/// <param name="Operation">The operator.</param>
/// <param name="Index">Which of the operator's results it is.</param>
internal sealed record StandInView(Tensor Source, FamilyOperation Operation, int Index)
{
    /// <summary>Whether it shows the values without their history.</summary>
    public bool IsDetached => Operation is Detachment;

    /// <summary>Whether it does, or what it is a view of.</summary>
    public bool HasNoHistory => IsDetached || Source.State?.View is { HasNoHistory: true };

    /// <summary>The tensor with values of its own.</summary>
    public Tensor Root => Source.State?.View?.Root ?? Source;

    /// <summary>The view as its source is now.</summary>
    public Tensor Read() => (Source.IsStandIn ? Traced.ApplyAll(Operation, [Source]) : Operation.Run([Source]))[Index];

    /// <summary>The source with this part replaced.</summary>
    /// <param name="part">The part's new values.</param>
    /// <exception cref="AutogradException">Nobody knows where the part lies.</exception>
    public Tensor Put(Tensor part)
    {
        var placed = Operation.Transpose(part, Source, Index) ?? throw new AutogradException(
            $"{Operation.Name} made a view that cannot be changed in place inside of a transform. Change the tensor that it is a view of, or " +
            "use the out-of-place operator: x = x + y instead of x += y.");
        if (part.Count == Source.Count && Operation is not LinearOperation<AsStrided>)
        {
            return placed;
        }

        // How often each place is written.
        var times = Operation.Transpose(Tensor.Ones(part.Layout.Sizes, DType.Float32), Source, Index)!;
        if (times.Count > 0 && times.Max().Item() > 1)
        {
            throw InPlace.Repeated();
        }

        return Tensor.Where(times != 0, placed, Source);
    }
}
