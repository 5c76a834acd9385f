namespace Adjoint.Watching;

/// <summary>A diagnostic that listens to the engine of its logical flow until it is stopped.</summary>
internal abstract class Observer
{
    private Observer? _outer;
    private int _isStopped;

    /// <summary>Who else listens in the flow that this was started in.</summary>
    public Observer? Outer
    {
        get
        {
            var outer = _outer;
            while (outer is { IsStopped: true })
            {
                outer = outer._outer;
            }

            return outer;
        }
    }

    /// <summary>Whether this has ended, perhaps in another flow.</summary>
    public bool IsStopped => Volatile.Read(ref _isStopped) != 0;

    /// <inheritdoc cref="Observation.Recorded(Node, Tensor, ReadOnlySpan{Tensor?})"/>
    public virtual void Recorded(Node node, Tensor output, ReadOnlySpan<Tensor?> inputs)
    {
    }

    /// <inheritdoc cref="Observation.Unrecorded(string, Tensor, ReadOnlySpan{Tensor?})"/>
    public virtual void Unrecorded(string operation, Tensor output, ReadOnlySpan<Tensor?> inputs)
    {
    }

    /// <inheritdoc cref="Observation.Detached"/>
    public virtual void Detached(Tensor output, Tensor input) => Unrecorded(nameof(Tensor.Detach), output, [input]);

    /// <inheritdoc cref="Observation.Changed(Tensor, string, bool)"/>
    public virtual void Changed(Tensor x, string operation, bool isRecorded)
    {
    }

    /// <inheritdoc cref="Observation.Began"/>
    public virtual void Began(Edge[] roots)
    {
    }

    /// <summary>Tells an observer, if there is one, and those around it that a node is about to run in a backward pass.</summary>
    public static void Pulling(Observer? observer, Node node, Tensor?[] gradients)
    {
        for (; observer is not null; observer = observer.Outer)
        {
            observer.Pulling(node, gradients);
        }
    }

    /// <summary>Tells them that a node ran.</summary>
    public static void Pulled(Observer? observer, Node node, Tensor?[] gradients, Tensor?[] handed)
    {
        for (; observer is not null; observer = observer.Outer)
        {
            observer.Pulled(node, gradients, handed);
        }
    }

    /// <summary>Tells them that a node failed.</summary>
    public static void Failed(Observer? observer, Node node)
    {
        for (; observer is not null; observer = observer.Outer)
        {
            observer.Failed(node);
        }
    }

    /// <summary>A node is about to run in a backward pass.</summary>
    public virtual void Pulling(Node node, Tensor?[] gradients)
    {
    }

    /// <summary>A node ran, and its hooks.</summary>
    /// <param name="node">The node.</param>
    /// <param name="gradients">What it got, one for each result.</param>
    /// <param name="handed">What it hands on, one for each edge.</param>
    public virtual void Pulled(Node node, Tensor?[] gradients, Tensor?[] handed)
    {
    }

    /// <summary>A node failed.</summary>
    public virtual void Failed(Node node)
    {
    }

    /// <summary>Starts to listen in this flow.</summary>
    public void Start()
    {
        _outer = Listening.Current;
        Listening.Add(this);
    }

    /// <summary>Listens no more, in any flow. A second call does nothing.</summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) == 0)
        {
            Listening.Remove();
            Cleared();
        }
    }

    /// <summary>Lets go what was gathered; flows that outlive the scope may still hold this object.</summary>
    protected virtual void Cleared()
    {
    }
}
