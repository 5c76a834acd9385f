namespace Adjoint.Kernels;

/// <summary>
/// Notes every generator that draws, or is set, while code runs, with the state it had before, so that the same draws can be made again: by the
/// chunks of a batch whose samples share random numbers, and by a checkpoint that runs its function again. It belongs to a logical flow and follows
/// <c>await</c>; notes that are taken inside of others reach those too.
/// </summary>
internal sealed class DrawnGenerators
{
    private static readonly AsyncLocal<DrawnGenerators?> Flow = new(static change => t_current = change.CurrentValue);

    [ThreadStatic]
    private static DrawnGenerators? t_current;

    private readonly Lock _gate = new();
    private readonly Dictionary<Generator, byte[]> _states = new(ReferenceEqualityComparer.Instance);
    private DrawnGenerators? _outer;
    private bool _isOver;

    /// <summary>Starts to note, until the scope is disposed.</summary>
    public Scope Begin()
    {
        _outer = Flow.Value;
        Flow.Value = this;
        return new Scope(this);
    }

    /// <summary>A generator is about to draw or to be set; whoever calls holds its lock.</summary>
    public static void Note(Generator generator)
    {
        for (var notes = t_current; notes is not null; notes = notes._outer)
        {
            notes.Add(generator);
        }
    }

    /// <summary>Puts all generators that were noted back to where they were then.</summary>
    public void Rewind()
    {
        foreach (var (generator, state) in States())
        {
            generator.SetState(state);
        }
    }

    /// <summary>The states now of all generators that were noted, for <see cref="Rewind"/> of the result.</summary>
    public DrawnGenerators Now()
    {
        var now = new DrawnGenerators();
        foreach (var (generator, _) in States())
        {
            now._states[generator] = generator.GetState();
        }

        return now;
    }

    private KeyValuePair<Generator, byte[]>[] States()
    {
        lock (_gate)
        {
            return [.. _states];
        }
    }

    private void Add(Generator generator)
    {
        lock (_gate)
        {
            if (!_isOver && !_states.ContainsKey(generator))
            {
                _states[generator] = generator.GetState();
            }
        }
    }

    /// <summary>Ends the notes; what was noted stays. The default has nothing to end.
    /// Flows that were started inside and go on are not heard any more.</summary>
    public readonly ref struct Scope
    {
        private readonly DrawnGenerators? _notes;

        internal Scope(DrawnGenerators notes) => _notes = notes;

        public void Dispose()
        {
            if (_notes is null)
            {
                return;
            }

            Flow.Value = _notes._outer;
            lock (_notes._gate)
            {
                _notes._isOver = true;
            }
        }
    }
}
