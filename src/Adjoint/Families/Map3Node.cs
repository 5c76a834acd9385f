using Adjoint.Tape;

namespace Adjoint.Families;

/// <summary>A recorded <see cref="IMap3"/>.</summary>
internal sealed class Map3Node<O> : Node
    where O : struct, IMap3
{
    private readonly O _op;
    private readonly Edge _first;
    private readonly Edge _second;
    private readonly Edge _third;
    private Saved _x;
    private Saved _y;
    private Saved _z;

    public Map3Node(O op, Edge first, Edge second, Edge third, Tensor x, Tensor y, Tensor z, Tensor result)
    {
        _op = op;
        _first = first;
        _second = second;
        _third = third;
        Attach(result, x, y, z);
        if (Reads(0))
        {
            _x = new Saved(x);
        }

        if (Reads(1))
        {
            _y = new Saved(y);
        }

        if (Reads(2))
        {
            _z = new Saved(z);
        }
    }

    public override string Name => NameOf(_op);

    internal override string Operation => OperationOf(_op);

    internal override int EdgeCount => 3;

    internal override bool ZerosAreStrong => typeof(O) == typeof(Where) && ((Where)(object)_op).IsStrong;

    internal override int[]? ShownInputs => _op.ShownInputs;

    internal override Edge GetEdge(int index) => index == 0 ? _first : index == 1 ? _second : _third;

    internal override void Pull(Puller puller, Tensor gradient)
    {
        // Each is read once: hooks unpack at every reading.
        Tensor? x = null, y = null, z = null;
        var last = puller.Wants(_third) ? 2 : puller.Wants(_second) ? 1 : 0;
        for (var i = 0; i < 3; i++)
        {
            var edge = GetEdge(i);
            var reading = ReadingOf(i);
            if (!puller.Wants(edge) || reading.IsZero)
            {
                continue;
            }

            var a = reading.X ? x ??= _x.Read(this) : null;
            var b = reading.Y ? y ??= _y.Read(this) : null;
            var c = reading.Z ? z ??= _z.Read(this) : null;
            if (puller.ZerosAreStrong)
            {
                var pulled = puller.Records ? Map3Operation<O>.Pull(_op, i, gradient, a, b, c) : Op.PullMap3(_op, i, gradient, a, b, c);
                puller.Give(edge, Formulas.Strong(gradient, pulled));
                continue;
            }

            puller.Give(
                edge,
                puller.Records ? Map3Operation<O>.Pull(_op, i, gradient, a, b, c) : Op.PullMap3(_op, i, gradient, a, b, c, i == last, edge.Layout));
        }
    }

    internal override void Release()
    {
        _x.Release();
        _y.Release();
        _z.Release();
    }

    internal override void ListSaved(List<Saved> list) => list.AddRange([_x, _y, _z]);

    /// <summary>Whether a derivative that is wanted reads an input.</summary>
    private bool Reads(int input)
    {
        for (var i = 0; i < 3; i++)
        {
            var reading = ReadingOf(i);
            if (GetEdge(i).Node is not null && (input == 0 ? reading.X : input == 1 ? reading.Y : reading.Z))
            {
                return true;
            }
        }

        return false;
    }

    private Reading ReadingOf(int input) => Map3Traits<O>.Of(_op)[input];
}
