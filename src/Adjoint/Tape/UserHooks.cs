namespace Adjoint.Tape;

/// <summary>Pack and unpack hooks that a user wrote.</summary>
/// <typeparam name="P">What tensors are packed into.</typeparam>
internal sealed class UserHooks<P>(Func<Tensor, P> pack, Func<P, Tensor> unpack, string form, Func<P, long>? size = null) : SavedHooks
{
    public override Packed Pack(Tensor tensor)
    {
        var version = tensor.Changes;
        var before = Recording.SetHere(false);
        P packed;
        try
        {
            // The hook sees the values, not the history: whatever it stashes away keeps no graph alive.
            packed = pack(new Tensor(tensor.Storage, tensor.Layout, tensor.DType));
        }
        finally
        {
            Recording.SetHere(before);
        }

        return tensor.Changes == version
            ? new UserPacked(this, tensor, packed)
            : throw new AutogradException(
                "A saved tensor pack hook is modifying its input in place. Tensors provided as input to pack hook can not be modified by in-place " +
                "operations as this can lead to unexpected side-effects. Please open an issue if you need to perform in-place operations on the " +
                "input to a pack hook. In C#: change tensor.Clone().");
    }

    private sealed class UserPacked : Packed
    {
        private readonly UserHooks<P> _hooks;
        private P? _packed;
        private bool _isReleased;

        public UserPacked(UserHooks<P> hooks, Tensor tensor, P packed)
            : base(tensor)
        {
            _hooks = hooks;
            _packed = packed;
            if (packed is Tensor kept && ReferenceEquals(kept.Storage, tensor.Storage))
            {
                Share(tensor.Storage);
            }
        }

        public override string Form => _hooks.Form;

        public override long HeldBytes => _packed switch
        {
            null => 0,
            { } packed when _hooks.Size is { } size => size(packed),
            Tensor tensor => tensor.Storage.ByteLength,
            byte[] bytes => bytes.Length,
            _ => 0,
        };

        public override void Release()
        {
            // A second pass may still be reading on another thread; it has its own reference.
            var packed = _packed;
            _packed = default;
            _isReleased = true;
            (packed as IDisposable)?.Dispose();
        }

        private protected override Tensor Unpack(string name) => _isReleased ? throw Saved.Freed() : _hooks.Unpack(_packed!);
    }

    private string Form => form;

    private Func<P, long>? Size => size;

    private Tensor Unpack(P packed) => Alone(this, () => unpack(packed));
}
