namespace Adjoint;

/// <summary>The pool of large blocks of memory in numbers. Tensors below 16 KB are managed arrays and are not counted.</summary>
/// <param name="LiveBytes">Bytes of blocks that tensors hold.</param>
/// <param name="FreeBytes">Bytes of blocks kept for reuse.</param>
/// <param name="PeakBytes">The most bytes that tensors held at once since the process began.</param>
/// <param name="Collections">How often the pool asked the garbage collector for a collection, because it does not see native memory.</param>
public readonly record struct MemoryStatistics(long LiveBytes, long FreeBytes, long PeakBytes, int Collections);
