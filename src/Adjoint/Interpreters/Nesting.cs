using Adjoint.Memory;

namespace Adjoint.Interpreters;

/// <summary>
/// How deep in transforms this logical flow is. Each transform has a depth of its own, and an operation's level says which transforms it belongs
/// to: an input of a reverse transform at depth d has level 2d, a leaf that is made inside depth d has 2d + 1, and a leaf from outside 0. That keeps
/// the derivatives of nested transforms apart, as tags do in the literature on perturbation confusion (Siskind and Pearlmutter 2005).
/// </summary>
internal static class Nesting
{
    /// <summary>As deep as levels can be told apart.</summary>
    private const int MaximumDepth = short.MaxValue / 4;

    private static readonly AsyncLocal<Frame?> Flow = new(static change =>
    {
        t_current = change.CurrentValue;
        TransformDepth.Here = t_current?.Depth ?? 0;
    });

    [ThreadStatic]
    private static Frame? t_current;

    /// <summary>How many transforms are running around this code.</summary>
    public static int Depth => t_current?.Depth ?? 0;

    /// <summary>The level of a leaf that is made here.</summary>
    public static short LeafLevel => t_current is { } frame ? (short)((2 * frame.Depth) + 1) : (short)0;

    /// <summary>Whether tensors here may be stand-ins, so that derivative formulas must be read with tensor operators.</summary>
    public static bool IsTracing => t_current is { IsTracing: true };

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

        TransformDepth.IsUsed = true;
        Flow.Value = new Frame(depth, interpreter is not null || outer is { IsTracing: true }, interpreter, outer);
        return new Scope(outer, interpreter, []);
    }

    /// <summary>
    /// Goes back into transforms whose functions have returned, outermost first, until the scope is disposed: a backward part that was written inside
    /// runs there, whoever calls it, so that it may use what the functions made. Inside of a transform nothing changes.
    /// </summary>
    public static Scope Resume(params scoped ReadOnlySpan<Interpreter> interpreters) => ResumeFrom(Flow.Value, interpreters);

    private static Scope ResumeFrom(Frame? outer, scoped ReadOnlySpan<Interpreter> interpreters)
    {
        var scope = new Scope(outer, null, []);
        try
        {
            foreach (var interpreter in interpreters)
            {
                if (interpreter.HasEnded && DepthOf(interpreter) == 0)
                {
                    // Deeper than all that runs now, because gradients may be followed by that, and not less deep than at first, because levels are
                    // told by depth.
                    Flow.Value = new Frame(Math.Max(interpreter.Depth, Depth + 1), IsTracing: true, interpreter, Flow.Value);
                    scope.Add(interpreter);
                    interpreter.Resumed();
                }
            }

            return scope;
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Goes back to where other code ran, until the scope is disposed: its transforms, resumed where they have ended,
    /// are around what is drawn here, and others are not.
    /// </summary>
    /// <param name="interpreters">What <see cref="Interpreters"/> was there.</param>
    public static Scope Recall(Interpreter[] interpreters)
    {
        var here = Flow.Value;
        if (here is null && interpreters.Length == 0)
        {
            return new Scope(here, null, []);
        }

        Flow.Value = new Frame(Depth, IsTracing || interpreters.Length > 0, null, here, HidesOthers: true);
        foreach (var interpreter in interpreters)
        {
            if (DepthOf(interpreter) > 0)
            {
                Flow.Value = new Frame(Depth, IsTracing: true, interpreter, Flow.Value);
            }
        }

        return ResumeFrom(here, interpreters);
    }

    /// <summary>How deep in transforms the code of one runs here; 0 if it does not.</summary>
    public static int DepthOf(Interpreter interpreter)
    {
        for (var frame = t_current; frame is { IsTracing: true }; frame = frame.Outer)
        {
            if (ReferenceEquals(frame.Interpreter, interpreter))
            {
                return frame.Depth;
            }
        }

        return 0;
    }

    /// <summary>The transforms that follow tensors here, outermost first.</summary>
    public static Interpreter[] Interpreters()
    {
        var running = new List<Interpreter>();
        for (var frame = t_current; frame is { IsTracing: true }; frame = frame.Outer)
        {
            if (frame.Interpreter is { } interpreter)
            {
                running.Add(interpreter);
            }
        }

        running.Reverse();
        return [.. running];
    }

    /// <summary>Random numbers as the batches around this code want them: for each sample its own, or the same for all.</summary>
    /// <param name="shape">The shape that the code asked for.</param>
    /// <param name="draw">Draws numbers of a shape.</param>
    /// <exception cref="TensorException">A batch refuses random operators.</exception>
    public static Tensor Random(ReadOnlySpan<int> shape, Func<int[], Tensor> draw)
    {
        var sizes = shape.ToArray();
        var batches = new Stack<Interpreter>();
        for (var frame = t_current; frame is { IsTracing: true, HidesOthers: false }; frame = frame.Outer)
        {
            if (frame.Interpreter is { } interpreter && interpreter.SamplesToDraw() is { } samples)
            {
                sizes = [samples, .. sizes];
                batches.Push(interpreter);
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
            for (var frame = t_current; frame is { IsTracing: true, HidesOthers: false }; frame = frame.Outer)
            {
                found |= frame.Interpreter?.SamplesToDraw() is not null;
            }

            return found;
        }
    }

    /// <summary>
    /// Checks that a tensor may be overwritten with random numbers: where they are others for each sample, it has to be one that was made inside.
    /// </summary>
    /// <exception cref="TensorException">A batch refuses random operators, or wants others for each sample.</exception>
    public static void ThrowIfRandomRefused(string name, Tensor x)
    {
        if (IsDrawnForEach && x.MadeAt == 0)
        {
            throw new TensorException(
                $"vmap: {name} cannot write different random numbers for each sample into a tensor that is the same for all. Use Tensor.Rand or " +
                "Tensor.Randn, which make a new one.");
        }
    }

    /// <summary>One transform that is running, or what hides those around from what is drawn.</summary>
    private sealed record Frame(int Depth, bool IsTracing, Interpreter? Interpreter, Frame? Outer, bool HidesOthers = false);

    /// <summary>Ends a transform, or what was resumed: what it followed and is still held somewhere is refused from then on.</summary>
    public readonly ref struct Scope
    {
        private readonly object? _outer;
        private readonly Interpreter? _interpreter;
        private readonly List<Interpreter> _resumed;

        internal Scope(object? outer, Interpreter? interpreter, List<Interpreter> resumed)
        {
            _resumed = resumed;
            _outer = outer;
            _interpreter = interpreter;
        }

        internal void Add(Interpreter resumed) => _resumed.Add(resumed);

        public void Dispose()
        {
            Flow.Value = (Frame?)_outer;
            _resumed.ForEach(interpreter => interpreter.Left());
            _interpreter?.End();
        }
    }
}
