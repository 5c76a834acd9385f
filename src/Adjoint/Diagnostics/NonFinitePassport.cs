using System.Globalization;
using System.Text;
using Adjoint.Diagnostics;
using Adjoint.Families;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>How a value that is not finite came to be.</summary>
public enum NonFiniteCause
{
    /// <summary>An operator made it from finite inputs.</summary>
    Forward,

    /// <summary>An operator left it in the tensor that it changed in place.</summary>
    InPlace,

    /// <summary>It was in an input that no operator made: data, a parameter, or a number.</summary>
    Input,

    /// <summary>The backward part of an operator made it from finite gradients.</summary>
    Backward,

    /// <summary>It was in the gradient that a backward pass was started with, or in the sum of finite gradients.</summary>
    Gradient,
}

/// <summary>
/// The first value that was not finite: the operator that made it, with what it was made from, the line that called the operator, and the way from
/// there to the loss. <see cref="ToString"/> tells all of it.
/// </summary>
public sealed class NonFinitePassport
{
    private readonly WeakReference<Node>? _node;

    internal NonFinitePassport(
        NonFiniteCause cause, string operation, int index, Node? node, Origin? origin, ValueRange value, ValueRange?[] inputs, ValueRange? result)
    {
        Cause = cause;
        Operation = operation;
        Index = index;
        Origin = origin;
        Value = value;
        Inputs = inputs;
        Result = result;
        _node = node is null ? null : new WeakReference<Node>(node);
    }

    /// <summary>How it came to be.</summary>
    public NonFiniteCause Cause { get; }

    /// <summary>The operator, such as <c>Log</c>; its derivative, such as <c>LogBackward0</c>, if it came to be in a backward pass.</summary>
    public string Operation { get; }

    /// <summary>Where the operator was called; null if it is not known.</summary>
    public Origin? Origin { get; }

    /// <summary>The value that is not finite: a result, an input, or a gradient.</summary>
    public ValueRange Value { get; }

    /// <summary>The inputs of the operator in the forward pass; null for those that nobody saw.</summary>
    public IReadOnlyList<ValueRange?> Inputs { get; }

    /// <summary>The steps from the operator to the loss, with their lines; empty if no loss was reached, or nothing was recorded.</summary>
    public IReadOnlyList<string> Path { get; private set; } = [];

    /// <summary>Which input of the operator the value belongs to; 0 for results.</summary>
    internal int Index { get; }

    /// <summary>The result in the forward pass, where <see cref="Value"/> is something else.</summary>
    internal ValueRange? Result { get; }

    /// <summary>What happened, in one sentence and a line for each value.</summary>
    public override string ToString()
    {
        var count = Count(Value.NaNs, "NaN", "NaN") + (Value.NaNs > 0 && Value.Infinities > 0 ? " and " : string.Empty) +
            Count(Value.Infinities, "infinite value", "infinite values");
        var text = new StringBuilder();
        text.Append(Cause switch
        {
            NonFiniteCause.Forward => $"{Operation} made {count} in the forward pass",
            NonFiniteCause.InPlace => $"{Operation} left {count} in the tensor that it changed",
            NonFiniteCause.Input => $"{Operation} got {count} in its input {Index}, which came from no operator",
            NonFiniteCause.Backward => $"{Operation} made {count} in the gradient of its input {Index}, in the backward pass",
            _ => $"{Operation} got {count} in the gradient of its result, from the start of the pass or as a sum of gradients",
        });
        text.Append(Origin is null ? "." : $"; it was called at {Origin}.");
        text.Append('\n').Append(Cause switch
        {
            NonFiniteCause.Forward or NonFiniteCause.InPlace => "  result: ",
            NonFiniteCause.Input => $"  input {Index}: ",
            NonFiniteCause.Backward => $"  gradient of input {Index}: ",
            _ => "  gradient of the result: ",
        }).Append(Value);
        for (var i = 0; i < Inputs.Count; i++)
        {
            if (Cause != NonFiniteCause.Input || i != Index)
            {
                text.Append("\n  input ").Append(CultureInfo.InvariantCulture, $"{i}: ").Append(Inputs[i]?.ToString() ?? "not known");
            }
        }

        if (Result is not null)
        {
            text.Append("\n  result: ").Append(Result);
        }

        if (Path.Count > 0)
        {
            text.Append("\n  path to the loss: ").AppendJoin(" -> ", Path);
        }

        return text.ToString();
    }

    /// <summary>Finds the way to a loss; <see cref="Path"/> holds it if there is one.</summary>
    /// <param name="loss">A tensor that was computed from the value.</param>
    public void Trace(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (Edge.To(loss).Node is { } root)
        {
            Trace([root]);
        }
    }

    internal void Trace(IEnumerable<Node> roots)
    {
        if (_node is not null && _node.TryGetTarget(out var node))
        {
            Path = [.. GraphWalk.Path(node, roots).Select(step => step.Origin is null ? step.Name : $"{step.Name} at {step.Origin}")];
        }
    }

    private static string Count(long count, string one, string many) => count == 0 ? string.Empty : $"{count} {(count == 1 ? one : many)}";
}

/// <summary>A value that is not finite was made while <see cref="Diagnose.WatchNonFinite"/> asked to be told so.</summary>
public sealed class NonFiniteException : TensorException
{
    /// <summary>Makes an exception without a message.</summary>
    public NonFiniteException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public NonFiniteException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public NonFiniteException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal NonFiniteException(NonFinitePassport passport)
        : base(passport.ToString()) => Passport = passport;

    /// <summary>The value and how it came to be.</summary>
    public NonFinitePassport? Passport { get; }
}
