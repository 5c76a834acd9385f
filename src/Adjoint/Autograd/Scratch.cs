using System.Runtime.InteropServices;

namespace Adjoint.Engine;

/// <summary>
/// The lists that a sweep works with, kept by each thread for its next one: a small graph is swept in less time than they take to allocate. A sweep
/// inside another one gets its own.
/// </summary>
internal sealed class Scratch
{
    /// <summary>Lists that a huge graph has stretched are not worth keeping.</summary>
    private const int MostKept = 4096;

    [ThreadStatic]
    private static Scratch? t_free;

    private readonly List<Note> _notes = [];
    private int _notesInUse;

    /// <summary>The notes of the sweep.</summary>
    public ReadOnlySpan<Note> Notes => CollectionsMarshal.AsSpan(_notes)[.._notesInUse];

    /// <summary>The nodes that can run, latest first.</summary>
    public ReadyNodes Ready { get; } = new();

    /// <summary>The way from a root to the node that is looked at, with the next edge of each.</summary>
    public Stack<(Node Node, int Edge)> Path { get; } = new();

    /// <summary>This thread's, empty; nobody else has it until <see cref="GiveBack"/>.</summary>
    public static Scratch Take()
    {
        var scratch = t_free ?? new Scratch();
        t_free = null;
        return scratch;
    }

    /// <summary>A blank note, which is back here after <see cref="GiveBack"/>.</summary>
    public Note TakeNote(Sweep owner, Node node)
    {
        if (_notesInUse == _notes.Count)
        {
            _notes.Add(new Note());
        }

        var note = _notes[_notesInUse++];
        note.Begin(owner, node);
        return note;
    }

    /// <summary>Forgets all nodes and waits for the next sweep.</summary>
    public void GiveBack()
    {
        if (_notes.Count > MostKept || Path.Capacity > MostKept)
        {
            return;
        }

        foreach (var note in Notes)
        {
            note.End();
        }

        _notesInUse = 0;
        Ready.Clear();
        Path.Clear();
        t_free = this;
    }
}
