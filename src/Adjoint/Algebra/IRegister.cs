namespace Adjoint.Algebra;

/// <summary>
/// What one width of vector registers can do with real elements: the only vocabulary in which lanes and kernels speak of a processor. It holds
/// nothing; registers are .NET's vectors, so that the compiler sees no wrapper around them.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="R">The vector.</typeparam>
internal unsafe interface IRegister<T, R>
    where T : unmanaged
    where R : struct
{
    /// <summary>How many elements a register holds.</summary>
    static abstract int Count { get; }

    /// <summary>Whether there are thirty-two of them, and not sixteen.</summary>
    static abstract bool AreMany { get; }

    static abstract R Load(T* from);

    /// <summary>
    /// The first elements, at least one and fewer than a register holds, and copies of the first of them in the places behind. Nothing beyond is
    /// read, not even where the processor would not notice.
    /// </summary>
    static abstract R LoadFirst(T* from, int count);

    static abstract void Store(R value, T* to);

    /// <summary>Stores the first elements, at least one and fewer than a register holds, and touches nothing beyond.</summary>
    static abstract void StoreFirst(R value, T* to, int count);

    /// <summary>Stores to an aligned place, past the caches where the processor can.</summary>
    static abstract void StoreStreamed(R value, T* to);

    /// <summary>One element in all places.</summary>
    static abstract R Splat(T value);

    static abstract R Add(R x, R y);

    static abstract R Subtract(R x, R y);

    static abstract R Multiply(R x, R y);

    static abstract R Divide(R x, R y);

    static abstract R Negate(R x);

    /// <summary>x * y + z with one rounding where the processor has that.</summary>
    static abstract R MultiplyAdd(R x, R y, R z);

    /// <summary>x * y + z with one rounding, whatever it costs.</summary>
    static abstract R FusedMultiplyAdd(R x, R y, R z);

    static abstract R Abs(R x);

    static abstract R Sqrt(R x);

    static abstract R Floor(R x);

    /// <summary>The nearest whole number, ties to even.</summary>
    static abstract R Round(R x);

    /// <summary>NaN if either is.</summary>
    static abstract R Max(R x, R y);

    /// <summary>NaN if either is.</summary>
    static abstract R Min(R x, R y);

    /// <summary>The processor's own maximum, which returns the second operand where one is NaN.</summary>
    static abstract R MaxNative(R x, R y);

    /// <summary>The processor's own minimum, which returns the second operand where one is NaN.</summary>
    static abstract R MinNative(R x, R y);

    static abstract R CopySign(R size, R sign);

    static abstract R Less(R x, R y);

    static abstract R Equal(R x, R y);

    static abstract R And(R x, R y);

    static abstract R Or(R x, R y);

    static abstract R Not(R x);

    /// <summary>The second where the mask's bits are set, the third elsewhere.</summary>
    static abstract R Select(R mask, R then, R otherwise);

    /// <summary>The mask that holds in the first places.</summary>
    static abstract R First(int count);

    /// <summary>The highest bit of each element.</summary>
    static abstract ulong Bits(R mask);

    /// <summary>Whether any bit is set.</summary>
    static abstract bool Any(R mask);

    /// <summary>Each place gets the element so many places after it; what comes into the last ones is left open.</summary>
    static abstract R Shift(R x, int places);

    static abstract T Sum(R x);

    /// <summary>x, at least 1 / 2 and at most 2, times 2 to the power of a whole number:
    /// also where the result is subnormal, zero or infinite.</summary>
    static abstract R Scale(R x, R n);

    /// <summary>The number between 0.5 and 1 whose product with a power of 2 is a positive normal x, and that power.</summary>
    static abstract R Split(R x, out R exponent);
}
