using Adjoint.Algebra;
using Adjoint.Gate;

namespace Adjoint.Families;

/// <summary>
/// Comparisons of whole numbers or truth values with one number of any dtype, exact as in mathematics: 255 in uint8 is less than 300, and 2^53 + 1 in
/// int64 is more than 2^53 in float64. The number becomes one of the elements' own dtype that compares with each of them alike, so that nothing is
/// converted but the number; where there is none the outcome is the same for every element.
/// </summary>
internal static class OneNumber
{
    /// <summary>Whether a tensor stands for one number beside the elements of another, and has another dtype.</summary>
    public static bool IsBeside(Tensor elements, Tensor number) =>
        number.Rank == 0 && number.DType != elements.DType && !elements.DType.IsFloatingPoint && !number.IsStandIn
        && (number.IsNumber || (elements.Rank > 0 && !elements.IsStandIn));

    /// <summary>The number to compare with instead; null where the outcome is the same for every element.</summary>
    /// <param name="op">The comparison.</param>
    /// <param name="number">The number.</param>
    /// <param name="dtype">The elements' dtype, not a real one.</param>
    /// <param name="isLeft">Whether the number is the left operand.</param>
    /// <param name="outcome">What the outcome is then.</param>
    public static Tensor? InDType<O>(O op, Tensor number, DType dtype, bool isLeft, out bool outcome)
        where O : struct, ICompare
    {
        outcome = false;
        var isReal = number.DType.IsFloatingPoint;
        if (O.IsLogic)
        {
            return Numbers.InDType(Numbers.Of(isReal ? Numbers.RealOf(number) != 0 : Numbers.WholeOf(number) != 0), dtype);
        }

        // What the comparison says of an element below the number, equal to it and above it is all there is to know of it.
        bool below = Holds(op, 0, 1, isLeft), same = Holds(op, 0, 0, isLeft), above = Holds(op, 1, 0, isLeft);
        var (least, most) = Range(dtype);
        if (!isReal)
        {
            var whole = Numbers.WholeOf(number);
            outcome = whole < least ? above : below;
            return whole >= least && whole <= most ? InDType(whole, dtype) : null;
        }

        var value = Numbers.RealOf(number);
        if (double.IsNaN(value))
        {
            outcome = (isLeft ? op.F(new One<double>(value), default) : op.F(default, new One<double>(value))).Value != 0;
            return null;
        }

        var floor = Math.Floor(value);
        if (floor != value && below == above)
        {
            // No element equals a fraction.
            outcome = below;
            return null;
        }

        // Between two whole numbers, the one whose equals count with the right side stands for it.
        var limit = floor == value || same == below ? floor : floor + 1;
        outcome = limit < least ? above : below;
        return limit >= least && limit < NumberRange.PastInt64 && (long)limit <= most ? InDType((long)limit, dtype) : null;
    }

    private static Tensor InDType(long value, DType dtype) => Numbers.InDType(Numbers.Of(value), dtype);

    private static bool Holds<O>(O op, long x, long number, bool isLeft)
        where O : struct, ICompare
    {
        var (a, b) = (new Whole<long>(x), new Whole<long>(number));
        return (isLeft ? op.F(b, a) : op.F(a, b)).Value != 0;
    }

    private static (long Least, long Most) Range(DType dtype)
    {
        var job = default(Bounds);
        dtype.Visit(ref job);
        return job.Most > 0 ? (job.Least, job.Most) : throw new NotSupportedException($"{dtype} has no whole numbers.");
    }

    /// <summary>The least and the greatest whole number; none of reals.</summary>
    private struct Bounds : IDTypeJob
    {
        public long Least;
        public long Most;

        static RareWhole IDTypeJob.Rare => RareWhole.Run;

        void IDTypeJob.Truth() => Most = 1;

        void IDTypeJob.Whole<T>() => (Least, Most) = (long.CreateSaturating(T.MinValue), long.CreateSaturating(T.MaxValue));

        readonly void IDTypeJob.Real<S, T, C>()
        {
        }
    }
}

/// <summary>True for every element: a comparison with a number that no element can be on the other side of.</summary>
internal readonly record struct Always : ICompare
{
    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Equal(V.Zero, V.Zero);
}

/// <summary>False for every element, likewise.</summary>
internal readonly record struct Never : ICompare
{
    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Less(V.Zero, V.Zero);
}
