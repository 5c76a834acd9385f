using Adjoint.Engine;
using Adjoint.Tape;

namespace Adjoint;

/// <content>What happens to tensors that are saved for the backward pass.</content>
public static partial class Autograd
{
    /// <summary>
    /// Lets two functions keep saved tensors in another form, until the scope is disposed (<c>torch.autograd.graph.saved_tensors_hooks</c>). Scopes
    /// nest; only the innermost counts. Without hooks the engine keeps the tensor itself.
    /// </summary>
    /// <typeparam name="P">What a tensor is packed into. If it is disposable,
    /// it is disposed when a backward pass lets the graph's values go.</typeparam>
    /// <param name="pack">
    /// Called once for each tensor that an operation saves, without recording. It gets the values without history and must not change them in place.
    /// </param>
    /// <param name="unpack">
    /// Called each time that a backward pass, or a reading of <see cref="FunctionContext.SavedTensors"/>, uses the tensor; without recording. It
    /// returns a tensor of the same shape and dtype, which takes the place of the saved one in the graph,
    /// so that second derivatives work.
    /// </param>
    /// <returns>The scope. Forward passes run in it; backward passes need not.</returns>
    /// <remarks>
    /// Changes in place between the passes are noticed only if <paramref name="pack"/> returns the memory that it got: a copy is not touched by them.
    /// Plain numbers such as the 2 of <c>2 * x</c> are kept as they are.
    /// </remarks>
    /// <exception cref="AutogradException">
    /// A scope of <see cref="DisableSavedTensorHooks"/> is open; later, at the operation: the hook changed its input; at the backward pass: the
    /// unpacked tensor has another shape or dtype.
    /// </exception>
    /// <example><code>
    /// using (Autograd.SavedTensorHooks(x => x.To(DType.Float32), x => x.To(DType.Float64))) { loss = Loss(x); }
    /// loss.Backward();
    /// </code></example>
    public static SavedTensorScope SavedTensorHooks<P>(Func<Tensor, P> pack, Func<P, Tensor> unpack)
    {
        ArgumentNullException.ThrowIfNull(pack);
        ArgumentNullException.ThrowIfNull(unpack);
        return new SavedTensorScope(new UserHooks<P>(pack, unpack, "hooks"));
    }

    /// <summary>
    /// Allows saved tensors to be changed in place, until the scope is disposed (<c>torch.autograd.graph.allow_mutation_on_saved_tensors</c>): what
    /// operations save in it is copied when an in-place operator in it is about to overwrite it, and only then. Backward passes need no scope.
    /// </summary>
    /// <remarks>A change after the scope is noticed as ever. Hooks of another scope inside of this one take the place of this one's.</remarks>
    /// <exception cref="AutogradException">A scope of <see cref="DisableSavedTensorHooks"/> is open.</exception>
    public static SavedTensorScope AllowMutationOnSavedTensors() => new(new MutationHooks());

    /// <summary>
    /// Refuses saved-tensor hooks, and with them checkpoints, until the scope is disposed
    /// (<c>torch.autograd.graph.disable_saved_tensors_hooks</c>).
    /// </summary>
    /// <param name="message">The whole message of the error that who tries gets.</param>
    /// <exception cref="AutogradException">Hooks are set already; the message is the given one.</exception>
    public static SavedTensorScope DisableSavedTensorHooks(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new SavedTensorScope(message);
    }

    /// <summary>
    /// Keeps saved tensors in files, until the scope is disposed. A file can be read by this user alone, has no name where the system can do without
    /// (it counts as an open file of the process), and is gone when a backward pass lets its values go, when the graph is garbage, or when the
    /// program ends, however that happens. Leaves stay in memory, where they are anyway, and so does what is part of more than 2 GB.
    /// </summary>
    /// <param name="directory">Where to write; null for the system's folder for temporary files.
    /// It is made, for this user, if it does not exist.</param>
    /// <param name="smallest">Tensors of fewer bytes stay in memory.</param>
    /// <exception cref="IOException">
    /// At the operation or at the backward pass: a file cannot be written or read, or no longer holds what was written, by its length and checksum.
    /// </exception>
    public static SavedTensorScope SaveOnDisk(string? directory = null, long smallest = 0)
    {
        var folder = Path.GetFullPath(directory ?? Path.GetTempPath());
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new SavedTensorScope(new DiskHooks(folder, smallest));
    }

    /// <summary>
    /// Keeps saved real tensors in 16 bits, until the scope is disposed: half precision, 11 significant bits. A value x comes back within
    /// |x| / 2048 where |x| is at least 6.2e-5, and within 3.0e-8 below. Tensors with values beyond 65504 are kept as they are, and so are leaves,
    /// which the user holds anyway. Gradients carry the relative error of the values that they are computed from; results do not.
    /// </summary>
    public static SavedTensorScope SaveAsHalf() => new(new ShortHooks(isHalf: true));

    /// <summary>
    /// Keeps saved real tensors in 16 bits, until the scope is disposed: bfloat16, 8 significant bits and the range of float32. A value x comes back
    /// within |x| / 256 where |x| is at least 1.2e-38. Tensors with values beyond 3.38e38 are kept as they are, and so are leaves,
    /// which the user holds anyway.
    /// </summary>
    public static SavedTensorScope SaveAsBFloat16() => new(new ShortHooks(isHalf: false));
}
