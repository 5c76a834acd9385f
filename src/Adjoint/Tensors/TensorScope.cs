using Adjoint.Memory;

namespace Adjoint;

/// <summary>
/// Gives the memory of tensors back at a known place instead of when the garbage collector comes by. Nobody needs it: without a scope memory stays
/// flat too. With one around each training step, the same few blocks serve every step.
/// <para>
/// It belongs to one thread: what other threads make is not its own, and it must not be left open over an <c>await</c>. What stays: tensors handed
/// to <see cref="Keep"/>, gradients that leaves or <c>RetainGrad</c> hold, states of the optimisers, and all tensors below 16 KB, which are ordinary
/// managed arrays. Reading another tensor of the scope after its end is an exception, never wrong data.
/// </para>
/// </summary>
/// <example>
/// <code>
/// using (new TensorScope())
/// {
///     var loss = criterion.Forward(model.Forward(x), target);
///     loss.Backward();
///     optimizer.Step();
/// }   // activations and inner gradients are back in the pool here
/// </code>
/// </example>
public sealed class TensorScope : IDisposable
{
    private readonly StorageScope _scope;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private bool _isOver;

    /// <summary>Begins a scope on this thread, inside those that it already has.</summary>
    public TensorScope()
    {
        _scope = new StorageScope(StorageScope.Current);
        StorageScope.Current = _scope;
    }

    /// <summary>Hands a tensor made in this scope over to the scope around it; to the garbage collector if there is none.</summary>
    /// <param name="tensor">The tensor; all views of the same memory stay with it.</param>
    /// <returns>The tensor.</returns>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        _scope.MoveOut(tensor.Storage);
        return tensor;
    }

    /// <summary>
    /// Until the result is disposed, what this thread makes belongs to no scope: for caches and parameters that are made when they are first needed.
    /// </summary>
    public static Suspension Suspend() => new(StorageScope.Current);

    /// <summary>Ends the scope and gives the memory of its tensors back.</summary>
    /// <exception cref="TensorException">It is another thread's, or a scope inside it has not ended.</exception>
    public void Dispose()
    {
        if (_isOver)
        {
            return;
        }

        if (_thread != Environment.CurrentManagedThreadId || StorageScope.Current != _scope)
        {
            throw new TensorException(
                "A TensorScope ends on the thread that began it and after all scopes inside it. Do not await inside a scope; begin it with " +
                "'using' in the method that computes.");
        }

        _isOver = true;
        StorageScope.Current = _scope.Outer;
        _scope.Release();
    }

    /// <summary>Takes a tensor out of all scopes, because something outside of them holds it now.</summary>
    internal static void Spare(Tensor? tensor)
    {
        if (StorageScope.Current is { } scope && tensor is { IsStandIn: false })
        {
            scope.Spare(tensor.Storage);
        }
    }

    /// <summary>A time without scopes; see <see cref="Suspend"/>.</summary>
    public readonly struct Suspension : IDisposable, IEquatable<Suspension>
    {
        private readonly StorageScope? _before;

        internal Suspension(StorageScope? before)
        {
            _before = before;
            StorageScope.Current = null;
        }

        /// <summary>Whether both go back to the same scope.</summary>
        public static bool operator ==(Suspension left, Suspension right) => left.Equals(right);

        /// <summary>Whether both go back to different scopes.</summary>
        public static bool operator !=(Suspension left, Suspension right) => !left.Equals(right);

        /// <summary>Goes back to the scope that was there before, unless this thread is back in one already.</summary>
        public void Dispose() => StorageScope.Current ??= _before;

        /// <inheritdoc/>
        public bool Equals(Suspension other) => ReferenceEquals(_before, other._before);

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is Suspension other && Equals(other);

        /// <inheritdoc/>
        public override int GetHashCode() => _before?.GetHashCode() ?? 0;
    }
}
