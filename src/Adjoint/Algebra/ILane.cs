namespace Adjoint.Algebra;

/// <summary>A reader that holds several neighbouring elements of an array, so that a formula becomes a loop body.</summary>
/// <typeparam name="V">The reader itself.</typeparam>
/// <typeparam name="T">The element.</typeparam>
internal unsafe interface ILane<V, T> : IReal<V>
    where V : struct, ILane<V, T>
    where T : unmanaged
{
    /// <summary>How many elements it holds.</summary>
    static abstract int Count { get; }

    static abstract V Load(T* from);

    /// <summary>The first elements, fewer than it holds, and copies of the first of them in the places behind.</summary>
    static abstract V LoadFirst(T* from, int count);

    /// <summary>One element in all places.</summary>
    static abstract V Splat(T value);

    static abstract void Store(V value, T* to);

    /// <summary>Stores to an aligned place, past the caches where the processor can.</summary>
    static abstract void StoreStreamed(V value, T* to);

    /// <summary>Stores the first elements, fewer than it holds.</summary>
    static abstract void StoreFirst(V value, T* to, int count);

    /// <summary>Writes a mask as one byte for each of the first elements, 0 or 1.</summary>
    static abstract void StoreMask(V mask, byte* to, int count);

    /// <summary>a * b + c with one rounding where the processor has that.</summary>
    static abstract V Fma(V a, V b, V c);

    /// <summary>a * b + c with one rounding, whatever it costs.</summary>
    static abstract V Fused(V a, V b, V c);

    /// <summary>x, or the limit beyond which it lies; NaN stays NaN.</summary>
    static abstract V Clamp(V x, V low, V high);

    /// <summary>x, but no more than a limit; NaN stays NaN.</summary>
    static abstract V AtMost(V x, V high);

    /// <summary>The first number's magnitude with the second's sign.</summary>
    static abstract V CopySign(V size, V sign);

    /// <summary>The largest whole number that is not above x.</summary>
    static abstract V Floor(V x);

    /// <summary>The nearest whole number, ties to even.</summary>
    static abstract V Round(V x);

    /// <summary>x, at least 1 / 2 and at most 2, times 2 to the power of a whole number:
    /// also where the result is subnormal, zero or infinite.</summary>
    static abstract V Scale(V x, V n);

    /// <summary>The number between 0.5 and 1 whose product with a power of 2 is a positive normal x, and that power.</summary>
    static abstract V Split(V x, out V exponent);

    /// <summary>Each lane gets the value of the lane so many places after it; what comes into the last ones is left open.</summary>
    static abstract V Shift(V x, int places);

    /// <summary>The mask that holds in the first lanes.</summary>
    static abstract V First(int count);

    /// <summary>Whether a mask holds anywhere.</summary>
    static abstract bool Any(V mask);
}
