namespace Adjoint.Memory;

/// <summary>
/// Whether storages are made for inference: without a version that anybody may rely on. The choice follows <c>await</c> as grad mode does. While the
/// process has never asked for it, making a storage costs one test of <see cref="IsUsed"/>.
/// </summary>
internal static class Inference
{
    /// <summary>Whether the mode was ever chosen. A field without initialiser, so that reading it needs no check.</summary>
    public static bool IsUsed;

    /// <summary>Whether the mode is on in this logical flow.</summary>
    public static bool IsOn => IsUsed && InferenceFlow.IsOn;

    /// <summary>Chooses for the rest of this logical flow; returns what was chosen before.</summary>
    public static bool Set(bool on)
    {
        var before = IsOn;
        IsUsed = true;
        InferenceFlow.Set(on);
        return before;
    }
}

/// <summary>The choice of each logical flow, mirrored into a thread-static field.</summary>
internal static class InferenceFlow
{
    private static readonly AsyncLocal<bool> Chosen = new(static change => t_on = change.CurrentValue);

    [ThreadStatic]
    private static bool t_on;

    public static bool IsOn => t_on;

    public static void Set(bool on) => Chosen.Value = on;
}
