using Adjoint.Tape;

namespace Adjoint;

/// <summary>
/// How operations keep the tensors that they save for the backward pass, until it is disposed; follows <c>await</c>.
/// What was saved in it stays as it is.
/// </summary>
public sealed class SavedTensorScope : IDisposable
{
    private readonly SavedHooksFlow.Frame _frame;
    private int _isDisposed;

    internal SavedTensorScope(SavedHooks hooks) => _frame = SavedHooksFlow.Enter(hooks);

    internal SavedTensorScope(string refusal) => _frame = SavedHooksFlow.Refuse(refusal);

    /// <summary>
    /// Restores what was before, and so ends scopes that were opened inside of this one. Where it has ended already, and in a logical flow that it
    /// does not reach, this does nothing.
    /// </summary>
    public void Dispose() => SavedHooksFlow.Leave(_frame, isLast: Interlocked.Exchange(ref _isDisposed, 1) == 0);
}
