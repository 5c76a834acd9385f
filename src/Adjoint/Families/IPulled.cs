using System.Numerics;
using Adjoint.Tape;

namespace Adjoint.Families;

/// <summary>Some of up to 64 things in a row, such as the inputs whose gradient is wanted.</summary>
internal readonly record struct Places(ulong Bits)
{
    /// <summary>How many there are.</summary>
    public int Count => BitOperations.PopCount(Bits);

    public bool this[int place] => (Bits >> place & 1) != 0;

    /// <summary>These places.</summary>
    public static Places Of(params ReadOnlySpan<int> places)
    {
        ulong bits = 0;
        foreach (var place in places)
        {
            bits |= 1UL << place;
        }

        return new(bits);
    }

    public static Places operator |(Places a, Places b) => new(a.Bits | b.Bits);
}

/// <summary>What the pulls of an <see cref="IPulled"/> read, and what its node therefore saves.</summary>
/// <param name="Inputs">Which inputs; of the others only the layout is known.</param>
/// <param name="Made">Which of the values that the operator made on the way.</param>
/// <param name="Result">Whether they read the result.</param>
internal readonly record struct Reads(Places Inputs, Places Made = default, bool Result = false)
{
    public static Reads operator |(Reads a, Reads b) => new(a.Inputs | b.Inputs, a.Made | b.Made, a.Result || b.Result);
}

/// <summary>What a pull of an <see cref="IPulled"/> is given; null for what it said it does not read.</summary>
/// <param name="Layouts">The layouts of the inputs; null for one that is absent.</param>
/// <param name="Inputs">The inputs.</param>
/// <param name="Made">What the operator made on the way; nothing where a transform followed it,
/// which <see cref="IPulled.PullFused"/> never sees.</param>
/// <param name="Result">The result.</param>
/// <param name="Wanted">The inputs whose gradient is wanted now, some of those for which it was wanted when the node was recorded.</param>
internal readonly record struct Remembered(Layout?[] Layouts, Tensor?[] Inputs, Tensor?[] Made, Tensor? Result, Places Wanted);

/// <summary>
/// An operator of any number of inputs whose pull is written by hand. Gradients flow to the first inputs; to those after them, such as running
/// statistics, masks, targets, and positions, none does, but a pull may read them, and then they are saved with their version like any other.
/// </summary>
internal interface IPulled : IOperator
{
    /// <summary>How many inputs have a gradient: the first.</summary>
    int Differentiable { get; }

    /// <summary>What the pulls read.</summary>
    /// <param name="wanted">The inputs whose gradient is wanted.</param>
    Reads Reads(Places wanted);

    /// <summary>The gradients of the first inputs in recorded tensor operators; null for what is not wanted.</summary>
    Tensor?[] Pull(Tensor g, in Remembered saved);

    /// <summary>The gradients in loops of its own, not recorded.</summary>
    Tensor?[] PullFused(Tensor g, in Remembered saved) => Pull(g, saved);
}

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
    public PulledNode(O op, Edge[] edges, Tensor?[] inputs, Tensor result, params Tensor?[] made)
    {
        _op = op;
        _edges = edges;
        _layouts = Array.ConvertAll(inputs, input => input?.Layout);
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
            if (_reads.Inputs[i])
            {
                // Nothing flows to the last ones, to no order.
                _saved[next++] = Keep(i < edges.Length || inputs[i] is not { RequiresGrad: true } constant ? inputs[i] : constant.Detach());
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
        var gradients = puller.Records || _isFollowed ? _op.Pull(gradient, remembered) : _op.PullFused(gradient, remembered);
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
        var (inputs, made) = (new Tensor?[_layouts.Length], new Tensor?[_made]);
        var next = 0;
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = _reads.Inputs[i] ? _saved[next++].Read(this) : null;
        }

        for (var i = 0; i < made.Length; i++)
        {
            made[i] = _reads.Made[i] ? _saved[next++].Read(this) : null;
        }

        var result = _reads.Result ? _saved[next].Read(this, isOutput: true) : null;
        ulong wanted = 0;
        for (var i = 0; i < _edges.Length; i++)
        {
            wanted |= puller.Wants(_edges[i]) ? 1UL << i : 0;
        }

        return new(_layouts, inputs, made, result, new Places(wanted));
    }
}
