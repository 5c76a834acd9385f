using Adjoint.Memory;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <content>Inference mode, and modes around functions that await.</content>
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

    /// <summary>Runs a function in inference mode.</summary>
    public static T InferenceMode<T>(Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        using (InferenceMode())
        {
            return function();
        }
    }

    /// <summary>Runs a function that awaits in inference mode, to its end.</summary>
    public static async Task<T> InferenceMode<T>(Func<Task<T>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        using (InferenceMode())
        {
            return await function().ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="InferenceMode{T}(Func{Task{T}})"/>
    public static async Task InferenceMode(Func<Task> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        using (InferenceMode())
        {
            await function().ConfigureAwait(false);
        }
    }

    /// <summary>Runs a function that awaits without recording, to its end.</summary>
    public static Task<T> NoGrad<T>(Func<Task<T>> function) => SetGradEnabled(false, function);

    /// <inheritdoc cref="NoGrad{T}(Func{Task{T}})"/>
    public static Task NoGrad(Func<Task> function) => SetGradEnabled(false, function);

    /// <summary>Runs a function that awaits with recording on, to its end.</summary>
    public static Task<T> EnableGrad<T>(Func<Task<T>> function) => SetGradEnabled(true, function);

    /// <inheritdoc cref="EnableGrad{T}(Func{Task{T}})"/>
    public static Task EnableGrad(Func<Task> function) => SetGradEnabled(true, function);

    /// <summary>Runs a function with recording on or off.</summary>
    public static T SetGradEnabled<T>(bool on, Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        using (SetGradEnabled(on))
        {
            return function();
        }
    }

    /// <summary>Runs a function that awaits with recording on or off, to its end.</summary>
    public static async Task<T> SetGradEnabled<T>(bool on, Func<Task<T>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        using (SetGradEnabled(on))
        {
            return await function().ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="SetGradEnabled{T}(bool, Func{Task{T}})"/>
    public static async Task SetGradEnabled(bool on, Func<Task> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        using (SetGradEnabled(on))
        {
            await function().ConfigureAwait(false);
        }
    }
}

/// <summary>A choice of inference mode, which ends when it is disposed.</summary>
public readonly struct InferenceScope : IDisposable, IEquatable<InferenceScope>
{
    private readonly bool _before;
    private readonly Recording.Mode _recording;

    internal InferenceScope(bool on)
    {
        _before = Inference.Set(on);
        _recording = Recording.Set(!on);
    }

    /// <summary>Whether both would restore the same choice.</summary>
    public static bool operator ==(InferenceScope left, InferenceScope right) => left.Equals(right);

    /// <summary>Whether both would restore different choices.</summary>
    public static bool operator !=(InferenceScope left, InferenceScope right) => !left.Equals(right);

    /// <summary>Restores what was before.</summary>
    public void Dispose()
    {
        Inference.Set(_before);
        Recording.Restore(_recording);
    }

    /// <inheritdoc/>
    public bool Equals(InferenceScope other) => _before == other._before && _recording == other._recording;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is InferenceScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_before, _recording);
}
