using Adjoint.Engine;
using Adjoint.Ops.Families;

namespace Adjoint.Transforms;

/// <summary>
/// Batches: every stand-in holds the values of all samples along a first dimension that the function does not see, and each family has one rule that runs
/// the operator on all of them at once.
/// <para>
/// At an operator without such a rule, and where C# code asks for a number, the run goes on as that of the first sample alone: every stand-in becomes this
/// sample's own tensor when it is next looked at, and <see cref="Batching"/> then runs the function for the others. So a side effect happens once for
/// each sample, wherever it stands in the function.
/// </para>
/// </summary>
internal sealed class VmapInterpreter : Interpreter
{
    private readonly int size;
    private readonly Randomness randomness;
    private int _together;
    private bool _hasWarned;

    /// <summary>Follows a batch.</summary>
    /// <param name="size">How many samples there are.</param>
    /// <param name="randomness">What random operators do.</param>
    /// <param name="isSingle">Whether one of them runs alone from the start, on tensors of its own.</param>
    public VmapInterpreter(int size, Randomness randomness, bool isSingle = false)
    {
        this.size = size;
        this.randomness = randomness;
        IsSingle = isSingle;
    }

    public override string Name => "Vmap";

    /// <summary>How many samples there are.</summary>
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

    public override Tensor Linear<O>(O op, Tensor x)
    {
        if (op.Batch(Batch(x)!) is { } y)
        {
            return Wrap(y);
        }

        GoOnWithOne(typeof(O).Name);
        return Op.Linear(op, x);
    }

    public override Tensor Indexed<O>(O op, Tensor x, Tensor positions) => Wrap(op.Batch(Spread(x), Spread(positions)));

    public override Tensor Join<O>(O op, Tensor[] inputs)
    {
        var dtype = Promotion.ResultType(inputs);
        if (op.Batch(Array.ConvertAll(inputs, input => Spread(input).To(dtype))) is { } y)
        {
            return Wrap(y);
        }

        GoOnWithOne(typeof(O).Name);
        return Op.Join(op, inputs);
    }

    public override Tensor Bilinear<O>(O op, Tensor x, Tensor y, Tensor? addend)
    {
        var (a, b) = (Batch(x), Batch(y));
        if (a is null && b is null)
        {
            return Op.Bilinear(op, x, y) + op.SpreadAddend(addend!);
        }

        if (op.Batch(a ?? x, a is not null, b ?? y, b is not null) is { } product)
        {
            var z = Wrap(product);
            return addend is null ? z : z + op.SpreadAddend(addend);
        }

        GoOnWithOne(typeof(O).Name);
        return Op.Bilinear(op, x, y, addend);
    }

    public override Tensor Reduce<O>(O op, Tensor x, bool[] reduced, bool keepDim) =>
        Wrap(Op.Reduce(op, Batch(x)!, [false, .. reduced], keepDim));

    public override Tensor Primitive<O>(O op, Tensor x)
    {
        if (op.Batch(Batch(x)!) is { } y)
        {
            return Wrap(y);
        }

        GoOnWithOne(typeof(O).Name);
        return Op.Primitive(op, x);
    }

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

    public override Tensor Read(Tensor x, DType dtype)
    {
        GoOnWithOne("reading a number out of a tensor, such as by Item() or in an if");
        return x;
    }

    public override int? SamplesToDraw() => randomness switch
    {
        Randomness.Same => null,
        Randomness.Different => IsSingle ? null : size,
        _ => throw new TensorException(
            "vmap: called random operation while in randomness error mode. Please either use the 'same' or 'different' randomness flags on vmap " +
            "or perform the randomness operation out of vmap. In C#: Vmap(f, randomness: Randomness.Different)."),
    };

    public override Tensor Samples(Tensor values) => Wrap(values);

    public override Func<Tensor, Tensor?> Within(Func<Tensor, Tensor?> hook) => gradient =>
    {
        using var scope = Nesting.Resume(this);
        _together++;
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
        finally
        {
            _together--;
        }
    };

    public override Exception NoChange() => FunctionCall.IsRunning
        ? Needed("a custom function that changes a tensor in place")
        : base.NoChange();

    public override string Describe(Tensor x) => $"BatchedTensor(lvl={Depth}, bdim=0, value={Batch(x)})";

    public override Exception? NoMemory(Tensor x)
    {
        GoOnWithOne("an operator that reads memory directly");
        return null;
    }

    public override Tensor SampleOf(Tensor x, Tracer tracer)
    {
        tracer.Sample ??= Sample(tracer.Value);
        if (tracer.Sample.Base is null)
        {
            Keep(x);
        }

        if (Edge.To(x).Node is not null)
        {
            // What else shares the memory has a history of its own inside of the batch, which a change in place would not reach.
            Keep(tracer.Sample);
        }

        return tracer.Sample;
    }

    public override void Refuse() => throw Needed("to change in place what it has made");

    /// <summary>From here on this is the run of the first sample.</summary>
    private void GoOnWithOne(string reason)
    {
        if (IsSingle)
        {
            return;
        }

        if (size == 0)
        {
            throw new TensorException($"vmap: there are no samples, and the function needs {reason}, which all samples cannot do at once.");
        }

        // What runs for all samples at once cannot go on with one of them.
        var needed = Needed(reason);
        if (HasEnded || _together > 0 || FunctionCall.IsRunning)
        {
            throw needed;
        }

        IsSingle = true;
    }

    /// <summary>What says that the function has to run once for each sample; the first time a warning does too.</summary>
    private LoopNeededException Needed(string reason)
    {
        if (!HasEnded && !_hasWarned)
        {
            _hasWarned = true;
            Autograd.Warn(
                $"vmap: the function runs once for each of {size} samples, because it needs {reason}. Results are the same; a function " +
                "of operators only, with Tensor.Where instead of if, runs on all samples at once.");
        }

        return new(this, reason);
    }

    /// <summary>The first sample of a batch. Outside of it everything is recorded that was, whatever mode the function has chosen by now.</summary>
    private Tensor Sample(Tensor values)
    {
        var before = Recording.SetHere(true);
        try
        {
            var sample = values.Select(0, 0);
            if (values.Layout is { IsContiguous: true, Offset: 0 })
            {
                return sample;
            }

            // Whoever looked at the stand-in saw a dense tensor, and may have shared its memory as one.
            Keep(values);
            return sample.Clone();
        }
        finally
        {
            Recording.SetHere(before);
        }
    }

    /// <summary>Has a change in place of this memory run the first sample again.</summary>
    private void Keep(Tensor x) => (x.Base ?? x).EnsureState().Refuser = this;

    private Tensor? Wrapped(Tensor? values) => values is null ? null : Wrap(values);

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
