using Adjoint.Tape;

namespace Adjoint.Families;

/// <summary>A recorded <see cref="IReduce"/>.</summary>
internal sealed class ReduceNode<O> : Node
    where O : struct, IReduce
{
    private readonly O _op;
    private readonly Edge _edge;
    private readonly bool[] _reduced;
    private readonly Layout _input;
    private Saved _x;
    private Saved _y;

    public ReduceNode(O op, Edge edge, bool[] reduced, Tensor x, Tensor y)
    {
        _op = op;
        _edge = edge;
        _reduced = reduced;
        _input = x.Layout;
        Attach(y, x);
        var reading = ReduceTraits<O>.Of(op);
        if (reading.X)
        {
            _x = new Saved(x);
        }

        if (reading.Y)
        {
            _y = new Saved(y);
        }
    }

    public override string Name => NameOf(_op);

    internal override string Operation => OperationOf(_op);

    internal override int EdgeCount => 1;

    internal override Edge GetEdge(int index) => _edge;

    internal override void Pull(Puller puller, Tensor gradient)
    {
        if (O.HasNoGradient)
        {
            return;
        }

        // What the formula does not read stands in the shape of what it reads.
        var reading = ReduceTraits<O>.Of(_op);
        var x = reading.X ? _x.Read(this)! : Like(gradient, puller.Records);
        var y = reading.Y ? _y.Read(this, isOutput: true)! : gradient;
        puller.Give(_edge, puller.Records ? ReduceOperation<O>.Pull(_op, gradient, x, y, _reduced) : Op.PullReduce(_op, gradient, x, y, _reduced));
    }

    internal override void Release()
    {
        _x.Release();
        _y.Release();
    }

    internal override void ListSaved(List<Saved> list) => list.AddRange([_x, _y]);

    private Tensor Like(Tensor gradient, bool records) => records
        ? gradient.Reshape(Op.ReducedSizes(_input, _reduced, keepDim: true)).Expand(_input.Sizes)
        : Op.Spread(gradient, _input, _reduced);
}
