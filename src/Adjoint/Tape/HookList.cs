namespace Adjoint.Tape;

/// <summary>
/// Hooks of one kind in order of registration. Adding and removing take the same time however many there are; the array that a pass runs is made
/// when it is first asked for after a change, so that a hook may remove itself or add others while it runs.
/// </summary>
internal sealed class HookList<H>
    where H : Delegate
{
    private readonly LinkedList<H> _hooks = new();
    private H[]? _current;

    /// <summary>The hooks as they are now.</summary>
    public H[] Current => _current ?? Collect();

    /// <summary>Adds a hook behind the others.</summary>
    /// <returns>Takes this registration away, and no other of the same function.</returns>
    public HookHandle Add(H hook)
    {
        LinkedListNode<H> place;
        lock (_hooks)
        {
            place = _hooks.AddLast(hook);
            _current = null;
        }

        return new HookHandle(() =>
        {
            lock (_hooks)
            {
                _hooks.Remove(place);
                _current = null;
            }
        });
    }

    private H[] Collect()
    {
        lock (_hooks)
        {
            return _current ??= [.. _hooks];
        }
    }
}

/// <summary>Lists of hooks that are made when the first hook comes.</summary>
internal static class HookList
{
    public static HookHandle Add<H>(ref HookList<H>? list, H hook)
        where H : Delegate
    {
        if (list is null)
        {
            Interlocked.CompareExchange(ref list, new HookList<H>(), null);
        }

        return list.Add(hook);
    }
}
