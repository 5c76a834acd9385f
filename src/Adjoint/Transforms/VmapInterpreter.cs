using Adjoint.Engine;
using Adjoint.Ops.Families;

namespace Adjoint.Transforms;

/// <summary>
/// Batches: every stand-in holds the values of all samples along a first dimension that the function does not see, and each family has one rule that runs
/// the operator on all of them at once. An operator without such a rule, and C# code that asks for a number, raise <see cref="LoopNeededException"/>.
/// </summary>
internal sealed class VmapInterpreter(int size, Randomness randomness) : Interpreter
{
    public override string Name => "Vmap";

    /// <summary>Whether all samples have got the same random numbers.</summary>
    public bool HasDrawn { get; private set; }

    /// <summary>How many samples.</summary>
    public int Size => size;

    /// <summary>A stand-in for all samples, whose first dimension is the batch.</summary>
    public Tensor Wrap(Tensor values)
    {
        values.IsTemporary = false;
        return new Tensor(new Tracer(this, values, null), Layout.Dense(values.Layout.Sizes.AsSpan(1)), values.DType);
    }

    /// <summary>All samples of what this transform follows; null for anything else, which is the same for all.</summary>
    public Tensor? Batch(Tensor x) => x.Tracer is { } tracer && ReferenceEquals(tracer.Owner, this) ? tracer.Value : null;

    /// <summary>All samples, also where they are the same for all.</summary>
    public Tensor Spread(Tensor x) => Batch(x) ?? x.Expand([size, .. x.Layout.Sizes]);

    public override Tensor Map<O>(O op, Tensor x) => Wrap(Op.Map(op, Batch(x)!));

    public override Tensor Map2<O>(O op, Tensor x, Tensor y)
    {
        var (a, b) = (x, y);
        Align(ref a, ref b);
        return Wrap(Op.Map2(op, a, b));
    }

    public override Tensor Map3<O>(O op, Tensor x, Tensor y, Tensor z)
    {
        var dtype = Promotion.ResultType(x, y, z);
        var rank = Math.Max(Math.Max(x.Rank, y.Rank), z.Rank);
        return Wrap(Op.Map3(op, Align(x, rank, dtype), Align(y, rank, dtype), Align(z, rank, dtype)));
    }

    public override Tensor Linear<O>(O op, Tensor x) => Wrap(op.Batch(Batch(x)!) ?? throw NoRule(typeof(O).Name));

    public override Tensor Indexed<O>(O op, Tensor x, Tensor positions) => Wrap(op.Batch(Spread(x), Spread(positions)));

    public override Tensor Join<O>(O op, Tensor[] inputs)
    {
        var dtype = Promotion.ResultType(inputs);
        return Wrap(op.Batch(Array.ConvertAll(inputs, input => Spread(input).To(dtype))) ?? throw NoRule(typeof(O).Name));
    }

    public override Tensor Bilinear<O>(O op, Tensor x, Tensor y, Tensor? addend)
    {
        var (a, b) = (Batch(x), Batch(y));
        if (a is null && b is null)
        {
            return Op.Bilinear(op, x, y) + op.SpreadAddend(addend!);
        }

        var z = Wrap(op.Batch(a ?? x, a is not null, b ?? y, b is not null) ?? throw NoRule(typeof(O).Name));
        return addend is null ? z : z + op.SpreadAddend(addend);
    }

    public override Tensor Reduce<O>(O op, Tensor x, bool[] reduced, bool keepDim) =>
        Wrap(Op.Reduce(op, Batch(x)!, [false, .. reduced], keepDim));

    public override Tensor Primitive<O>(O op, Tensor x) => Wrap(op.Batch(Batch(x)!) ?? throw NoRule(typeof(O).Name));

    public override Tensor Compare<O>(O op, Tensor x, Tensor y)
    {
        var (a, b) = (x, y);
        Align(ref a, ref b);
        return Wrap(Op.Compare(op, a, b));
    }

    public override Tensor? PullMap<O>(O op, Tensor g, Tensor? x, Tensor? y) =>
        Wrapped(Traced.PullMap(op, Spread(g), Align(x, g.Rank), Align(y, g.Rank)));

    public override Tensor? PullMap2<O>(O op, int input, Tensor g, Tensor? x, Tensor? y, Tensor? z) =>
        Wrapped(Traced.PullMap2(op, input, Spread(g), Align(x, g.Rank), Align(y, g.Rank), Align(z, g.Rank)));

    public override Tensor? PullMap3<O>(O op, int input, Tensor g, Tensor? x, Tensor? y, Tensor? z) =>
        Wrapped(Traced.PullMap3(op, input, Spread(g), Align(x, g.Rank), Align(y, g.Rank), Align(z, g.Rank)));

    public override Tensor? PullReduce<O>(O op, Tensor g, Tensor x, Tensor y, bool[] reduced) =>
        Wrapped(Traced.PullReduce(op, Spread(g), Spread(x), Spread(y), [false, .. reduced]));

    public override Tensor Convert(Tensor x, DType dtype) => Wrap(Batch(x)!.To(dtype));

    public override Tensor Detach(Tensor x) => Wrap(Batch(x)!.Detach());

    public override Tensor Read(Tensor x, DType dtype) =>
        throw new LoopNeededException(this, "reading a number out of a tensor, such as by Item() or in an if");

    public override int? SamplesToDraw()
    {
        HasDrawn |= randomness == Randomness.Same;
        return randomness switch
        {
            Randomness.Same => null,
            Randomness.Different => size,
            _ => throw new TensorException(
                "vmap: called random operation while in randomness error mode. Please either use the 'same' or 'different' randomness flags on vmap " +
                "or perform the randomness operation out of vmap. In C#: Vmap(f, randomness: Randomness.Different)."),
        };
    }

    public override Tensor Samples(Tensor values) => Wrap(values);

    public override Func<Tensor, Tensor?> Within(Func<Tensor, Tensor?> hook) => gradient =>
    {
        using var scope = Nesting.Resume(this);
        try
        {
            return hook(Wrap(gradient)) is { } replaced ? Spread(replaced) : null;
        }
        catch (LoopNeededException needed) when (ReferenceEquals(needed.Owner, this))
        {
            throw new AutogradException(
                $"vmap: a hook that was registered inside of the batch runs once for all {size} samples, and it needs {needed.Reason}. Use " +
                "operators only, or register it outside.");
        }
    };

    public override Exception NoChange() => FunctionCall.IsRunning
        ? new LoopNeededException(this, "a custom function that changes a tensor in place")
        : base.NoChange();

    public override string Describe(Tensor x) => $"BatchedTensor(lvl={Depth}, bdim=0, value={Batch(x)})";

    public override Exception NoMemory(Tensor x) => NoRule("an operator that reads memory directly");

    private Tensor? Wrapped(Tensor? values) => values is null ? null : Wrap(values);

    private LoopNeededException NoRule(string name) => new(this, name);

    private void Align(ref Tensor x, ref Tensor y)
    {
        var dtype = Promotion.ResultType(x, y);
        var rank = Math.Max(x.Rank, y.Rank);
        (x, y) = (Align(x, rank, dtype), Align(y, rank, dtype));
    }

    /// <summary>All samples of an operand with as many dimensions as the others have, in the common dtype that the samples' shapes ask for.</summary>
    private Tensor Align(Tensor x, int rank, DType dtype) =>

        // Promotion looks at ranks, and a batch of scalars is no scalar any more.
        Align(x.IsNumber || x.DType == dtype ? x : x.To(dtype), rank)!;

    /// <summary>All samples of a tensor with as many dimensions as the others have; null where there is none.</summary>
    private Tensor? Align(Tensor? x, int rank)
    {
        if (x is null || Batch(x) is not { } batch || x.Rank == rank)
        {
            return x is null ? null : Batch(x) ?? x;
        }

        var ones = new int[rank - x.Rank];
        Array.Fill(ones, 1);
        return batch.Reshape([size, .. ones, .. x.Layout.Sizes]);
    }
}
