using Adjoint.Engine;
using Adjoint.Families;
using Adjoint.Interpreters;
using Adjoint.Tape;

namespace Adjoint.Transforms;

/// <summary>
/// Batches: every stand-in holds the values of all samples along a first dimension that the function does not see, and each family says how it runs
/// on all of them at once.
/// <para>
/// At an operator without such a rule, and where C# code asks for a number, the run goes on as that of the first sample alone: every stand-in becomes
/// this sample's own tensor when it is next looked at, and <see cref="Batching"/> then runs the function for the others. So a side effect happens
/// once for each sample, wherever it stands in the function.
/// </para>
/// </summary>
internal sealed class VmapInterpreter : Batch
{
    private readonly Randomness _randomness;
    private int _together;
    private bool _hasWarned;

    /// <summary>Follows a batch.</summary>
    /// <param name="size">How many samples there are.</param>
    /// <param name="randomness">What random operators do.</param>
    /// <param name="isSingle">Whether one of them runs alone from the start, on tensors of its own.</param>
    public VmapInterpreter(int size, Randomness randomness, bool isSingle = false)
        : base(size)
    {
        _randomness = randomness;
        IsSingle = isSingle;
    }

    public override string Name => "Vmap";

    public override Tensor[] Apply(FamilyOperation operation, Tensor[] inputs)
    {
        if (operation.Batch(this, inputs) is { } results)
        {
            return results;
        }

        GoOnWithOne(operation.Name);
        return operation.Run(inputs);
    }

    public override Tensor? Pull(FusedPull pull, Tensor g, Tensor? x, Tensor? y, Tensor? z)
    {
        var values = pull.Batch(this, g, x, y, z);
        return values is null ? null : Wrap(values);
    }

    public override Tensor Read(Tensor x, DType dtype)
    {
        GoOnWithOne("reading a number out of a tensor, such as by Item() or in an if");
        return x;
    }

    public override int? SamplesToDraw() => _randomness switch
    {
        Randomness.Same => null,
        Randomness.Different => IsSingle ? null : Size,
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
                $"vmap: a hook that was registered inside of the batch runs once for all {Size} samples, and it needs {needed.Reason}. Use " +
                "operators only, or register it outside.");
        }
        finally
        {
            _together--;
        }
    };

    public override bool Rewrites => !FunctionCall.IsRunning;

    public override Tracer Hold(Tensor x) => new(this, Spread(x), null);

    public override Exception NoChange() => FunctionCall.IsRunning
        ? Needed("a custom function that changes a tensor in place")
        : base.NoChange();

    public override Exception Captured() => new AutogradException(
        "vmap: inplace arithmetic(self, *extra_args) is not possible because there exists a Tensor `other` in extra_args that has more elements " +
        "than `self`. It would mutate a captured Tensor: `self` is from outside of the function and the same for all samples, `other` is another " +
        "for each. Change a Clone() that is made inside of the function, hand the tensor in as an argument, or use the out-of-place operator.");

    public override string Describe(Tensor x) => $"BatchedTensor(lvl={Depth}, bdim=0, value={Of(x)})";

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
            x.EnsureState().EnsureLife().Refuser = this;
        }

        if (!tracer.Value.IsStandIn && tracer.Value.MadeAt < Depth)
        {
            // The caller's memory.
            Keep(tracer.Sample);
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

        if (Size == 0)
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
                $"vmap: the function runs once for each of {Size} samples, because it needs {reason}. Results are the same; a function " +
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
    private void Keep(Tensor x) => (x.Base ?? x).EnsureState().EnsureLife().Refuser = this;
}
