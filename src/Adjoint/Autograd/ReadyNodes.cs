
namespace Adjoint.Engine;

/// <summary>
/// The nodes of a pass that can run: leaves' ends at once and in the order in which they came, then the latest operation. Most graphs are chains, so
/// one node waits outside of the queue.
/// </summary>
internal sealed class ReadyNodes
{
    private readonly PriorityQueue<Node, long> _queue = new();

    // A tuple of one, because an array of nodes would check the type of each that is put in.
    private readonly Queue<ValueTuple<Node>> _ends = new();
    private Node? _next;

    public void Add(Node node)
    {
        if (node.SequenceNumber == long.MaxValue)
        {
            _ends.Enqueue(new ValueTuple<Node>(node));
            return;
        }

        if (_next is null && _queue.Count == 0)
        {
            _next = node;
            return;
        }

        if (_next is { } waiting)
        {
            _next = null;
            _queue.Enqueue(waiting, -waiting.SequenceNumber);
        }

        _queue.Enqueue(node, -node.SequenceNumber);
    }

    public bool TryTake(out Node node)
    {
        if (_ends.TryDequeue(out var end))
        {
            node = end.Item1;
            return true;
        }

        if (_next is { } only)
        {
            _next = null;
            node = only;
            return true;
        }

        return _queue.TryDequeue(out node!, out _);
    }

    public void Clear()
    {
        _ends.Clear();
        _next = null;
        _queue.Clear();
    }
}
