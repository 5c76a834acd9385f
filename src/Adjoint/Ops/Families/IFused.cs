namespace Adjoint.Ops.Families;

/// <summary>What the pull of an <see cref="IFused"/> in one pass reads besides the inputs.</summary>
internal readonly record struct Kept(Tensor? First, Tensor? Second);

/// <summary>One for each input of an <see cref="IFused"/>: whether its gradient is wanted.</summary>
internal readonly record struct Wanted(bool X, bool Y, bool Z);

/// <summary>Gradients of the inputs of an <see cref="IFused"/>; null for what is not wanted.</summary>
internal readonly record struct Gradients(Tensor? X, Tensor? Y, Tensor? Z);

/// <summary>
/// A composite of up to three tensors that also has loops of its own for its result and its gradients: layer norm, attention. Transforms follow the
/// composite; the loops serve where nobody looks inside.
/// </summary>
internal interface IFused : IOperator
{
    /// <summary>Whether the pulls read the third input, and not only its sizes.</summary>
    static abstract bool ReadsZ { get; }

    /// <summary>The result in recorded tensor operators: what the operator means.</summary>
    Tensor Compose(Tensor x, Tensor? y, Tensor? z);

    /// <summary>The gradients in recorded tensor operators.</summary>
    Gradients Pull(Tensor g, Tensor x, Tensor? y, Tensor? z, Wanted wanted);

    /// <summary>The result in loops of its own, not recorded.</summary>
    Tensor Apply(Tensor x, Tensor? y, Tensor? z, out Kept kept);

    /// <summary>The gradients in loops of its own, not recorded.</summary>
    Gradients PullFused(Tensor g, Tensor x, Tensor? y, Tensor? z, Kept kept, Wanted wanted);
}

/// <summary>A recorded <see cref="IFused"/>.</summary>
internal sealed class FusedNode<O> : Node
    where O : struct, IFused
{
    private readonly O _op;
    private readonly Edge _first;
    private readonly Edge _second;
    private readonly Edge _third;
    private Saved _x;
    private Saved _y;
    private Saved _z;
    private Saved _keptFirst;
    private Saved _keptSecond;

    public FusedNode(O op, Tensor x, Tensor? y, Tensor? z, Tensor result, Kept kept)
    {
        _op = op;
        _first = Edge.To(x);
        _second = y is null ? default : Edge.To(y);
        _third = z is null ? default : Edge.To(z);
        Attach(result);
        _x = new Saved(x);
        _y = Keep(y);
        _z = Keep(O.ReadsZ ? z : null);
        _keptFirst = Keep(kept.First);
        _keptSecond = Keep(kept.Second);
    }

    public override string Name => NameOf(_op);

    internal override int EdgeCount => 3;

    internal override Edge GetEdge(int index) => index == 0 ? _first : index == 1 ? _second : _third;

    internal override void Pull(Puller puller, Tensor gradient)
    {
        var x = _x.Read(this)!;
        var (y, z) = (_y.Read(this), _z.Read(this));
        var wanted = new Wanted(puller.Wants(_first), puller.Wants(_second), puller.Wants(_third));
        var gradients = puller.Records
            ? _op.Pull(gradient, x, y, z, wanted)
            : _op.PullFused(gradient, x, y, z, new Kept(_keptFirst.Read(this), _keptSecond.Read(this)), wanted);
        Give(puller, _first, gradients.X, gradient);
        Give(puller, _second, gradients.Y, gradient);
        Give(puller, _third, gradients.Z, gradient);
    }

    internal override void Release()
    {
        _x.Release();
        _y.Release();
        _z.Release();
        _keptFirst.Release();
        _keptSecond.Release();
    }

    internal override void ListSaved(List<Saved> list) => list.AddRange([_x, _y, _z, _keptFirst, _keptSecond]);

    private static Saved Keep(Tensor? tensor) => tensor is null ? default : new Saved(tensor);

    private static void Give(Puller puller, Edge edge, Tensor? made, Tensor from)
    {
        if (made is not null)
        {
            puller.GiveMade(edge, made, from);
        }
    }
}

public static partial class Op
{
    /// <summary>Applies a fused composite to tensors of one dtype, recording it if any requires grad.</summary>
    internal static Tensor Fused<O>(O op, Tensor x, Tensor? y, Tensor? z)
        where O : struct, IFused
    {
        if (x.DType.IsNarrow)
        {
            // Computed from end to end in more bits, and rounded once.
            var compute = x.DType.Compute;
            return Fused(op, x.To(compute), y?.To(compute), z?.To(compute)).To(x.DType);
        }

        if (x.IsStandIn || y is { IsStandIn: true } || z is { IsStandIn: true })
        {
            return op.Compose(x, y, z);
        }

        var result = op.Apply(x, y, z, out var kept);
        if (Recording.IsOn && (x.RequiresGrad || y is { RequiresGrad: true } || z is { RequiresGrad: true }))
        {
            _ = new FusedNode<O>(op, x, y, z, result, kept);
        }

        return result;
    }
}
