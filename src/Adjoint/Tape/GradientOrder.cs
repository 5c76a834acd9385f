using Adjoint.Families;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>
/// Gives gradients that several threads accumulate the same bits in every run: those that one thread gives that takes the turns in the order of their
/// numbers. Nobody waits for anybody: what a later turn found is kept until all turns before it are over, and added then. See
/// <see cref="Autograd.OrderedAccumulation"/>.
/// </summary>
public sealed class GradientOrder : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, GradientTurn> _turns = [];
    private long _next;
    private bool _isAdding;
    private bool _isOver;

    internal GradientOrder()
    {
    }

    /// <summary>
    /// Begins a turn on this thread. Until it is disposed, backward passes of this thread keep what they would add to <see cref="Tensor.Grad"/> of
    /// leaves. Build the graph inside the turn too, or before all turns, so that the pass visits it in the same order every time.
    /// </summary>
    /// <param name="number">The place of this turn in the order: 0, 1, 2, and so on without gaps; each once.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="ArgumentException">The number was taken before.</exception>
    /// <exception cref="ObjectDisposedException">The order is over.</exception>
    public GradientTurn Turn(long number)
    {
        Limits.ThrowIfNegative(number);
        var turn = new GradientTurn(this);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isOver, this);
            if (number < _next || !_turns.TryAdd(number, turn))
            {
                throw new ArgumentException($"Turn {number} was taken before. Give each turn a number of its own.", nameof(number));
            }
        }

        turn.Begin();
        return turn;
    }

    /// <summary>Adds what is left, in order, also behind numbers that nobody took.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
        }

        AddAll();
    }

    /// <summary>Adds what is next in the order, as far as turns are over; one thread does it at a time.</summary>
    internal void AddAll()
    {
        while (TryNext() is { } turn)
        {
            try
            {
                turn.Add();
            }
            finally
            {
                _isAdding = false;
            }
        }
    }

    private GradientTurn? TryNext()
    {
        lock (_gate)
        {
            if (_isAdding)
            {
                return null;
            }

            // After the end nobody fills the gaps.
            var next = _isOver ? _turns.Where(turn => turn.Value.IsOver).Select(turn => turn.Key).DefaultIfEmpty(-1).Min() : _next;
            if (!_turns.TryGetValue(next, out var turn) || !turn.IsOver)
            {
                return null;
            }

            _turns.Remove(next);
            _next = next + 1;
            _isAdding = true;
            return turn;
        }
    }
}

/// <summary>One turn of a <see cref="GradientOrder"/>; disposing it hands its gradients over.</summary>
public sealed class GradientTurn : IDisposable
{
    [ThreadStatic]
    private static GradientTurn? s_current;

    private readonly GradientOrder _order;
    private readonly Queue<(AccumulateGrad Leaf, Tensor Gradient, bool Records)> _gradients = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private GradientTurn? _outer;

    internal GradientTurn(GradientOrder order) => _order = order;

    /// <summary>The turn of this thread; null nearly always.</summary>
    internal static GradientTurn? Current
    {
        get => s_current;
        set => s_current = value;
    }

    /// <summary>Whether nothing comes any more.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>Ends the turn. Its gradients are added now if all turns before it are over, by the turn that ends last of them otherwise.</summary>
    /// <exception cref="TensorException">It is another thread's, or a turn inside it has not ended.</exception>
    public void Dispose()
    {
        if (IsOver)
        {
            return;
        }

        if (_thread != Environment.CurrentManagedThreadId || s_current != this)
        {
            throw new TensorException(
                "A turn ends on the thread that began it and after all turns inside it. Do not await inside a turn; begin it with 'using' in the " +
                "method that computes.");
        }

        s_current = _outer;
        IsOver = true;
        _order.AddAll();
    }

    internal void Begin()
    {
        _outer = s_current;
        s_current = this;

        // Operations are visited in the order of their numbers: those of this turn come after all that were recorded before it, on whatever thread.
        Recording.StartAfterOthers();
    }

    /// <summary>Keeps a gradient under a name that nobody else has.</summary>
    internal void Keep(AccumulateGrad leaf, Tensor gradient, bool records)
    {
        var kept = gradient.IsTemporary ? gradient.HandOver() : records ? gradient.Clone() : Op.Copy(gradient);
        kept.IsTemporary = !records;
        TensorScope.Spare(kept);
        _gradients.Enqueue((leaf, kept, records));
    }

    internal void Add()
    {
        // The hooks of leaves may run passes of their own, which are no part of whatever turn this thread has.
        var turn = s_current;
        s_current = null;
        try
        {
            while (_gradients.TryDequeue(out var next))
            {
                var before = Recording.SetHere(next.Records);
                try
                {
                    next.Leaf.Add(next.Gradient, next.Records);
                }
                finally
                {
                    if (next.Gradient.IsTemporary)
                    {
                        next.Gradient.Storage.Release();
                    }

                    Recording.SetHere(before);
                }
            }
        }
        finally
        {
            s_current = turn;
        }
    }
}
