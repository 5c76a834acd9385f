using Adjoint.Memory;
using Adjoint.Tape;

namespace Adjoint;

/// <content>Inference mode.</content>
public static partial class Autograd
{
    /// <summary>
    /// Whether inference mode is on in this logical flow (<c>torch.is_inference_mode_enabled</c>).
    /// </summary>
    public static bool IsInferenceModeEnabled => Inference.IsOn;

    /// <summary>
    /// Stops recording until the scope is disposed, as <see cref="NoGrad()"/> does, and marks what is made there as made for inference
    /// (<c>torch.inference_mode</c>): such tensors cannot be saved for a backward pass, nor be changed in place outside of the mode. It follows
    /// <c>await</c>. Inside, <see cref="EnableGrad()"/> has no effect; transforms work.
    /// </summary>
    /// <param name="on">False ends the mode inside of a scope, and records again.</param>
    /// <example><code>using (Autograd.InferenceMode()) { y = model.Forward(x); }</code></example>
    public static InferenceScope InferenceMode(bool on = true) => new(on);

    /// <summary>Runs a function in inference mode. One that awaits stays in the mode to its end,
    /// while its caller goes on in the caller's own.</summary>
    public static T InferenceMode<T>(Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        using (InferenceMode())
        {
            return function();
        }
    }

    /// <summary>Runs a function with recording on or off; one that awaits stays so to its end.</summary>
    public static T SetGradEnabled<T>(bool on, Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        using (SetGradEnabled(on))
        {
            return function();
        }
    }
}

/// <summary>A choice of inference mode, which ends when it is disposed.</summary>
public readonly struct InferenceScope : IDisposable, IEquatable<InferenceScope>
{
    private readonly Recording.Choice? _choice;

    internal InferenceScope(bool on) => _choice = Recording.Set(!on, isInference: on);

    /// <summary>Whether both restore the same choice.</summary>
    public static bool operator ==(InferenceScope left, InferenceScope right) => left.Equals(right);

    /// <summary>Whether both restore different choices.</summary>
    public static bool operator !=(InferenceScope left, InferenceScope right) => !left.Equals(right);

    /// <summary>
    /// Restores what was before, and so ends scopes that were opened inside of this one. Where it has ended already, and in a logical flow that it
    /// does not reach, this does nothing.
    /// </summary>
    public void Dispose()
    {
        if (_choice is not null)
        {
            Recording.Restore(_choice);
        }
    }

    /// <inheritdoc/>
    public bool Equals(InferenceScope other) => Equals(_choice, other._choice);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is InferenceScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _choice?.GetHashCode() ?? 0;
}
