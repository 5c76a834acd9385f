using System.Runtime.CompilerServices;
using Adjoint.Families;
using Adjoint.Memory;

namespace Adjoint.Tape;

/// <summary>
/// Keeps saved tensors as they are until an in-place operator is about to overwrite their memory, and copies them then. What is saved of a memory
/// hangs on the memory itself, weakly, so that nothing lives longer for it.
/// </summary>
internal sealed class MutationHooks : SavedHooks
{
    private static readonly ConditionalWeakTable<Storage, List<WeakReference<Kept>>> SavedOf = [];

    public override Packed Pack(Tensor tensor)
    {
        var kept = new Kept(tensor);
        var list = SavedOf.GetOrCreateValue(tensor.Storage);
        lock (list)
        {
            list.RemoveAll(weak => !weak.TryGetTarget(out _));
            list.Add(new WeakReference<Kept>(kept));
        }

        return kept;
    }

    /// <summary>Copies what is saved of a memory that is about to change.</summary>
    public static void CopySavedOf(Storage storage)
    {
        if (!SavedOf.TryGetValue(storage, out var list))
        {
            return;
        }

        lock (list)
        {
            foreach (var weak in list)
            {
                if (weak.TryGetTarget(out var kept))
                {
                    kept.Copy();
                }
            }

            list.Clear();
        }
    }

    private sealed class Kept : Packed
    {
        private readonly int _savedVersion;
        private Tensor? _values;

        public Kept(Tensor tensor)
            : base(tensor)
        {
            _savedVersion = tensor.Changes;
            _values = new Tensor(tensor.Storage, tensor.Layout, tensor.DType);
            Share(tensor.Storage);
        }

        public override string Form => "tensor";

        public override long HeldBytes => _values?.Storage.ByteLength ?? 0;

        public override Storage? Memory => _values?.Storage;

        public void Copy()
        {
            // What was changed already, where no scope was open, is no longer what was saved.
            if (_values is { } values && values.Changes == _savedVersion)
            {
                _values = Op.Copy(values);
            }
        }

        public override void Release() => _values = null;

        private protected override Tensor Unpack(string name) => _values ?? throw Saved.Freed();
    }
}
