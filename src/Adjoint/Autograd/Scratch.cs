using Adjoint.Ops.Families;

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

    /// <summary>The nodes of the sweep.</summary>
    public List<Node> Claimed { get; } = [];

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

    /// <summary>Forgets all nodes and waits for the next sweep.</summary>
    public void GiveBack()
    {
        if (Claimed.Capacity > MostKept || Path.Capacity > MostKept)
        {
            return;
        }

        Claimed.Clear();
        Ready.Clear();
        Path.Clear();
        t_free = this;
    }
}
