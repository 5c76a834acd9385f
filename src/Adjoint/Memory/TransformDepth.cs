namespace Adjoint.Memory;

/// <summary>
/// How many transforms run around the code that makes a storage. While the process has never used one, making a storage costs one test of
/// <see cref="IsUsed"/>.
/// </summary>
internal static class TransformDepth
{
    /// <summary>Whether there ever was a transform. A field without initialiser, so that reading it needs no check.</summary>
    public static bool IsUsed;

    /// <summary>How many there are in this logical flow, which transforms set.</summary>
    [ThreadStatic]
    public static int Here;
}
