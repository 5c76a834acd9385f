using System.Runtime.CompilerServices;

namespace Adjoint.Tape;

/// <summary>
/// What happens to tensors that operations save for the backward pass, in one logical flow. Only the innermost hooks count. While no scope is open
/// anywhere in the process, a recorded operation pays one test of <see cref="Scopes"/>.
/// </summary>
internal abstract class SavedHooks
{
    /// <summary>How many scopes are open in the process. A field without initialiser, so that reading it needs no check.</summary>
    public static int Scopes;

    /// <summary>The hooks that are packing or unpacking on this thread.</summary>
    [ThreadStatic]
    private static SavedHooks? t_running;

    /// <summary>Whether they keep stand-ins inside of transforms too, which have no values of their own.</summary>
    public virtual bool TakesStandIns => false;

    /// <summary>Keeps a tensor in another form.</summary>
    /// <returns>Null if it is to be kept as it is.</returns>
    public abstract Packed? Pack(Tensor tensor);

    /// <summary>What the hooks of this flow make of a tensor; null if it is to be kept as it is.</summary>
    /// <exception cref="AutogradException">A transform follows the tensor.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Packed? Save(Tensor tensor)
    {
        // A plain number of C# is no tensor to its user.
        if (SavedHooksFlow.Current is not { Hooks: { } hooks } || tensor.IsNumber || ReferenceEquals(hooks, t_running))
        {
            return null;
        }

        return tensor.Tracer is { } tracer && !hooks.TakesStandIns
            ? throw new AutogradException(
                $"torch.func transforms don't yet support saved tensor hooks. Transform.{tracer.Owner.Name} follows the tensor that is saved here, " +
                "which has no values of its own: open the scope of the hooks, or run the checkpoint, outside of the transform.")
            : PackOnce(hooks, tensor);
    }

    /// <summary>Runs a function of hooks, in which they pack nothing themselves: one that differentiates would call itself without end.</summary>
    public static R Alone<R>(SavedHooks hooks, Func<R> function)
    {
        var before = t_running;
        t_running = hooks;
        try
        {
            return function();
        }
        finally
        {
            t_running = before;
        }
    }

    private static Packed? PackOnce(SavedHooks hooks, Tensor tensor)
    {
        var before = t_running;
        t_running = hooks;
        try
        {
            return hooks.Pack(tensor);
        }
        finally
        {
            t_running = before;
        }
    }
}

/// <summary>The hooks of each logical flow, and whether new ones are refused.</summary>
internal static class SavedHooksFlow
{
    private static readonly AsyncLocal<Frame?> Flow = new();

    public static Frame? Current => Flow.Value;

    /// <summary>Puts hooks inside of those that are there.</summary>
    /// <returns>What <see cref="Leave"/> takes.</returns>
    /// <exception cref="AutogradException">A scope refuses hooks.</exception>
    public static Frame Enter(SavedHooks hooks) =>
        Flow.Value is { Refusal: { } message } ? throw new AutogradException(message) : Set(new Frame(hooks, null, Flow.Value));

    /// <summary>Puts hooks of the engine's own, which nothing refuses.</summary>
    public static Frame EnterAlways(SavedHooks? hooks) => Set(new Frame(hooks, null, Flow.Value));

    /// <summary>Refuses hooks from here on.</summary>
    /// <exception cref="AutogradException">There are some.</exception>
    public static Frame Refuse(string message) =>
        Flow.Value is { Hooks: not null } ? throw new AutogradException(message) : Set(new Frame(null, message, Flow.Value));

    /// <summary>Ends what holds in a scope and in those inside of it; does nothing in a flow where it has ended, or that it does not reach.</summary>
    /// <param name="frame">What was entered.</param>
    /// <param name="isLast">Whether the scope is counted no more.</param>
    public static void Leave(Frame frame, bool isLast = true)
    {
        for (var open = Flow.Value; open is not null; open = open.Outer)
        {
            if (ReferenceEquals(open, frame))
            {
                Flow.Value = frame.Outer;
                break;
            }
        }

        if (isLast)
        {
            Interlocked.Decrement(ref SavedHooks.Scopes);
        }
    }

    private static Frame Set(Frame frame)
    {
        Flow.Value = frame;
        Interlocked.Increment(ref SavedHooks.Scopes);
        return frame;
    }

    /// <summary>What holds in one scope.</summary>
    /// <param name="Hooks">The hooks; null for none.</param>
    /// <param name="Refusal">Why hooks are refused; null if they are not.</param>
    /// <param name="Outer">What holds around it.</param>
    public sealed record Frame(SavedHooks? Hooks, string? Refusal, Frame? Outer);
}
