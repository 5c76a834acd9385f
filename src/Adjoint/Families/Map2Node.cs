using Adjoint.Tape;

namespace Adjoint.Families;

/// <summary>A recorded <see cref="IMap2"/>.</summary>
internal sealed class Map2Node<O> : Node
    where O : struct, IMap2
{
    private readonly O _op;
    private readonly Edge _left;
    private readonly Edge _right;
    private Saved _x;
    private Saved _y;
    private Saved _z;

    public Map2Node(O op, Edge left, Edge right, Tensor x, Tensor y, Tensor z)
    {
        _op = op;
        _left = left;
        _right = right;
        Attach(z, x, y);
        var readings = Map2Traits<O>.Of(op);
        var (byLeft, byRight) = (readings.First, readings.Second);
        if ((left.Node is not null && byLeft.X) || (right.Node is not null && byRight.X))
        {
            _x = new Saved(x);
        }

        if ((left.Node is not null && byLeft.Y) || (right.Node is not null && byRight.Y))
        {
            _y = new Saved(y);
        }

        if ((left.Node is not null && byLeft.Z) || (right.Node is not null && byRight.Z))
        {
            _z = new Saved(z);
        }
    }

    public override string Name => NameOf(_op);

    internal override string Operation => OperationOf(_op);

    internal override int EdgeCount => 2;

    internal override int[]? ShownInputs => _op.ShownInputs;

    internal override Edge GetEdge(int index) => index == 0 ? _left : _right;

    internal override void Pull(Puller puller, Tensor gradient)
    {
        // Each is read once: hooks unpack at every reading.
        Tensor? x = null, y = null, z = null;
        var wantsRight = puller.Wants(_right);
        if (puller.Wants(_left))
        {
            Pull(puller, _left, 0, Map2Traits<O>.Of(_op).First, gradient, isLast: !wantsRight, ref x, ref y, ref z);
        }

        if (wantsRight)
        {
            Pull(puller, _right, 1, Map2Traits<O>.Of(_op).Second, gradient, isLast: true, ref x, ref y, ref z);
        }
    }

    internal override void Release()
    {
        _x.Release();
        _y.Release();
        _z.Release();
    }

    internal override void ListSaved(List<Saved> list) => list.AddRange([_x, _y, _z]);

    private void Pull(
        Puller puller,
        Edge edge,
        int input,
        Reading reading,
        Tensor gradient,
        bool isLast,
        ref Tensor? x,
        ref Tensor? y,
        ref Tensor? z)
    {
        if (reading.IsIdentity)
        {
            gradient.IsTemporary = false;
            puller.Give(edge, gradient);
            return;
        }

        var a = reading.X ? x ??= _x.Read(this) : null;
        var b = reading.Y ? y ??= _y.Read(this) : null;
        var c = reading.Z ? z ??= _z.Read(this, isOutput: true) : null;
        if (puller.ZerosAreStrong)
        {
            var pulled = puller.Records
                ? Map2Operation<O>.Pull(_op, input, gradient, a, b, c)
                : Op.PullMap2(_op, input, gradient, a, b, c);
            puller.Give(edge, Formulas.Strong(gradient, pulled));
            return;
        }

        puller.Give(
            edge,
            puller.Records ? Map2Operation<O>.Pull(_op, input, gradient, a, b, c) : Op.PullMap2(_op, input, gradient, a, b, c, isLast, edge.Layout));
    }
}
