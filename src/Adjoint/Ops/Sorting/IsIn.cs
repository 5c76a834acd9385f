using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <content>Membership.</content>
public sealed partial class Tensor
{
    /// <summary>Whether each element is among others (<c>torch.isin</c>); NaN is among none.</summary>
    /// <param name="testElements">The others, of any shape, or a number; dtypes promote.</param>
    /// <param name="assumeUnique">No element occurs twice in either; the result is the same.</param>
    /// <param name="invert">Whether it is not among them.</param>
    public Tensor IsIn(Tensor testElements, bool assumeUnique = false, bool invert = false)
    {
        ArgumentNullException.ThrowIfNull(testElements);
        _ = assumeUnique;
        var dtype = Promotion.ResultType(this, testElements);
        var (elements, others) = (Detach().To(dtype), testElements.Detach().To(dtype).Reshape(-1));
        var found = elements.IsStandIn || others.IsStandIn
            ? elements.Unsqueeze(-1).Eq(others).Any(-1)
            : Among(elements, others);
        return invert ? found.LogicalNot() : found;
    }

    private static unsafe Tensor Among(Tensor x, Tensor others)
    {
        var (elements, sorted) = (Op.Wide(Op.Contiguous(x)), Op.Wide(Ordering.First(others, 0, others.Layout.Sizes[0], descending: false)[0]));
        var found = Op.Fresh(elements.Layout, DType.Bool);
        using var pins = new Pins(elements, sorted, found);
        var job = new AmongJob { X = pins[0], Sorted = pins[1], Found = pins[2], Count = elements.Layout.Count, Length = sorted.Layout.Count };
        elements.DType.Visit(ref job);
        return found;
    }

    private unsafe struct AmongJob : IDTypeJob
    {
        public byte* X;
        public byte* Sorted;
        public byte* Found;
        public nint Count;
        public nint Length;

        readonly void IDTypeJob.Truth() => SearchRows.Among(X, Count, Sorted, Length, Found);

        readonly void IDTypeJob.Whole<T>() => SearchRows.Among((T*)X, Count, (T*)Sorted, Length, Found);

        readonly void IDTypeJob.Real<S, T, C>() => SearchRows.Among((T*)X, Count, (T*)Sorted, Length, Found);
    }
}
