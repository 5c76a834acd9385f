using Adjoint.Interpreters;
using Adjoint.Kernels;
using Adjoint.Memory;
using Adjoint.Tape;

namespace Adjoint.Engine;

/// <summary>
/// One run of a checkpointed function. While it runs, each tensor that an operation saves leaves only its place in the order of saving. The first
/// reading of a place in a backward pass runs the function again, and what is then saved fills the places in the same order. A value is handed out
/// once: memory goes as the pass proceeds, and a further pass over a retained graph computes everything again.
/// <para>
/// Leaves that require grad are kept as they are and have no place: they exist anyway, and changes in place since are noticed. The frame holds its
/// places weakly, since operations that nothing depends on let theirs go; places hold the frame. Inputs are saved as by an operation outside, so that
/// a checkpoint around this one computes them again.
/// </para>
/// </summary>
internal sealed class CheckpointFrame : SavedHooks
{
    private readonly Lock _gate = new();
    private readonly List<WeakReference<Place>?> _places = [];
    private readonly Action<Tensor[]> _function;
    private readonly Saved[] _inputs;
    private readonly CheckpointOptions _options;
    private readonly DrawnGenerators _drawn = new();
    private readonly Interpreter[] _transforms;
    private int _needed;
    private bool _isComplete;

    public CheckpointFrame(Action<Tensor[]> function, Tensor[] inputs, CheckpointOptions options)
    {
        _function = function;
        _inputs = Array.ConvertAll(inputs, input => new Saved(input));
        _options = options;
        _transforms = Nesting.Interpreters();
    }

    public override bool TakesStandIns => true;

    /// <summary>Runs a function so that what it saves is computed again.</summary>
    public static Y Run<Y>(Func<Tensor[], Y> function, Tensor[] inputs, CheckpointOptions? options)
    {
        foreach (var input in inputs)
        {
            ArgumentNullException.ThrowIfNull(input, nameof(inputs));
        }

        if (!Recording.IsOn)
        {
            return function([.. inputs]);
        }

        var frame = new CheckpointFrame(given => function(given), inputs, options ?? new CheckpointOptions());
        return frame.Run(function, inputs, frame);
    }

    /// <summary>The first run.</summary>
    /// <param name="function">The function.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="hooks">This frame, or hooks that hand to it what is saved.</param>
    public Y Run<Y>(Func<Tensor[], Y> function, Tensor[] inputs, SavedHooks hooks)
    {
        var before = SavedHooksFlow.Enter(hooks);
        try
        {
            using var notes = _options.PreserveRngState ? _drawn.Begin() : default;
            var result = function([.. inputs]);
            _isComplete = true;
            return result;
        }
        finally
        {
            SavedHooksFlow.Leave(before);
        }
    }

    public override Packed? Pack(Tensor tensor)
    {
        if (StaysAsItIs(tensor))
        {
            return null;
        }

        lock (_gate)
        {
            if (_options.Policy?.Invoke(tensor.GradFn?.Name ?? string.Empty) is CheckpointPolicy.MustSave or CheckpointPolicy.PreferSave)
            {
                _places.Add(null);
                return null;
            }

            var place = new Place(this, tensor);
            _places.Add(new WeakReference<Place>(place));
            _needed = _places.Count;
            return place;
        }
    }

    /// <summary>A parameter.</summary>
    private static bool StaysAsItIs(Tensor tensor) => tensor is { IsLeaf: true, RequiresGrad: true };

    /// <summary>Runs the function again and fills the places.</summary>
    private void Recompute()
    {
        var second = new SecondRun(this);
        var inputs = Array.ConvertAll(_inputs, input => input.Read(nameof(Checkpoint)));

        // A batch of gradients is no reason to draw for each of its samples.
        using var scope = Nesting.Recall(_transforms);
        var hooks = SavedHooksFlow.EnterAlways(second);
        var recorded = Recording.SetHere(true);

        // What draws for the first time now goes back too.
        var goneOn = _drawn.Now();
        var notes = _options.PreserveRngState ? goneOn.Begin() : default;
        try
        {
            _drawn.Rewind();
            _function(inputs);
        }
        catch (StopException stop) when (ReferenceEquals(stop.Run, second))
        {
            // All there is to compute is there.
        }
        finally
        {
            notes.Dispose();
            goneOn.Rewind();
            Recording.SetHere(recorded);
            SavedHooksFlow.Leave(hooks);
        }

        second.ThrowIfDifferent();
    }

    /// <summary>The hooks of the second run: what is saved fills the places, and its own graph keeps it as it is.</summary>
    private sealed class SecondRun(CheckpointFrame frame) : SavedHooks
    {
        private readonly int _count = frame._places.Count;
        private readonly List<string> _differences = [];
        private AutogradException? _changed;
        private int _next;

        public override bool TakesStandIns => true;

        public override Packed? Pack(Tensor tensor)
        {
            if (StaysAsItIs(tensor))
            {
                return null;
            }

            var at = _next++;
            if (at >= _count)
            {
                return frame._isComplete && !frame._options.EarlyStop
                    ? throw new AutogradException(
                        "torch.utils.checkpoint: trying to save more tensors during recomputation than during the original forward pass. " +
                        $"The first run saved {_count}. {Advice}")
                    : null;
            }

            if (frame._places[at] is { } weak && weak.TryGetTarget(out var place))
            {
                Fill(at, place, tensor);
            }

            return frame._options.EarlyStop && _next >= frame._needed ? throw new StopException(this) : null;
        }

        public void ThrowIfDifferent()
        {
            if (_next < _count && !(frame._options.EarlyStop && _next >= frame._needed))
            {
                throw new AutogradException(
                    "torch.utils.checkpoint: A different number of tensors was saved during the original forward and recomputation.\n" +
                    $"Number of tensors saved during forward: {_count}\nNumber of tensors saved during recomputation: {_next}.\n{Advice}");
            }

            if (_differences.Count > 0)
            {
                throw new AutogradException(
                    "torch.utils.checkpoint: Recomputed values for the following tensors have different metadata than during the forward pass.\n" +
                    $"{string.Join('\n', _differences)}\n{Advice}");
            }

            if (_changed is not null)
            {
                throw _changed;
            }
        }

        private const string Advice =
            "The function must do the same both times: no branch on what changes in between, and random numbers from Generators only.";

        private static string Text(Layout layout, DType dtype) => $"shape {Shape.Text(layout.Sizes)}, dtype {dtype.TorchName}";

        private void Fill(int at, Place place, Tensor tensor)
        {
            if (!place.Layout.SameSizes(tensor.Layout) || place.DType != tensor.DType)
            {
                // Values of another shape are never handed out, whatever the options say.
                if (frame._options.DeterminismCheck == DeterminismCheck.Default)
                {
                    _differences.Add(
                        $"tensor at position {at}:\nsaved metadata: {Text(place.Layout, place.DType)}\n" +
                        $"recomputed metadata: {Text(tensor.Layout, tensor.DType)}");
                }
            }
            else if (frame._options.DeterminismCheck == DeterminismCheck.Default && tensor.Changes != place.SavedVersion)
            {
                _changed ??= Saved.Changed(nameof(Checkpoint), tensor, place.SavedVersion, tensor.GradFn);
            }

            place.Fill(tensor);
        }
    }

    /// <summary>Where a saved tensor was in the order of saving, and its value while a backward pass needs it.</summary>
    private sealed class Place(CheckpointFrame frame, Tensor tensor) : Packed(tensor)
    {
        private Tensor? _value;
        private int _filledVersion;

        public int SavedVersion { get; } = tensor.Changes;

        public override string Form => "checkpoint";

        public override long HeldBytes => Memory?.ByteLength ?? 0;

        public override Storage? Memory => _value is { IsStandIn: false } ? _value.Storage : null;

        public override object Owner => frame;

        public override IReadOnlyList<Saved> OwnersInputs => frame._inputs;

        public void Fill(Tensor value)
        {
            _value = value.Renamed();
            _filledVersion = value.Changes;
        }

        public override void Release() => _value = null;

        private protected override Tensor Unpack(string name)
        {
            lock (frame._gate)
            {
                if (_value is null)
                {
                    frame.Recompute();
                }

                var value = _value ?? throw new AutogradException($"torch.utils.checkpoint: the second run did not reach what {name} saved.");
                _value = null;

                // As without a checkpoint: what the function changes in place after an operation has saved it has no right gradient.
                return value.Changes == _filledVersion ? value : throw Saved.Changed(name, value, _filledVersion, Edge.Node);
            }
        }
    }

    /// <summary>Ends a second run that has computed all that is needed.</summary>
    private sealed class StopException(SecondRun run) : Exception("A checkpoint has computed again what it needs. Let this exception through.")
    {
        public SecondRun Run => run;
    }
}
