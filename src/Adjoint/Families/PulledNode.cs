using Adjoint.Tape;

namespace Adjoint.Families;

/// <summary>A recorded <see cref="IPulled"/>.</summary>
internal sealed class PulledNode<O> : Node
    where O : struct, IPulled
{
    private readonly O _op;
    private readonly Edge[] _edges;
    private readonly Layout?[] _layouts;
    private readonly Reads _reads;
    private readonly int _made;
    private readonly bool _isFollowed;

    // What is read and nothing else: inputs in order, then what was made, then the result.
    private readonly Saved[] _saved;

    /// <summary>Records an operator.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="edges">Where the gradients of its first inputs go.</param>
    /// <param name="inputs">All inputs; null for one that is absent.</param>
    /// <param name="result">The result.</param>
    /// <param name="made">What it made on the way; nothing if a transform follows it.</param>
    public PulledNode(O op, Edge[] edges, Tensor?[] inputs, Tensor result, params ReadOnlySpan<Tensor?> made)
    {
        _op = op;
        _edges = edges;
        _layouts = new Layout?[inputs.Length];
        _made = made.Length;
        _isFollowed = result.IsStandIn;
        Attach(result, inputs);
        ulong wanted = 0;
        for (var i = 0; i < edges.Length; i++)
        {
            wanted |= edges[i].Node is null ? 0 : 1UL << i;
        }

        var reads = op.Reads(new Places(wanted));
        _reads = _isFollowed ? reads with { Made = default } : reads;
        _saved = new Saved[_reads.Inputs.Count + _reads.Made.Count + (_reads.Result ? 1 : 0)];
        var next = 0;
        for (var i = 0; i < inputs.Length; i++)
        {
            var input = inputs[i];
            _layouts[i] = input?.Layout;
            if (_reads.Inputs[i])
            {
                // Nothing flows to the last ones, to no order.
                _saved[next++] = Keep(i < edges.Length || input is not { RequiresGrad: true } constant ? input : constant.Detach());
            }
        }

        for (var i = 0; i < made.Length; i++)
        {
            if (_reads.Made[i])
            {
                _saved[next++] = Keep(made[i]);
            }
        }

        if (_reads.Result)
        {
            _saved[next] = new Saved(result);
        }
    }

    public override string Name => NameOf(_op);

    internal override string Operation => OperationOf(_op);

    internal override int EdgeCount => _edges.Length;

    internal override Edge GetEdge(int index) => _edges[index];

    internal override void Pull(Puller puller, Tensor gradient)
    {
        if (IsFreed)
        {
            throw Saved.Freed();
        }

        var remembered = Remember(puller);
        var gradients = PulledOperation<O>.Pull(_op, gradient, remembered, _edges.Length, isFused: !puller.Records && !_isFollowed);
        for (var i = 0; i < _edges.Length; i++)
        {
            if (gradients[i] is { } made)
            {
                puller.GiveMade(_edges[i], made, gradient);
            }
        }
    }

    internal override void Release()
    {
        foreach (ref var saved in _saved.AsSpan())
        {
            saved.Release();
        }
    }

    internal override void ListSaved(List<Saved> list) => list.AddRange(_saved);

    private static Saved Keep(Tensor? tensor) => tensor is null ? default : new Saved(tensor);

    private Remembered Remember(Puller puller)
    {
        var inputs = _layouts.Length;
        var values = new Tensor?[inputs + _made];
        var next = 0;
        for (var i = 0; i < inputs; i++)
        {
            values[i] = _reads.Inputs[i] ? _saved[next++].Read(this) : null;
        }

        for (var i = 0; i < _made; i++)
        {
            values[inputs + i] = _reads.Made[i] ? _saved[next++].Read(this) : null;
        }

        var result = _reads.Result ? _saved[next].Read(this, isOutput: true) : null;
        ulong wanted = 0;
        for (var i = 0; i < _edges.Length; i++)
        {
            wanted |= puller.Wants(_edges[i]) ? 1UL << i : 0;
        }

        return new(_layouts, values, result, new Places(wanted));
    }
}
