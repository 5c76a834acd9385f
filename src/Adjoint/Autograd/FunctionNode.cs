using Adjoint.Families;
using Adjoint.Tape;

namespace Adjoint.Engine;

/// <summary>A recorded custom function.</summary>
internal sealed class FunctionNode : MultiNode
{
    private readonly FunctionRule _rule;
    private readonly FunctionContext _context;
    private readonly Edge[] _edges;
    private readonly Layout[] _inputs;

    public FunctionNode(
        FunctionRule rule, FunctionContext context, Edge[] edges, Tensor[] inputs, Tensor[] outputs, bool[] isFollowed)
    {
        _rule = rule;
        _context = context;
        _edges = edges;
        _inputs = Array.ConvertAll(inputs, input => input.Layout);
        AttachAll(outputs, isFollowed, inputs);
        context.Seal(this);
    }

    public override string Name => _rule.Name;

    internal override string Operation => _rule.Operation;

    internal override int EdgeCount => _edges.Length;

    internal override Edge GetEdge(int index) => _edges[index];

    internal override void Pull(Puller puller, Tensor?[] gradients)
    {
        gradients = [.. gradients];
        for (var i = 0; i < gradients.Length; i++)
        {
            // The user's code may keep it.
            gradients[i]?.IsTemporary = false;
            if (gradients[i] is null && _context.MaterializesGrads)
            {
                gradients[i] = Op.Zeroed(LayoutOf(i), DTypeOf(i));
            }
        }

        for (var i = 0; i < _edges.Length; i++)
        {
            _context.Want(i, puller.Wants(_edges[i]));
        }

        var results = FunctionCall.Pull(_rule, _context, gradients, _edges.Length);
        var isRefused = _rule.IsOnceDifferentiable && Recording.IsOn;
        for (var i = 0; i < _edges.Length; i++)
        {
            if (results[i] is not { } gradient || _edges[i].Node is null)
            {
                continue;
            }

            FunctionCall.ThrowUnlessFits(Name, gradient.Layout, _inputs[i], i);
            gradient.IsTemporary = false;
            gradient = isRefused ? Refused(gradient, gradients) : gradient;
            puller.Give(_edges[i], gradient.IsNumber ? gradient.Clone() : gradient);
        }
    }

    internal override void Release() => _context.Release();

    internal override void ListSaved(List<Saved> list) => _context.ListSaved(list);

    /// <summary>A gradient that cannot be differentiated: whoever tries is told so.</summary>
    private Tensor Refused(Tensor gradient, Tensor?[] gradients)
    {
        var refused = gradient.Detach();
        var edges = Array.ConvertAll(gradients, output => output is null ? default : Edge.To(output));
        _ = new ErrorNode(
            $"trying to differentiate twice a function that was marked with @once_differentiable. In C#: {Name} sets IsOnceDifferentiable; write " +
            "its backward part in tensor operators and leave that out.",
            [.. edges, .. _edges],
            refused);
        return refused;
    }
}

/// <summary>Stands where a second derivative would go through a function that forbids it.</summary>
internal sealed class ErrorNode : Node
{
    private readonly string _message;
    private readonly Edge[] _edges;

    public ErrorNode(string message, Edge[] edges, Tensor output)
    {
        _message = message;
        _edges = edges;
        Attach(output);
    }

    public override string Name => "Error";

    internal override int EdgeCount => _edges.Length;

    internal override Edge GetEdge(int index) => _edges[index];

    internal override void Pull(Puller puller, Tensor gradient) => throw new AutogradException(_message);
}
