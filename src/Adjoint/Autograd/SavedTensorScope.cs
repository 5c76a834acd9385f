using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>
/// How operations keep the tensors that they save for the backward pass, until it is disposed; follows <c>await</c>. What was saved in it stays as it is.
/// </summary>
public sealed class SavedTensorScope : IDisposable
{
    private readonly SavedHooksFlow.Frame? _before;
    private int _isDisposed;

    internal SavedTensorScope(SavedHooks hooks) => _before = SavedHooksFlow.Enter(hooks);

    internal SavedTensorScope(string refusal) => _before = SavedHooksFlow.Refuse(refusal);

    /// <summary>Restores what was before. A second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            SavedHooksFlow.Leave(_before);
        }
    }
}
