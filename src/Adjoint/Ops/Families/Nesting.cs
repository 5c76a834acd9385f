namespace Adjoint.Ops.Families;

/// <summary>
/// How deep in transforms this logical flow is. Each transform has a depth of its own, and an operation's level says which transforms it belongs
/// to: an input of a reverse transform at depth d has level 2d, a leaf that is made inside depth d has 2d + 1, and a leaf from outside 0. That keeps
/// the derivatives of nested transforms apart, as tags do in the literature on perturbation confusion (Siskind and Pearlmutter 2005).
/// </summary>
internal static class Nesting
{
    /// <summary>As deep as levels can be told apart.</summary>
    private const int MaximumDepth = short.MaxValue / 4;

    private static readonly AsyncLocal<Frame?> Flow = new(static change => t_current = change.CurrentValue);

    [ThreadStatic]
    private static Frame? t_current;

    /// <summary>How many transforms are running around this code.</summary>
    public static int Depth => t_current?.Depth ?? 0;

    /// <summary>The level of a leaf that is made here.</summary>
    public static short LeafLevel => t_current is { } frame ? (short)((2 * frame.Depth) + 1) : (short)0;

    /// <summary>Whether tensors here may be stand-ins, so that derivative formulas must be read with tensor operators.</summary>
    public static bool IsTracing => t_current is { IsTracing: true };

    /// <summary>The transforms around this code, for <see cref="Return"/>.</summary>
    public static object? Place => t_current;

    /// <summary>Goes to where other code ran, until the scope is disposed.</summary>
    /// <param name="place">What <see cref="Place"/> was there.</param>
    public static Scope Return(object? place)
    {
        var here = Flow.Value;
        Flow.Value = (Frame?)place;
        return new Scope(here, null);
    }

    /// <summary>Goes one level deeper, until the scope is disposed.</summary>
    /// <param name="interpreter">The transform, if it follows tensors; null if the tape does.</param>
    public static Scope Enter(Interpreter? interpreter)
    {
        var outer = Flow.Value;
        var depth = (outer?.Depth ?? 0) + 1;
        if (depth > MaximumDepth)
        {
            throw new TensorException($"Transforms are nested more than {MaximumDepth} deep.");
        }

        Flow.Value = new Frame(depth, interpreter is not null || outer is { IsTracing: true }, interpreter, outer);
        return new Scope(outer, interpreter);
    }

    /// <summary>Random numbers as the batches around this code want them: for each sample its own, or the same for all.</summary>
    /// <param name="shape">The shape that the code asked for.</param>
    /// <param name="draw">Draws numbers of a shape.</param>
    /// <exception cref="TensorException">A batch refuses random operators.</exception>
    public static Tensor Random(ReadOnlySpan<int> shape, Func<int[], Tensor> draw)
    {
        var sizes = shape.ToArray();
        var batches = new Stack<Interpreter>();
        for (var frame = t_current; frame is { IsTracing: true }; frame = frame.Outer)
        {
            if (frame.Interpreter?.SamplesToDraw() is { } samples)
            {
                sizes = [samples, .. sizes];
                batches.Push(frame.Interpreter);
            }
        }

        var drawn = draw(sizes);
        while (batches.TryPop(out var batch))
        {
            drawn = batch.Samples(drawn);
        }

        return drawn;
    }

    /// <summary>Whether a batch around this code wants other random numbers for each sample.</summary>
    /// <exception cref="TensorException">A batch refuses random operators.</exception>
    public static bool IsDrawnForEach
    {
        get
        {
            var found = false;
            for (var frame = t_current; frame is { IsTracing: true }; frame = frame.Outer)
            {
                found |= frame.Interpreter?.SamplesToDraw() is not null;
            }

            return found;
        }
    }

    /// <summary>Checks that a tensor may be overwritten with random numbers, which are the same for all samples of batches around.</summary>
    /// <exception cref="TensorException">A batch refuses random operators, or wants others for each sample.</exception>
    public static void ThrowIfRandomRefused(string name)
    {
        if (IsDrawnForEach)
        {
            throw new TensorException(
                $"vmap: {name} cannot write different random numbers for each sample into a tensor that is the same for all. Use Tensor.Rand or " +
                "Tensor.Randn, which make a new one.");
        }
    }

    /// <summary>One transform that is running.</summary>
    private sealed record Frame(int Depth, bool IsTracing, Interpreter? Interpreter, Frame? Outer);

    /// <summary>Ends a transform: what it followed and is still held somewhere is refused from then on.</summary>
    public readonly ref struct Scope
    {
        private readonly object? _outer;
        private readonly Interpreter? _interpreter;

        internal Scope(object? outer, Interpreter? interpreter)
        {
            _outer = outer;
            _interpreter = interpreter;
        }

        public void Dispose()
        {
            Flow.Value = (Frame?)_outer;
            _interpreter?.End();
        }
    }
}
