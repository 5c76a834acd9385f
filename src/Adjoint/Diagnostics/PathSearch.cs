using Adjoint.Engine;
using Adjoint.Tape;

namespace Adjoint.Diagnostics;

/// <summary>
/// Looks for a way from a result back to a tensor: first through recorded nodes only,
/// then through operators that left none, in the order in which they are met.
/// </summary>
internal sealed class PathSearch
{
    private readonly Tensor _target;
    private readonly Node? _targetNode;
    private readonly Step? _targetStep;
    private readonly Dictionary<object, object?> _users = [];
    private readonly Queue<Node> _nodes = new();
    private readonly Queue<Step> _steps = new();

    private PathSearch(Tensor target)
    {
        _target = target;
        _targetNode = Edge.To(target).Node;
        _targetStep = _targetNode is null ? null : Provenance.StepOf(_targetNode);
    }

    /// <summary>Whether there is a way.</summary>
    public bool IsFound { get; private set; }

    /// <summary>What used the tensor itself before it required grad; null if nothing did.</summary>
    public Step? EarlyUser { get; private set; }

    /// <summary>The operator that cut the way, the one nearest to the tensor; null if the way is recorded throughout.</summary>
    public Step? Cut { get; private set; }

    /// <summary>The node that takes what was cut off; null if nothing was, or the result itself is.</summary>
    public Node? Taker { get; private set; }

    public static PathSearch Run(Tensor from, Tensor to)
    {
        var search = new PathSearch(to);
        if (Edge.To(from).Node is { } root)
        {
            search.Meet(root, null);
        }
        else if (Provenance.StepOf(from) is { } step)
        {
            search.Meet(step, null);
        }

        search.Run();
        return search;
    }

    private void Run()
    {
        while (!IsFound)
        {
            if (_nodes.TryDequeue(out var node))
            {
                Visit(node);
            }
            else if (_steps.TryDequeue(out var step))
            {
                Visit(step, step);
            }
            else
            {
                return;
            }
        }
    }

    private void Visit(Node node)
    {
        if (ReferenceEquals(node, _targetNode))
        {
            Found(node);
            return;
        }

        for (var i = 0; i < node.EdgeCount; i++)
        {
            if (node.GetEdge(i).Node is { } next)
            {
                Meet(next, node);
            }
        }

        if (node is not AccumulateGrad && Provenance.StepOf(node) is { } step)
        {
            Visit(node, step);
        }
    }

    /// <summary>Follows the inputs of a step, which stand behind a node or behind the step itself.</summary>
    private void Visit(object user, Step step)
    {
        if (step == _targetStep)
        {
            Found(user);
            return;
        }

        foreach (var source in step.Inputs)
        {
            if (source.Step is { } before)
            {
                // What is recorded behind a node is met as a node.
                if (user is Step || before.Kind != StepKind.Recorded)
                {
                    Meet(before, user);
                }
            }
            else if (source.Node is not null && source.Node.TryGetTarget(out var node))
            {
                Meet(node, user);
            }
            else if (source.Tensor is not null && source.Tensor.TryGetTarget(out var tensor) && ReferenceEquals(tensor, _target))
            {
                EarlyUser ??= step;
            }
        }
    }

    private void Meet(object step, object? user)
    {
        if (!_users.TryAdd(step, user))
        {
            return;
        }

        if (step is Node node)
        {
            _nodes.Enqueue(node);
        }
        else
        {
            _steps.Enqueue((Step)step);
        }
    }

    private void Found(object end)
    {
        IsFound = true;
        for (object? at = end; at is not null; at = _users[at])
        {
            if (at is Step { Kind: > StepKind.Passed } step)
            {
                Cut ??= step;
            }
            else if (at is Node node && Cut is not null)
            {
                Taker = node;
                break;
            }
        }

        // An operator that detaches its own inputs is named itself, by what it gives.
        for (object? at = Cut; Cut is { Kind: StepKind.Detached } && at is Step step && IsSameCall(step, Cut); at = _users[at])
        {
            if (!step.DType.IsFloatingPoint)
            {
                Cut = step with { Kind = StepKind.WholeNumbers };
            }
        }
    }

    private static bool IsSameCall(Step a, Step b) => a.Origin?.ToString() == b.Origin?.ToString();
}
