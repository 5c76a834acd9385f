
namespace Adjoint.Engine;

/// <summary>What a sweep knows of a node. Sweeps of a thread use the same notes one after another.</summary>
internal sealed class Note
{
    /// <summary>The sweep that it belongs to now.</summary>
    public Sweep? Owner;

    /// <summary>The node that it is about.</summary>
    public Node? Node;

    /// <summary>The sum of the gradients that have arrived.</summary>
    public Tensor? Gradient;

    /// <summary>How many edges have not delivered yet.</summary>
    public int Pending;

    /// <summary><see cref="Gradient"/> was made by the sweep, so that it may be added to in place.</summary>
    public bool OwnsGradient;

    public bool Queued;

    /// <summary>A gradient has arrived whose zeros are numbers like any other; see <see cref="Tape.Puller.ZerosAreStrong"/>.</summary>
    public bool IsWeak;

    /// <summary>The node's gradient is captured.</summary>
    public bool IsTarget;

    /// <summary>A gradient for the node is of use.</summary>
    public bool Needed;

    /// <summary>The node runs, because gradients are wanted behind it.</summary>
    public bool Runs;

    /// <summary>A blank note for a sweep.</summary>
    public void Begin(Sweep owner, Node node)
    {
        Owner = owner;
        Node = node;
        Pending = 0;
        OwnsGradient = Queued = IsWeak = IsTarget = Needed = Runs = false;
    }

    /// <summary>Lets go of everything.</summary>
    public void End()
    {
        Owner = null;
        Node = null;
        Gradient = null;
    }
}
