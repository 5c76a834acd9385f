using System.Runtime.CompilerServices;

namespace Adjoint.Watching;

/// <summary>
/// Where the engine tells diagnostics what it does. While no diagnostic is on anywhere in the process, each place that tells costs one test of
/// <see cref="IsOn"/>; who listens follows <c>await</c> as grad mode does.
/// </summary>
internal static class Observation
{
    /// <summary>Whether anyone listens, perhaps in another flow. A field without initialiser, so that reading it needs no check.</summary>
    public static bool IsOn;

    /// <summary>Who listens in this logical flow; those around it follow <see cref="Observer.Outer"/>.</summary>
    public static Observer? Current => Listening.Current;

    /// <summary>Whether anyone listens in this logical flow.</summary>
    public static bool IsHere => IsOn && Listening.Current is not null;

    /// <inheritdoc cref="Recorded(Node, Tensor, ReadOnlySpan{Tensor?})"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Recorded(Node node, Tensor output, Tensor? x, Tensor? y, Tensor? z)
    {
        ReadOnlySpan<Tensor?> inputs = [x, y, z];
        Recorded(node, output, inputs[..Math.Min(inputs.Length, node.EdgeCount)]);
    }

    /// <summary>A node was recorded as the history of a tensor.</summary>
    /// <param name="node">The node.</param>
    /// <param name="output">What it made; the first result of several.</param>
    /// <param name="inputs">What it was made from, as far as is known, one for each edge, and then those that have none.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Recorded(Node node, Tensor output, ReadOnlySpan<Tensor?> inputs)
    {
        for (var observer = Current; observer is not null; observer = observer.Outer)
        {
            observer.Recorded(node, output, inputs);
        }
    }

    /// <summary>An operator ran and left no node.</summary>
    /// <param name="operation">Its name.</param>
    /// <param name="output">What it made.</param>
    /// <param name="inputs">What it was made from.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Unrecorded(string operation, Tensor output, ReadOnlySpan<Tensor?> inputs)
    {
        for (var observer = Current; observer is not null; observer = observer.Outer)
        {
            observer.Unrecorded(operation, output, inputs);
        }
    }

    /// <inheritdoc cref="Unrecorded(string, Tensor, ReadOnlySpan{Tensor?})"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Unrecorded(Type operation, Tensor output, Tensor x) => Unrecorded(operation.Name, output, [x]);

    /// <inheritdoc cref="Unrecorded(string, Tensor, ReadOnlySpan{Tensor?})"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Unrecorded(Type operation, Tensor output, Tensor x, Tensor y) => Unrecorded(operation.Name, output, [x, y]);

    /// <inheritdoc cref="Unrecorded(string, Tensor, ReadOnlySpan{Tensor?})"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Unrecorded(Type operation, Tensor output, Tensor x, Tensor y, Tensor? z) =>
        Unrecorded(operation.Name, output, [x, y, z]);

    /// <summary>A tensor was given another name without history.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Detached(Tensor output, Tensor input)
    {
        for (var observer = Current; observer is not null; observer = observer.Outer)
        {
            observer.Detached(output, input);
        }
    }

    /// <summary>An operator changed the contents of a tensor, whose version is the new one.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="operation">The method that changed it, or the name of its derivative.</param>
    /// <param name="isRecorded">A node for the change follows.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Changed(Tensor x, string operation, bool isRecorded)
    {
        for (var observer = Current; observer is not null; observer = observer.Outer)
        {
            observer.Changed(x, operation, isRecorded);
        }
    }

    /// <summary>An operator changed the contents of a tensor.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Changed(Tensor x, Type operation, bool isRecorded)
    {
        if (Current is not null)
        {
            Changed(x, operation.Name + "_", isRecorded);
        }
    }

    /// <summary>A backward pass starts.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Began(Edge[] roots)
    {
        for (var observer = Current; observer is not null; observer = observer.Outer)
        {
            observer.Began(roots);
        }
    }
}
