using System.Runtime.CompilerServices;

namespace Adjoint.Algebra;

/// <summary>
/// The two precisions that reals are computed in, told apart in one place: formulas whose constants, bits or instructions differ ask here. What is
/// neither is an error and never the other one. The JIT knows the answer.
/// </summary>
internal static class Precision
{
    /// <summary>Whether a type is single precision, and not double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSingle<T>() => typeof(T) == typeof(float) || (typeof(T) == typeof(double) ? false : throw Neither(typeof(T)));

    private static NotSupportedException Neither(Type type) => new($"Reals are computed as float or double, and not as {type.Name}.");
}
