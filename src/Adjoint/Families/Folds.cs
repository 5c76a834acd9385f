using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint.Families;

/// <content>The way from tensors to the loops that reduce them.</content>
public static partial class Op
{
    /// <summary>Folds over the marked dimensions, not recorded.</summary>
    internal static unsafe Tensor Fold<F>(F fold, Tensor x, bool[] reduced, bool keepDim)
        where F : struct, IFold
    {
        if (x.DType.IsFloatingPoint)
        {
            return FoldReal(new FoldOfOne<F>(fold), reduced, keepDim, x, null, null, null);
        }

        var result = Fresh(Layout.Dense(ReducedSizes(x.Layout, reduced, keepDim)), x.DType);
        fixed (byte* origin = &x.Storage.Origin, to = &result.Storage.Origin)
        {
            var job = new FoldJob<F> { Fold = fold, Array = OperandOf(x, origin), Reduced = reduced, To = to };
            x.DType.Visit(ref job);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>Whether elements of a dtype are narrow: their sum in int64 cannot overflow, however many they are.</summary>
    internal static bool Widens(DType dtype) => !dtype.IsFloatingPoint && dtype != DType.Int64;

    /// <summary>The sum of narrow elements over the marked dimensions, in int64 without a copy of them in it; not recorded.</summary>
    internal static unsafe Tensor SumWide(Tensor x, bool[] reduced, bool keepDim)
    {
        x = x.DType.HasLoops ? x : Wide(x);
        var result = Fresh(Layout.Dense(ReducedSizes(x.Layout, reduced, keepDim)), DType.Int64);
        fixed (byte* origin = &x.Storage.Origin, to = &result.Storage.Origin)
        {
            var array = OperandOf(x, origin);
            var job = new WideSum { Array = array, Reduced = reduced, To = (long*)to };
            x.DType.Visit(ref job);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>
    /// The sum over the marked dimensions of a formula of up to four tensors, whose values are never written to memory; not recorded. All have the
    /// first one's dtype, and broadcast to its sizes.
    /// </summary>
    internal static Tensor FoldMap<B>(B body, bool[] reduced, bool keepDim, Tensor a, Tensor b, Tensor? c = null, Tensor? d = null)
        where B : struct, IBody => FoldReal(new SumOf<B>(body), reduced, keepDim, a, b, c, d);

    /// <summary>
    /// A formula of a gradient and saved tensors: of the gradient's shape, or, where it is for an input that was broadcast, summed to as many
    /// elements as that input has, in the same pass.
    /// </summary>
    internal static Tensor Pull<B>(B body, bool isLast, Layout? target, Tensor g, Tensor a, Tensor b, Tensor? c)
        where B : struct, IBody
    {
        if (target is null || ReferenceEquals(target, g.Layout) || target.Count >= g.Layout.Count)
        {
            return RunPull(body, isLast, g, a, b, c);
        }

        var reduced = new bool[g.Rank];
        for (var d = 0; d < reduced.Length; d++)
        {
            var own = d - (g.Rank - target.Rank);
            reduced[d] = own < 0 || (target.Sizes[own] == 1 && g.Layout.Sizes[d] != 1);
        }

        // Without gaps the order of the sums follows from the shapes. A gradient that repeats one element has none.
        var gradient = Array.TrueForAll(g.Layout.Strides, stride => stride == 0) ? g : Contiguous(g);
        var sum = FoldMap(
            body, reduced, keepDim: true, gradient, Regular(a), Regular(b), c is null ? null : Regular(c));
        sum.IsTemporary = true;
        return sum;

        Tensor Regular(Tensor x) => ReferenceEquals(x, g) ? gradient : Contiguous(x);
    }

    private static unsafe Tensor FoldReal<F>(F fold, bool[] reduced, bool keepDim, Tensor a, Tensor? b, Tensor? c, Tensor? d)
        where F : struct, IFoldMap
    {
        if (a.DType.IsNarrow)
        {
            Tensor? Other(Tensor? x) => x is null ? null : Wide(x);
            return Convert(FoldReal(fold, reduced, keepDim, Wide(a), Other(b), Other(c), Other(d)), a.DType);
        }

        Guard.DTypes(a.DType, a, b, c, d);
        var result = Fresh(Layout.Dense(ReducedSizes(a.Layout, reduced, keepDim)), a.DType);
        var (second, third, fourth) = (b ?? a, c ?? a, d ?? a);
        fixed (byte* to = &result.Storage.Origin,
            pa = &a.Storage.Origin,
            pb = &second.Storage.Origin,
            pc = &third.Storage.Origin,
            pd = &fourth.Storage.Origin)
        {
            var arrays = (ReadOnlySpan<Operand>)
                [OperandOf(a, pa), Spread(second, pb, a.Layout), Spread(third, pc, a.Layout), Spread(fourth, pd, a.Layout)];
            a.DType.VisitReal(new FoldRealJob<F> { Fold = fold, Arrays = arrays[..F.Arity], Reduced = reduced, To = to }, "sum_of_formula");
        }

        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
        GC.KeepAlive(d);
        GC.KeepAlive(result);
        return result;

        static Operand Spread(Tensor x, byte* origin, Layout sizes)
        {
            var operand = OperandOf(x, origin);
            operand.Layout = x.Layout.SameSizes(sizes) ? x.Layout : x.Layout.Expand(sizes.Sizes);
            return operand;
        }
    }

    /// <summary>Folds whole numbers; truth values as bytes.</summary>
    private unsafe struct FoldJob<F> : IDTypeJob
        where F : struct, IFold
    {
        public F Fold;
        public Operand Array;
        public bool[] Reduced;
        public byte* To;

        void IDTypeJob.Truth() => FoldWhole<F, byte, byte>.Run(Fold, Array, Reduced, To);

        void IDTypeJob.Whole<T>() => FoldWhole<F, T, T>.Run(Fold, Array, Reduced, (T*)To);

        readonly void IDTypeJob.Real<S, T, C>()
        {
        }
    }

    /// <summary>Sums whole numbers and truth values in int64.</summary>
    private unsafe struct WideSum : IDTypeJob
    {
        public Operand Array;
        public bool[] Reduced;
        public long* To;

        void IDTypeJob.Truth() => FoldWhole<SumFold, byte, long>.Run(default, Array, Reduced, To);

        void IDTypeJob.Whole<T>() => FoldWhole<SumFold, T, long>.Run(default, Array, Reduced, To);

        readonly void IDTypeJob.Real<S, T, C>() => throw new NotSupportedException("Reals are not narrow.");
    }

    /// <summary>Folds a formula of reals.</summary>
    private unsafe ref struct FoldRealJob<F> : IRealJob
        where F : struct, IFoldMap
    {
        public F Fold;
        public ReadOnlySpan<Operand> Arrays;
        public bool[] Reduced;
        public byte* To;

        void IRealJob.Run<T>() => Kernels.Fold.Real(Fold, Arrays, Reduced, (T*)To);
    }
}
