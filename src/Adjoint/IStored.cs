namespace Adjoint;

/// <summary>How real elements lie in memory, apart from how they are computed with.</summary>
/// <typeparam name="S">The type in memory.</typeparam>
/// <typeparam name="T">The type to compute with.</typeparam>
internal interface IStored<S, T>
{
    /// <summary>An element as it is computed with; exact.</summary>
    static abstract T Widen(S value);

    /// <summary>A number as it is stored: rounded to the nearest, ties to even.</summary>
    static abstract S Narrow(T value);
}

/// <summary>Elements that are computed with as they are stored.</summary>
internal readonly struct AsStored<T> : IStored<T, T>
{
    public static T Widen(T value) => value;

    public static T Narrow(T value) => value;
}

/// <summary>IEEE half precision, computed in single precision.</summary>
internal readonly struct AsHalf : IStored<Half, float>
{
    public static float Widen(Half value) => (float)value;

    public static Half Narrow(float value) => (Half)value;
}

/// <summary>Brain floating point, computed in single precision.</summary>
internal readonly struct AsBFloat16 : IStored<BFloat16, float>
{
    public static float Widen(BFloat16 value) => value;

    public static BFloat16 Narrow(float value) => (BFloat16)value;
}
