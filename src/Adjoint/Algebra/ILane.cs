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

    /// <summary>One element in all places.</summary>
    static abstract V Splat(T value);

    static abstract void Store(V value, T* to);

    /// <summary>Writes a mask as one byte for each element, 0 or 1.</summary>
    static abstract void StoreMask(V mask, byte* to);
}
